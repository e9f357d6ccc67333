// What the server sent lies damaged on the tablet: only that is fetched again.

import assert from "node:assert/strict";
import { test } from "../lib/runner.mjs";
import { openRegister, row, sendNow, tapHere, unmarked } from "../lib/screens.mjs";
import { blocks } from "../lib/storage.mjs";
import { counts, eventually, seen } from "../lib/wait.mjs";
import { en } from "../lib/words.mjs";

/** The blocks of the register's stream, in order: the stream of which there are most. Names are blind. */
function delivery(all) {
  const shown = Object.keys(all).filter((name) => !name.startsWith("~")).sort();
  const blocksOf = (name) => shown.filter((other) => other.split("|")[0] === name.split("|")[0]);
  return shown.map(blocksOf).sort((a, b) => b.length - a.length)[0];
}

/** Names and lengths: a block that is sealed again has other bytes. */
const shapes = (all) => Object.fromEntries(Object.entries(all).map(([name, bytes]) => [name, bytes.length]));

test("repair: a block that is damaged and one that is missing are fetched again, and nothing else changes", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  const { page } = tablet;
  await openRegister(page);
  const people = await page.locator(".app-row").count();
  // Away from the app, which holds what it read in memory.
  await page.goto(`${server.base}/healthz`);
  const before = await blocks(page);
  const [first, second] = delivery(before);
  const cut = before[second].slice(0, 40);
  await blocks(page, { [first]: null, [second]: cut });
  await server.stop();
  await tablet.open(`${server.base}/app/`);
  // Without signal it cannot be mended, and the app opens all the same.
  assert.deepEqual((await blocks(page))[second], cut);
  await server.start();
  await sendNow(page);
  await eventually(async () => (await blocks(page))[second]?.length > 40, { what: "the block that was fetched again" });
  assert.deepEqual(shapes(await blocks(page)), shapes(before));
  await page.goto(`${server.base}/app/`);
  await openRegister(page);
  await counts(page.locator(".app-row"), people);
});

test("repair: one wrong byte is found, and what was recorded meanwhile stays and arrives once", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  const { page } = tablet;
  await openRegister(page);
  const [name] = await unmarked(page);
  await page.goto(`${server.base}/healthz`);
  const before = await blocks(page);
  const [first] = delivery(before);
  const wrong = before[first].with(before[first].length - 9, before[first].at(-9) ^ 1);
  await server.stop();
  await blocks(page, { [first]: wrong });
  await tablet.open(`${server.base}/app/`);
  await server.start();
  await page.getByRole("link", { name: en("sent.title") }).click();
  await page.getByRole("button", { name: en("sent.send_now") }).click();
  await seen(page.getByText(/^(Some records|\d+ record) from the server (were|was) damaged on this device\./));
  assert.deepEqual(shapes(await blocks(page)), shapes(before));
  await tablet.open(`${server.base}/app/`);
  await openRegister(page);
  await tapHere(page, name);
  await sendNow(page);
  assert.equal((await server.export()).mark(name).versions.length, 1);
  await seen(row(page, name));
});
