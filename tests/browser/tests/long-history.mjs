// A programme with years behind it: what a tablet shows before all of it is there, and that no part of
// it is fetched twice.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { inAddress } from "../lib/cbor.mjs";
import { KIND, ProtocolDevice, event } from "../lib/protocol.mjs";
import { test } from "../lib/runner.mjs";
import { allSent, names, openRegister, sendNow, tapHere, unmarked } from "../lib/screens.mjs";
import { blocks } from "../lib/storage.mjs";
import { eventually, gone, seen } from "../lib/wait.mjs";
import { en } from "../lib/words.mjs";

/** Fills a programme with notes that nothing makes smaller, so that its snapshot has several parts. */
async function years(server) {
  const writer = await ProtocolDevice.enrol(server.base, await server.code("coordinator"), "Archive");
  const { sessions } = await writer.populate({ sessions: 40, people: 5 });
  const text = () => randomBytes(90).toString("base64");
  const note = (_, index) =>
    event({
      device: writer.device,
      n: writer.n + 1 + index,
      at: Date.now() - 86_400_000 + index,
      kind: KIND.note,
      programme: writer.programme,
      by: writer.staff,
      body: new Map([[0, sessions[index % sessions.length]], [1, text()]]),
    });
  await writer.push(Array.from({ length: 8_600 }, note));
  return { writer, sessions };
}

const SNAPSHOT = "**/v1/snapshots/**";

test("long history: names first, a broken line costs one part, and then everything is there", async (t) => {
  const server = await t.server();
  const { sessions } = await years(server);
  const tablet = await t.device();
  const asked = [];
  const listen = (page) =>
    page.on("request", (request) => {
      if (request.url().includes("/v1/snapshots/")) asked.push(request.headers().range);
    });
  listen(tablet.page);
  // The line carries two parts and breaks.
  let carried = 0;
  await tablet.page.route(SNAPSHOT, (route) => (++carried > 2 ? route.abort() : route.continue()));
  await tablet.enrol(server);
  await openRegister(tablet.page);
  const people = await names(tablet.page);
  assert.ok(people.length >= 30, `${people.length} names`);
  await eventually(() => carried > 2, { what: "the line that breaks" });
  const old = `${server.base}/app/session/${inAddress(sessions[0])}`;
  await tablet.open(old);
  await seen(tablet.page.getByRole("heading", { level: 1, name: en("history.title") }));
  const parts = async () => Object.keys(await blocks(tablet.page)).filter((name) => name.startsWith("~#")).length;
  assert.equal(await parts(), 2);
  // The tablet is taken to the field and started there: the names are still there, and can be marked.
  await server.stop();
  await tablet.kill();
  await tablet.start();
  await tablet.open(`${server.base}/app/`);
  await openRegister(tablet.page);
  assert.deepEqual(await names(tablet.page), people);
  const [first] = await unmarked(tablet.page);
  await tapHere(tablet.page, first);
  // Back in the office the rest comes, and nothing that is here already.
  listen(tablet.page);
  const before = asked.length;
  await server.start();
  await sendNow(tablet.page);
  await eventually(async () => (await parts()) === 0, { what: "the end of the parts" });
  const later = asked.slice(before);
  assert.ok(later.length > 2, `${later}`);
  assert.equal(later.filter((range) => range === "bytes=0-262143" || range === "bytes=262144-524287").length, 0);
  await tablet.open(old);
  await seen(tablet.page.getByRole("heading", { level: 1, name: /Register, session 1000$/ }));
  await gone(tablet.page.getByRole("heading", { level: 1, name: en("history.title") }));
  await allSent(tablet.page);
  assert.equal((await server.export()).mark(first).versions.length, 1);
  // The next start reads a copy first and the far session a little later.
  await tablet.close();
  await tablet.start();
  await tablet.open(old);
  await seen(tablet.page.getByRole("heading", { level: 1, name: /Register, session 1000$/ }));
});
