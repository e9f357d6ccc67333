// Measures the client in Chromium with the real server, beside PouchDB doing the same work.
//
//   WELLFIELD_BIN  the server's binary; a release build, as `cargo xtask bench` makes it
//   CHROMIUM       the browser (default /usr/bin/chromium)
//   ONLY           measures whose name contains this (taps, starts, bytes, bootstrap, serving, report, sync)
//   EVENTS         how many events the large tablet holds (default 100000)
//   ANSWERS        how many answers a report is over (default 20000)
//   MARKS          how many marks are sent (default 10000)
//
// Prints a table for people, then one line of JSON. It judges nothing.

import { spawn } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { bootstrap } from "./bench/bootstrap.mjs";
import { report } from "./bench/report.mjs";
import { serving } from "./bench/serving.mjs";
import { Device } from "./lib/device.mjs";
import { decode, identifier } from "./lib/cbor.mjs";
import { ProtocolDevice, marks } from "./lib/protocol.mjs";
import { allSent, openRegister, sendNow } from "./lib/screens.mjs";
import { Server, makeTemplate } from "./lib/server.mjs";
import { OpenedVault } from "./lib/vault.mjs";
import { eventually, seen } from "./lib/wait.mjs";

const EVENTS = Number(process.env.EVENTS ?? 100_000);
const ANSWERS = Number(process.env.ANSWERS ?? 20_000);
const MARKS = Number(process.env.MARKS ?? 10_000);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "wellfield-bench-"));
const rows = [];
const closers = [];

/** Keeps a figure, and says it at once. */
function tell(name, value, unit, aim) {
  rows.push({ name, value, unit, ...(aim && { aim }) });
  console.log(`  ${name.padEnd(66)} ${String(value).padStart(10)} ${unit.padEnd(7)} ${aim ?? ""}`);
}

const round = (value, digits = 1) => Number(value.toFixed(digits));
const quantile = (values, part) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))];
const median = (values) => quantile(values, 0.5);

let made = 0;
async function newDevice(options) {
  const device = new Device(path.join(folder, `profile-${(made += 1)}`), options);
  closers.push(() => device.isRunning && device.kill());
  return device.start();
}

async function newServer(template) {
  const server = await Server.start(template, path.join(folder, `records-${(made += 1)}`));
  closers.push(() => server.stop());
  return server;
}

/** Slows the processor of a page down. */
async function throttle(device, rate) {
  const session = await device.context.newCDPSession(device.page);
  await session.send("Emulation.setCPUThrottlingRate", { rate });
  return async () => {
    await session.send("Emulation.setCPUThrottlingRate", { rate: 1 });
    await session.detach();
  };
}

/**
 * From a tap to the strict commit, and to the button that says so, which is what a person sees. A hand
 * taps what it sees: each row is scrolled into view, and drawn, before it is tapped.
 */
async function taps(template) {
  const server = await newServer(template);
  const device = await (await newDevice()).enrol(server);
  await server.stop();
  await openRegister(device.page);
  for (const [rate, aim] of [[1, undefined], [6, "p95 ≤ 30"]]) {
    const release = await throttle(device, rate);
    const times = await device.page.evaluate(tapDownTheRegister, 100);
    const alone = await device.page.evaluate(writeAlone, 100);
    await release();
    const both = (name, values, aim) => {
      tell(`${name}, ${rate}× slower, p50`, round(median(values)), "ms");
      tell(`${name}, ${rate}× slower, p95`, round(quantile(values, 0.95)), "ms", aim);
    };
    both("one row in a strict transaction and nothing else", alone);
    both("tap to durable", times.map((time) => time.durable), aim);
    both("tap to the row that says so", times.map((time) => time.shown));
  }
  await device.close();
}

/** Taps, as a quick hand does, and times each tap: runs in the page. */
async function tapDownTheRegister(count) {
  const own = IDBDatabase.prototype.transaction;
  let durable;
  IDBDatabase.prototype.transaction = function (...asked) {
    const transaction = own.apply(this, asked);
    if (asked[1] === "readwrite" && asked[2]?.durability === "strict") {
      transaction.addEventListener("complete", () => (durable ??= performance.now()));
    }
    return transaction;
  };
  const rows = [...document.querySelectorAll(".app-row__marks")];
  const times = [];
  for (let tap = 0; tap < count; tap += 1) {
    const row = rows[tap % rows.length];
    row.scrollIntoView({ block: "center" });
    // Three taps a second.
    await new Promise((resolve) => setTimeout(resolve, 333));
    const button = [...row.querySelectorAll("button")].find((button) => button.getAttribute("aria-pressed") !== "true");
    const changed = new Promise((resolve) => {
      new MutationObserver((_, observer) => {
        if (button.getAttribute("aria-pressed") !== "true") return;
        observer.disconnect();
        resolve(performance.now());
      }).observe(button, { attributes: true, attributeFilter: ["aria-pressed"] });
    });
    durable = undefined;
    const began = performance.now();
    button.click();
    const shown = (await changed) - began;
    times.push({ durable: durable - began, shown });
  }
  IDBDatabase.prototype.transaction = own;
  return times;
}

/** What the browser itself takes to keep something, for comparison: runs in the page. */
async function writeAlone(count) {
  const open = indexedDB.open("bench", 1);
  open.onupgradeneeded = () => open.result.createObjectStore("log");
  const database = await new Promise((resolve) => (open.onsuccess = () => resolve(open.result)));
  const times = [];
  for (let n = 0; n < count; n += 1) {
    const began = performance.now();
    const writing = database.transaction("log", "readwrite", { durability: "strict" });
    writing.objectStore("log").put(new Uint8Array(90), n);
    await new Promise((resolve) => (writing.oncomplete = resolve));
    times.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  database.close();
  return times;
}

/** Notes in every page when a usable register was first there. */
async function watchForRegister(device) {
  await device.context.addInitScript(() => {
    const look = () => {
      if (globalThis.usable === undefined && document.querySelector(".app-register .app-mark, .app-today__card")) globalThis.usable = performance.now();
      else if (globalThis.usable === undefined) requestAnimationFrame(look);
    };
    look();
  });
}

async function startTimes(device, address, times = 5) {
  const measured = [];
  for (let time = 0; time < times; time += 1) {
    await device.page.goto("about:blank");
    await device.page.goto(address, { waitUntil: "commit" });
    measured.push(await device.page.waitForFunction(() => globalThis.usable, undefined, { timeout: 120_000 }).then((handle) => handle.jsonValue()));
  }
  return median(measured);
}

/** From the address to a register with buttons, without a server, with little and with much on the tablet. */
async function starts(template) {
  const server = await newServer(template);
  const device = await (await newDevice()).enrol(server);
  await openRegister(device.page);
  const register = device.page.url();
  await watchForRegister(device);
  const measure = async (held) => {
    await server.stop();
    for (const rate of [1, 4]) {
      const release = await throttle(device, rate);
      tell(`offline start to today's register, ${held} events, ${rate}× slower`, round(await startTimes(device, register), 0), "ms", held > 1000 && rate === 4 ? "≤ 1500" : undefined);
      await release();
    }
    tell(`offline start to the first screen, ${held} events`, round(await startTimes(device, `${server.base}/app/`, 3), 0), "ms");
  };
  await measure(await held(device));

  await server.start();
  await device.page.goto("about:blank");
  const seeder = await ProtocolDevice.enrol(server.base, await server.code("coordinator"), "Seeder");
  const places = await seeder.populate({ sessions: 200, people: 500 });
  const began = performance.now();
  await seeder.push(marks({ ...seeder, by: seeder.staff, ...places, firstN: seeder.n + 1, count: EVENTS, at: Date.now() - 86_400_000 }));
  tell(`server takes ${EVENTS} events, one sender`, round(EVENTS / ((performance.now() - began) / 1000), 0), "/s");
  const wire = countBytes(device);
  const pulled = performance.now();
  await device.open(`${server.base}/app/`);
  await eventually(async () => (await held(device)) >= EVENTS, { within: 300_000, every: 250, what: "the pull of everything" });
  await allSent(device.page);
  tell(`a tablet pulls ${EVENTS} events until they are on its disk`, round((performance.now() - pulled) / 1000), "s");
  tell(`bytes on the wire for that`, round((await wire()).down / 1e6, 2), "MB", "≤ 4");
  tell(`bytes on the device at that moment`, round((await heldBytes(device)) / 1e6, 2), "MB");
  // The copy for the next start is made once nothing more comes.
  await startCopyKept(device);
  await measure(await held(device));
  // The browser tidies its files when it opens them the next time.
  await device.close();
  await device.start();
  await device.open(`${server.base}/app/`);
  tell(`bytes on the device for that, after the browser was opened again`, round((await heldBytes(device)) / 1e6, 2), "MB", "≤ 5");
  await device.close();
}

async function startCopyKept(device) {
  await eventually(async () => (await stored(device.page, "meta", "start")) !== undefined, { within: 60_000, every: 250, what: "the copy for the start" });
}

const vaults = new Map();

/** What opens the rows of a tablet. */
async function vaultOf(device) {
  if (!vaults.has(device)) vaults.set(device, await OpenedVault.open(device.page, device.words));
  return vaults.get(device);
}

/** How many events lie in the blocks of a tablet, by its cursors. */
async function held(device) {
  const cursors = await (await vaultOf(device)).rows(device.page, "cursors");
  return cursors.reduce((sum, [, cursor]) => sum + Number(decode(cursor)[2]), 0);
}

async function heldBytes(device) {
  return device.page.evaluate(async () => (await navigator.storage.estimate()).usageDetails.indexedDB);
}

/** The rows of a store of the app, in base 64. */
async function stored(page, store, key) {
  return page.evaluate(
    async ([store, key]) => {
      const open = indexedDB.open("wellfield");
      const database = await new Promise((resolve) => (open.onsuccess = () => resolve(open.result)));
      const reading = database.transaction(store).objectStore(store)[key === undefined ? "getAll" : "get"](key);
      const rows = await new Promise((resolve) => (reading.onsuccess = () => resolve(reading.result)));
      database.close();
      const text = (row) => btoa(Array.from(row, (byte) => String.fromCharCode(byte)).join(""));
      return key === undefined ? rows.map(text) : rows && text(rows);
    },
    [store, key],
  );
}

/** Counts the bodies that cross the wire from now on, as they are encoded there. */
function countBytes(device) {
  const sizes = [];
  const count = (request) => sizes.push(request.sizes().catch(() => ({ requestBodySize: 0, responseBodySize: 0 })));
  device.page.on("requestfinished", (request) => {
    if (/\/v1\/|\/db\//.test(request.url())) count(request);
  });
  const counted = async () => {
    const all = await Promise.all(sizes);
    return {
      requests: all.length,
      up: all.reduce((sum, size) => sum + size.requestBodySize, 0),
      down: all.reduce((sum, size) => sum + size.responseBodySize, 0),
    };
  };
  return counted;
}

/** What a first visit fetches, as Brotli. */
async function bytes(template) {
  const server = await newServer(template);
  for (const [address, aim] of [["/r/", "≤ 180"], ["/app/", "≤ 450"]]) {
    const device = await newDevice({ serviceWorkers: "block" });
    const asked = new Set();
    device.page.on("request", (request) => asked.add(request.url()));
    await device.open(server.base + address);
    await seen(device.page.getByRole("heading", { level: 1 }));
    const first = [...asked].filter((url) => !url.includes("/v1/"));
    await device.page.waitForLoadState("networkidle");
    const later = [...asked].filter((url) => !url.includes("/v1/") && !first.includes(url));
    for (const [what, urls, atMost] of [["first load", first, aim], ["after the first screen", later, ""]]) {
      let all = 0;
      for (const url of urls) all += await brotliBytes(url);
      if (process.env.FILES) console.log(urls);
    tell(`${what} of ${address}, ${urls.length} files, Brotli`, round(all / 1000), "KB", atMost);
    }
    await device.close();
  }
}

function brotliBytes(url) {
  return new Promise((resolve, reject) => {
    http
      .get(url, { headers: { "accept-encoding": "br" } }, (reply) => {
        let size = 0;
        reply.on("data", (chunk) => (size += chunk.length));
        reply.on("end", () => resolve(size));
      })
      .on("error", reject);
  });
}

/** Marks made without signal, sent, and received by a second tablet; PouchDB does the same. */
async function sync(template) {
  const ours = await oursSync(template);
  const pouch = await pouchSync();
  for (const run of pouch) {
    tell(`PouchDB's time over ours, batches of ${run.batch}: write`, round(run.put / ours.put), "×");
    tell(`PouchDB's time over ours, batches of ${run.batch}: send`, round(run.push / ours.push), "×", run.isUsual ? "≥ 20" : "");
    tell(`PouchDB's time over ours, batches of ${run.batch}: receive`, round(run.pull / ours.pull), "×", run.isUsual ? "≥ 20" : "");
  }
}

async function oursSync(template) {
  const server = await newServer(template);
  const [first, second] = [await newDevice(), await newDevice()];
  await first.enrol(server, { name: "First tablet" });
  await second.enrol(server, { name: "Second tablet", staff: "Owen" });
  const { sessions, people, today } = await server.export();
  await openRegister(second.page);
  const shown = await summaryText(second.page);
  // The second tablet's own profile holds nothing of what comes.
  await second.page.goto("about:blank");
  await server.stop();

  const vault = await vaultOf(first);
  const [, known] = (await vault.rows(first.page, "meta", (key) => key.startsWith("identity/")))[0];
  const identity = decode(known);
  const newest = (await stored(first.page, "log")).length;
  const programme = BigInt(identity.get(3)[0]);
  const common = { device: identity.get(0), by: BigInt(identity.get(5)), programme, people: people.map((person) => identifier(person.id)), at: Date.now() };
  const firstN = newest + 1;
  // Today's session last, so that what is shown there tells when everything has come.
  const others = sessions.filter((session) => session.id !== today.id).map((session) => identifier(session.id));
  const before = MARKS - people.length;
  const log = [
    ...marks({ ...common, sessions: others, firstN, count: before }),
    ...marks({ ...common, sessions: [identifier(today.id)], firstN: firstN + before, count: people.length }),
  ];
  const last = firstN + MARKS - 1;
  const put = await writeLog(first.page, await vault.seal(log, firstN), firstN);
  tell(`${MARKS} marks: written to the tablet in one strict transaction`, round(put, 0), "ms");

  const address = `${server.base}/app/sent`;
  await first.page.reload();
  await first.page.goto(address);
  await seen(first.page.locator(".app-chip"));
  await eventually(async () => (await first.page.locator(".app-chip").innerText()).includes(String(MARKS)), { what: "the marks in the outbox" });
  // The start reads the log and makes its copy a moment later, which is measured elsewhere.
  await startCopyKept(first);
  const up = countBytes(first);
  await server.start();
  const push = await until(first.page, "button.govuk-button", ".app-chip--sent");
  await server.holds("First tablet", last);
  tell(`${MARKS} marks: sent, all acknowledged`, round(push, 0), "ms");
  const sent = await up();
  tell(`bytes sent for each mark`, round(sent.up / MARKS), "B");

  const down = countBytes(second);
  await second.page.goto("about:blank");
  // The start without signal is not part of it: the app is open when the signal comes.
  await server.stop();
  await second.open(`${server.base}/app/session/${today.id}`);
  await seen(second.page.getByRole("heading", { level: 3 }));
  await server.start();
  const pull = await second.page.evaluate(async (shown) => {
    const summary = () => document.querySelector(".app-summary").innerText;
    const began = performance.now();
    dispatchEvent(new Event("online"));
    await new Promise((resolve) => {
      const look = () => (/\b0 to mark/.test(summary()) && summary() !== shown ? resolve() : requestAnimationFrame(look));
      look();
    });
    return performance.now() - began;
  }, shown);
  await sendNow(second.page);
  tell(`${MARKS} marks: received by a second tablet and shown`, round(pull, 0), "ms");
  const received = await down();
  tell(`bytes received for each mark`, round(received.down / MARKS), "B");
  const arrived = await server.status();
  tell("records set aside", arrived.quarantine.length, "");
  await first.close();
  await second.close();
  await server.stop();
  return { put, push, pull };
}

async function summaryText(page) {
  return page.locator(".app-summary").innerText();
}

/** Writes events into the log as the app does, and returns how long the commit took. */
async function writeLog(page, events, firstN) {
  await page.evaluate(() => (globalThis.parts = []));
  for (let from = 0; from < events.length; from += 2_000) {
    await page.evaluate((part) => globalThis.parts.push(...part), events.slice(from, from + 2_000).map((bytes) => bytes.toString("base64")));
  }
  return page.evaluate(
    async (firstN) => {
      const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
      const rows = globalThis.parts.map(bytes);
      const open = indexedDB.open("wellfield");
      const database = await new Promise((resolve) => (open.onsuccess = () => resolve(open.result)));
      const began = performance.now();
      const writing = database.transaction("log", "readwrite", { durability: "strict" });
      const log = writing.objectStore("log");
      for (const [index, row] of rows.entries()) log.add(row, firstN + index);
      await new Promise((resolve, reject) => {
        writing.oncomplete = resolve;
        writing.onabort = () => reject(writing.error);
      });
      const took = performance.now() - began;
      database.close();
      return took;
    },
    firstN,
  );
}

/** From a click on one thing to the appearance of another, in the page. */
async function until(page, clicked, appeared) {
  return page.evaluate(
    async ([clicked, appeared]) => {
      const began = performance.now();
      document.querySelector(clicked).click();
      await new Promise((resolve) => {
        const look = () => (document.querySelector(appeared) ? resolve() : requestAnimationFrame(look));
        look();
      });
      return performance.now() - began;
    },
    [clicked, appeared],
  );
}

async function pouchSync() {
  const data = path.join(folder, "pouch");
  fs.mkdirSync(data);
  const child = spawn(process.execPath, [path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "bench/pouch-server.mjs"), data], { stdio: ["ignore", "pipe", "inherit"] });
  closers.push(() => child.kill("SIGKILL"));
  const port = await new Promise((resolve, reject) => {
    let said = "";
    child.once("exit", () => reject(new Error(`PouchDB's server did not start: ${said}`)));
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const line = said.match(/listening on (\d+)/);
      if (line) resolve(Number(line[1]));
    });
  });
  const base = `http://127.0.0.1:${port}`;
  const runs = [];
  // As it comes, and with larger batches, which suits it better.
  for (const batch of [100, 1_000]) {
    const name = `marks-${batch}`;
    const [first, second] = [await newDevice(), await newDevice()];
    for (const device of [first, second]) await device.page.goto(`${base}/bench/`);
    const up = countBytes(first);
    const { put, push } = await first.page.evaluate(
      async ([name, count, batch, remote]) => {
        const local = new globalThis.PouchDB(name);
        const docs = Array.from({ length: count }, (_, index) => ({
          _id: `2-${String(index + 1).padStart(12, "0")}`,
          session: "07GWBCFBTZ3GT",
          person: `P${String(index % 38).padStart(12, "0")}`,
          mark: index % 4 === 3 ? "not_here" : "here",
          at: Date.now() + index,
          by: "0FVPN4TZK2Q1R",
          device: 2,
          n: index + 1,
        }));
        let began = performance.now();
        await local.bulkDocs(docs);
        const put = performance.now() - began;
        began = performance.now();
        const result = await local.replicate.to(remote, { batch_size: batch });
        if (result.docs_written !== count) throw new Error(`${result.docs_written} of ${count} sent`);
        return { put, push: performance.now() - began };
      },
      [name, MARKS, batch, `${base}/db/${name}`],
    );
    const sent = await up();
    const down = countBytes(second);
    const pull = await second.page.evaluate(
      async ([name, count, batch, remote]) => {
        const local = new globalThis.PouchDB(name);
        const began = performance.now();
        const result = await local.replicate.from(remote, { batch_size: batch });
        if (result.docs_written !== count) throw new Error(`${result.docs_written} of ${count} received`);
        return performance.now() - began;
      },
      [name, MARKS, batch, `${base}/db/${name}`],
    );
    const received = await down();
    tell(`PouchDB, batches of ${batch}: written in one bulkDocs`, round(put, 0), "ms");
    tell(`PouchDB, batches of ${batch}: sent, all acknowledged (${sent.requests} requests)`, round(push, 0), "ms");
    tell(`PouchDB, batches of ${batch}: bytes sent for each mark`, round(sent.up / MARKS), "B");
    tell(`PouchDB, batches of ${batch}: received by a second browser (${received.requests} requests)`, round(pull, 0), "ms");
    tell(`PouchDB, batches of ${batch}: bytes received for each mark`, round(received.down / MARKS), "B");
    runs.push({ batch, isUsual: batch === 100, put, push, pull });
    await first.close();
    await second.close();
  }
  child.removeAllListeners("exit");
  child.kill("SIGKILL");
  return runs;
}

if (!process.env.WELLFIELD_BIN) {
  console.error("WELLFIELD_BIN must name the server's binary; `cargo xtask bench` sets it.");
  process.exit(2);
}
const tools = { newServer, newDevice, throttle, countBytes, held, tell, round, quantile, median, events: EVENTS, answers: ANSWERS };
let failed = false;
try {
  console.log(`${os.cpus()[0]?.model ?? "unknown processor"}, ${os.cpus().length} cores, Node.js ${process.version}`);
  const template = await makeTemplate(folder);
  for (const [name, measure] of Object.entries({ taps, starts, bytes, bootstrap: bootstrap(tools), serving: serving(tools), report: report(tools), sync })) {
    if (process.env.ONLY && !name.includes(process.env.ONLY)) continue;
    console.log(`${name}:`);
    try {
      await measure(template);
    } catch (error) {
      failed = true;
      console.error(`  ${name} could not be measured: ${error.stack}`);
    }
  }
} finally {
  for (const close of closers.reverse()) await Promise.resolve(close()).catch(() => {});
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
console.log(JSON.stringify({ processor: os.cpus()[0]?.model, cores: os.cpus().length, events: EVENTS, marks: MARKS, measures: rows }));
process.exit(failed ? 1 : 0);
