// The browser ends without a word, at the worst moments and at any: what the screen called saved is
// there when it is opened again, and at the server once.

import assert from "node:assert/strict";
import { identifier } from "../lib/cbor.mjs";
import { FaultProxy, STORM } from "../lib/fault-proxy.mjs";
import { Ledger } from "../lib/ledger.mjs";
import { KIND, ProtocolDevice, event } from "../lib/protocol.mjs";
import { seeded } from "../lib/random.mjs";
import { test } from "../lib/runner.mjs";
import { allSent, answer, handOver, lastAnswer, openRegister, openToday, rowState, sendNow, tapHere, unlock, unmarked, write } from "../lib/screens.mjs";
import { startNewerServer } from "../lib/second-version.mjs";
import { eventually, seen } from "../lib/wait.mjs";
import { en } from "../lib/words.mjs";

/** How often a browser is killed at random. A release is tried with 100. */
const KILLS = Number(process.env.KILLS ?? 3);

/** A tablet behind a proxy, on its register, with everything sent so far. */
async function behindProxy(t, seed) {
  const server = await t.server();
  const proxy = await FaultProxy.start(t, server, { seed });
  const tablet = await t.tablet(proxy);
  await allSent(tablet.page);
  await openRegister(tablet.page);
  return { server, proxy, tablet, ledger: new Ledger() };
}

/** Opens the tablet again after a kill, on its register. */
async function reopen(tablet, proxy) {
  await tablet.start();
  await tablet.open(`${proxy.base}/app/`);
  await openRegister(tablet.page);
}

/** Everything that is not sent yet is sent, and lies at the server once and in order. */
async function arrives({ server, proxy, tablet, ledger }) {
  await proxy.clear();
  await sendNow(tablet.page);
  await ledger.compare(tablet.page);
  return ledger.settle(server, tablet.name);
}

test("kills: right after a tap is saved, while records are on their way, and while their receipt is", async (t) => {
  const stage = await behindProxy(t, 1);
  const { proxy, tablet, ledger } = stage;
  const [first, second, third] = await unmarked(tablet.page);
  // Nothing answers, so that nothing but the tablet has it.
  await proxy.rates("/v1/", { login: 1000 });
  const fire = await tablet.aim();
  await ledger.tap(tablet.page, first, "here");
  await fire();
  await reopen(tablet, proxy);
  await ledger.compare(tablet.page);
  await proxy.rates("/");
  // Before the server hears of it. It goes on its way when the tablet is long dead.
  for (const [name, hold] of [[second, "hold_before"], [third, "hold_after"]]) {
    await proxy.next("POST", "/v1/push", hold);
    await ledger.tap(tablet.page, name, "not here");
    await proxy.holds();
    await tablet.kill();
    if (hold === "hold_after") await proxy.release();
    await reopen(tablet, proxy);
    await ledger.compare(tablet.page);
    await sendNow(tablet.page);
    await proxy.release();
  }
  assert.equal((await arrives(stage)).acknowledged, 3);
});

test("kills: while a page of what others recorded is on its way", async (t) => {
  const stage = await behindProxy(t, 1);
  const { server, proxy, tablet, ledger } = stage;
  const [mine, theirs] = await unmarked(tablet.page);
  await recordElsewhere(server, theirs);
  await proxy.next("GET", "/v1/pull", "hold_after");
  await ledger.tap(tablet.page, mine, "here");
  await proxy.holds();
  await tablet.kill();
  await proxy.clear();
  await reopen(tablet, proxy);
  await ledger.compare(tablet.page);
  await eventually(async () => (await rowState(tablet.page, theirs)).pressed === en("register.mark_here"), { what: "the mark of another device" });
  await arrives(stage);
});

/** Another device marks somebody as here today. */
async function recordElsewhere(server, name) {
  const writer = await ProtocolDevice.enrol(server.base, await server.code("coordinator"), "Office computer");
  const arrived = await server.export();
  const [session, person] = [arrived.today.id, arrived.person(name).id].map(identifier);
  const body = new Map([[0, session], [1, person], [2, 1]]);
  await writer.push([event({ device: writer.device, n: 1, at: Date.now(), kind: KIND.mark, programme: writer.programme, subject: person, by: writer.staff, body })]);
}

test("kills: while a new tablet gets its programme, while its files are kept, and while newer ones are", async (t) => {
  const server = await t.server();
  const newer = await startNewerServer(server);
  t.after(() => newer.stop());
  const proxy = await FaultProxy.start(t, newer);
  const tablet = await t.device();
  const ledger = new Ledger();
  // A picture that no page shows: only the service worker asks for it.
  const holdFiles = () => proxy.next("GET", "/app/icons/icon-512-maskable.png", "hold_before");
  await holdFiles();
  for (const path of ["/v1/pull", "/v1/snapshot", "/v1/front"]) await proxy.next("GET", path, "hold_after");
  await tablet.askToEnrol(proxy);
  await proxy.holds(2);
  await tablet.kill();
  await proxy.clear();
  await holdFiles();
  await reopen(tablet, proxy);
  const [first, second] = await unmarked(tablet.page);
  await ledger.tap(tablet.page, first, "here");
  await proxy.holds();
  await tablet.kill();
  await proxy.clear();
  await reopen(tablet, proxy);
  await ledger.compare(tablet.page);
  await tablet.ready();
  // The page of the next version is fetched by the next service worker alone.
  newer.next();
  await proxy.next("GET", "/app/", "hold_before");
  const update = () => tablet.page.evaluate(() => void navigator.serviceWorker.getRegistration().then((registration) => registration.update()).catch(() => {}));
  await update();
  await ledger.tap(tablet.page, second, "not here");
  await proxy.holds();
  await tablet.kill();
  await proxy.clear();
  await server.stop();
  await reopen(tablet, proxy);
  await ledger.compare(tablet.page);
  await server.start();
  await update();
  await openToday(tablet.page);
  await seen(tablet.page.getByText(en("update.ready")));
  await openRegister(tablet.page);
  assert.equal((await arrives({ server, proxy, tablet, ledger })).acknowledged, 2);
});

test("kills: after each answer of a hand-over", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  await openRegister(tablet.page);
  const [name] = await unmarked(tablet.page);
  await tapHere(tablet.page, name);
  await handOver(tablet.page, name);
  await tablet.page.getByRole("button", { name: en("kiosk.start_as", { name }) }).click();
  const at = (key) => seen(tablet.page.getByRole("heading", { level: 1, name: en(key) }));
  await at("pulse.day_question");
  const steps = [
    ["pulse.good_question", (page) => answer(page, en("pulse.day_question"), en("pulse.day_good"))],
    ["pulse.change_question", (page) => write(page, en("pulse.good_question"), "The tea")],
    ["pulse.safe_question", (page) => write(page, en("pulse.change_question"), "More chairs")],
    ["kiosk.thanks", (page) => lastAnswer(page, en("pulse.felt_yes"))],
  ];
  for (const [next, act] of steps) {
    const fire = await tablet.aim();
    await act(tablet.page);
    await at(next);
    await fire();
    await tablet.start();
    await tablet.page.goto(`${server.base}/app/`);
    await at(next);
  }
  await unlock(tablet.page, tablet.pin);
  await sendNow(tablet.page);
  const [pulse, ...more] = (await server.export()).pulses.filter((one) => one.device_name === tablet.name);
  assert.deepEqual(more, []);
  assert.equal(pulse.finished, true);
  const { day, good, change, safe } = pulse.answers;
  assert.deepEqual([day.value, good.value, change.value, safe.value], ["good", "The tea", "More chairs", "yes"]);
  // Its introduction, the mark and the answers.
  await server.holds(tablet.name, 3);
});

test(
  `kills: ${KILLS} at random while taps and faults go on`,
  async (t) => {
    const random = seeded("kills");
    const stage = await behindProxy(t, random.seed);
    const { proxy, tablet, ledger } = stage;
    await proxy.rates("/v1/", STORM);
    for (let kills = 0; kills < KILLS; kills += 1) {
      // Some die while they start.
      if (random.below(4) === 0) await killStarting(tablet, proxy, random);
      else await killTapping(stage, random);
      await reopen(tablet, proxy);
      await ledger.compare(tablet.page);
      if ((kills + 1) % 25 === 0) console.log(`${kills + 1} kills, and the screen shows what it called saved`);
    }
    const { struck } = await proxy.counts();
    const counted = await arrives(stage);
    console.log(`kills: ${JSON.stringify({ kills: KILLS, ...counted })}, struck: ${JSON.stringify(struck)}`);
    const other = await t.tablet(stage.server, { name: "Red tablet", staff: "Owen" });
    await openRegister(other.page);
    await ledger.compare(other.page);
  },
  { minutes: 4 + KILLS / 4 },
);

/** A moment by chance. It is waited out, because any moment is as good as another. */
function moment(random, most) {
  return new Promise((resolve) => setTimeout(resolve, random.below(most)));
}

/** Kills a browser in the middle of taps, of which some are followed by a pause in which they are sent. */
async function killTapping({ proxy, tablet, ledger }, random) {
  const fire = await tablet.aim();
  let isDead = false;
  const tapping = (async () => {
    while (!isDead) {
      const tap = () => ledger.tapAnything(tablet.page, random);
      await (random.below(2) === 0 ? tap() : proxy.hears(tap, { orElse: () => isDead }));
    }
  })();
  // What goes wrong before the kill is a failure; afterwards there is no browser to tap in.
  await Promise.race([tapping, moment(random, 2_500)]);
  isDead = true;
  await fire();
  await tapping.catch(() => {});
}

/** Starts a browser anew, and kills it before or just after its first screen. */
async function killStarting(tablet, proxy, random) {
  await tablet.close();
  await tablet.start();
  const fire = await tablet.aim();
  const opening = tablet.page.goto(`${proxy.base}/app/`, { waitUntil: "commit" }).catch(() => {});
  await moment(random, 800);
  await fire();
  await opening;
}
