// A day on a dig with no signal, from setting the tablet up to every record at the server once.

import assert from "node:assert/strict";
import { test } from "../lib/runner.mjs";
import { allSent, openRegister, row, rowState, summary, tapHere, tapNotHere, unmarked } from "../lib/screens.mjs";
import { eventually, seen } from "../lib/wait.mjs";
import { en } from "../lib/words.mjs";

test("offline day: enrol, mark without signal, kill the browser, reopen, reconnect: each mark once", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  await server.stop();

  // A cold start: the browser itself is new, and nothing answers at the address.
  await tablet.close();
  await tablet.start();
  await tablet.open(`${server.base}/app/`);
  await openRegister(tablet.page);
  const people = await unmarked(tablet.page);
  const [first, second, third] = people;
  const before = await summary(tablet.page);
  await tapHere(tablet.page, first);
  await tapNotHere(tablet.page, second);
  await tapHere(tablet.page, third);
  await tablet.kill();

  await tablet.start();
  await tablet.open(`${server.base}/app/`);
  await openRegister(tablet.page);
  for (const [name, mark] of [[first, "register.mark_here"], [second, "register.mark_not_here"], [third, "register.mark_here"]]) {
    const state = await rowState(tablet.page, name);
    assert.equal(state.pressed, en(mark), name);
    assert.deepEqual(state.state, [en("state.saved_here")], name);
  }
  const after = await summary(tablet.page);
  assert.deepEqual([after.here, after.notHere, after.toMark], [before.here + 2, before.notHere + 1, before.toMark - 3]);

  await server.start();
  await allSent(tablet.page);
  await seen(row(tablet.page, third).getByText(en("state.sent"), { exact: true }));
  for (const name of [first, second, third]) assert.deepEqual((await rowState(tablet.page, name)).state, [en("state.sent")], name);

  const arrived = await server.export();
  assert.deepEqual(
    [first, second, third].map((name) => arrived.mark(name).status),
    ["here", "not_here", "here"],
  );
  for (const name of [first, second, third]) {
    assert.equal(arrived.mark(name).versions.length, 1, `${name} stands once`);
    assert.equal(arrived.mark(name).recorded_by, "Siân");
    assert.equal(arrived.mark(name).device_name, "Blue tablet");
  }
  // Its own introduction and three marks, and nothing set aside.
  await server.holds("Blue tablet", 4);
  assert.deepEqual((await server.status()).quarantine, []);

  const other = await t.tablet(server, { name: "Red tablet", staff: "Owen" });
  await openRegister(other.page);
  assert.equal((await rowState(other.page, first)).pressed, en("register.mark_here"));
  assert.equal((await rowState(other.page, second)).pressed, en("register.mark_not_here"));
  assert.equal((await rowState(other.page, third)).pressed, en("register.mark_here"));
  await eventually(async () => (await summary(other.page)).here === after.here);
});
