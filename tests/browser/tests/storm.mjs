// Everything goes wrong on the way to the server, by chance and all at once, while people record.

import { FaultProxy, STORM } from "../lib/fault-proxy.mjs";
import { Ledger } from "../lib/ledger.mjs";
import { seeded } from "../lib/random.mjs";
import { test } from "../lib/runner.mjs";
import { allSent, openRegister, sendNow } from "../lib/screens.mjs";
import { eventually } from "../lib/wait.mjs";

/** How many taps, besides those for what chance left out. */
const TAPS = 30;

/** Quicker taps than the app waits for before it sends what was saved. */
const AT_ONCE = 3;

const PUSH = "POST /v1/push";

test("storm: every fault strikes while a tablet records, and everything arrives once", async (t) => {
  const random = seeded("storm");
  const server = await t.server();
  const proxy = await FaultProxy.start(t, server, { seed: random.seed });
  const tablet = await t.tablet(proxy);
  const { page } = tablet;
  await allSent(page);
  const notes = await sessionsWithoutNotes(server);
  const ledger = new Ledger();
  await openRegister(page);
  await proxy.rates("/v1/", STORM);
  while (ledger.length < TAPS) {
    await proxy.hears(async () => {
      for (let taps = 1 + random.below(AT_ONCE); taps > 0; taps -= 1) await ledger.tapAnything(page, random);
    });
    if (random.below(5) === 0 && notes.length > 0) await noteAndReload(tablet, proxy, ledger, notes.pop());
  }
  await proxy.rates("/");
  for (const fault of Object.keys(STORM)) {
    if ((await proxy.struck(fault, PUSH)) > 0) continue;
    // Chance left this one out.
    await proxy.next("POST", "/v1/push", fault);
    await ledger.tapAnything(page, random);
    await eventually(async () => (await proxy.struck(fault, PUSH)) > 0, { what: fault });
  }
  const { struck } = await proxy.clear();
  await sendNow(page);
  const counted = await ledger.settle(server, tablet.name);
  console.log(`storm: ${JSON.stringify(counted)}, struck: ${JSON.stringify(struck)}`);
  await ledger.compare(page);
  const other = await t.tablet(server, { name: "Red tablet", staff: "Owen" });
  await openRegister(other.page);
  await ledger.compare(other.page);
});

/** Leaves the register for the notes of a session, and comes back to an app that starts anew. */
async function noteAndReload(tablet, proxy, ledger, session) {
  await ledger.note(tablet.page, `${proxy.base}/app/session/${session}/notes`);
  await tablet.open(`${proxy.base}/app/`);
  await openRegister(tablet.page);
  await ledger.compare(tablet.page);
}

/** Where the first note can be written. */
async function sessionsWithoutNotes(server) {
  const { sessions, notes } = await server.export();
  const noted = new Set(notes.map(({ session }) => session));
  return sessions.map(({ id }) => id).filter((id) => !noted.has(id));
}
