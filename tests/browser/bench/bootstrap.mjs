// A tablet that joins a programme with years behind it, on a slow processor.

import { ProtocolDevice, marks } from "../lib/protocol.mjs";
import { eventually } from "../lib/wait.mjs";

/** How much slower the processor is. */
const RATE = 6;

/** Keeps hold of the client's memory, whose size tells what it takes. */
async function watchMemory(device) {
  await device.context.addInitScript(() => {
    const instantiate = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...given) => {
      const made = await instantiate.apply(WebAssembly, given);
      // Parts that come later have none of their own.
      globalThis.clientMemory ??= made.instance.exports.memory;
      return made;
    };
  });
}

/** Seconds for which the page's main thread has worked so far. */
async function worked(session) {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration").value;
}

/** Writes the tablet's blocks once more into a database of their own, in one transaction. */
async function writeBlocks(page) {
  return page.evaluate(async () => {
    const done = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const open = (name) => {
      const opening = indexedDB.open(name, name === "wellfield" ? undefined : 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("blocks");
      return done(opening);
    };
    const [from, to] = [await open("wellfield"), await open("bench")];
    const store = from.transaction("blocks").objectStore("blocks");
    const [names, rows] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
    const began = performance.now();
    const writing = to.transaction("blocks", "readwrite");
    names.forEach((name, index) => writing.objectStore("blocks").put(rows[index], name));
    writing.commit();
    await new Promise((resolve, reject) => {
      writing.oncomplete = resolve;
      writing.onabort = () => reject(writing.error);
    });
    return performance.now() - began;
  });
}

export function bootstrap({ newServer, newDevice, throttle, countBytes, held, tell, round, events }) {
  return async (template) => {
    const server = await newServer(template);
    const seeder = await ProtocolDevice.enrol(server.base, await server.code("coordinator"), "Seeder");
    const places = await seeder.populate({ sessions: 200, people: 500 });
    await seeder.push(marks({ ...seeder, by: seeder.staff, ...places, firstN: seeder.n + 1, count: events, at: Date.now() - 86_400_000 }));
    const device = await newDevice();
    await watchMemory(device);
    const { page } = device;
    await device.fillInEnrolment(server);
    await device.keepSafe();
    const session = await device.context.newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    const release = await throttle(device, RATE);
    const wire = countBytes(device);
    const joins = (what, value, unit, aim) => tell(`a tablet joins ${events} events: ${what}, ${RATE}× slower`, value, unit, aim);
    const before = await worked(session);
    const began = performance.now();
    const seconds = () => round((performance.now() - began) / 1000);
    const work = async () => round((await worked(session)) - before, 2);
    // From the tap that sets the tablet up. Looking for things on a page as the tests do takes longer
    // on this processor than what is measured, so here it is looked at seldom and simply.
    await page.evaluate(() => document.querySelector("form").requestSubmit());
    await eventually(() => page.evaluate(() => document.querySelector("#main a[href*='/session/']") !== null), { within: 60_000, every: 300, what: "today's sessions" });
    joins("today's sessions on screen", seconds(), "s");
    await eventually(async () => (await held(device)) >= events, { within: 300_000, every: 700, what: "everything on the disk" });
    joins("all of them on its disk", seconds(), "s");
    joins("time that its processor worked until then", await work(), "s", "≤ 3");
    tell(`a tablet joins ${events} events: bytes on the wire`, round((await wire()).down / 1e6, 2), "MB", "≤ 4");
    // "Check this" needs everything that there is, so it is there once everything was added up.
    await page.evaluate(() => {
      history.pushState({}, "", "/app/check");
      dispatchEvent(new PopStateEvent("popstate"));
    });
    await eventually(() => page.evaluate(() => document.querySelector(".app-empty, .app-check") !== null), { within: 120_000, every: 700, what: "everything added up" });
    joins("everything added up", seconds(), "s");
    joins("time that its processor worked until then too", await work(), "s");
    tell("memory of the client with all of it", round((await page.evaluate(() => globalThis.clientMemory?.buffer.byteLength ?? NaN)) / 1e6, 1), "MB", "≤ 60");
    tell(`${events} events in blocks, written in one transaction, ${RATE}× slower`, round(await writeBlocks(page), 0), "ms", "≤ 1000");
    await release();
    await device.close();
    await server.stop();
  };
}
