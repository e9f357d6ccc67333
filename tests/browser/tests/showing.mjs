// What a tablet shows with its requests: each of them is signed, what is shown changes, and nothing that is lost on
// the way locks the tablet out.

import assert from "node:assert/strict";
import { test } from "../lib/runner.mjs";
import { allSent, openRegister, sendNow, tapHere, unmarked } from "../lib/screens.mjs";
import { eventually, seen } from "../lib/wait.mjs";
import { en } from "../lib/words.mjs";

const CREDENTIAL = "**/v1/credential";

/** Hears what a page shows with its requests from here on. */
function listen(page) {
  const heard = { shown: [], unsigned: [], streams: undefined };
  page.on("request", async (request) => {
    const headers = await request.allHeaders().catch(() => ({}));
    const { authorization, "wellfield-proof": proof } = headers;
    if (!authorization) return;
    if (!proof) heard.unsigned.push(request.url());
    // A tablet that is locked shows something else, which nobody can read.
    if (authorization.startsWith("Bearer") && heard.shown.at(-1) !== authorization) heard.shown.push(authorization);
    if (request.url().includes("/v1/streams")) heard.streams = { address: request.url(), headers: { authorization, "wellfield-proof": proof } };
  });
  return heard;
}

/** A device that joins, with an ear on what it shows. */
async function joining(t, server) {
  const device = await t.device();
  const heard = listen(device.page);
  return { device, heard, join: () => device.enrol(server) };
}

test("showing: what a tablet was given goes out of use at once, and no request counts without its signature", async (t) => {
  const server = await t.server();
  const { device, heard, join } = await joining(t, server);
  await join();
  const { page } = device;
  await eventually(() => heard.shown.length > 1, { what: "something else that is shown" });
  const [given, next] = heard.shown;
  assert.match(given, /^Bearer [0-9a-f]{64}$/);
  assert.match(next, /^Bearer [0-9a-f]{64}$/);
  assert.deepEqual(heard.unsigned, []);
  // Whoever overheard a request can neither send it again nor send another.
  const { address, headers } = heard.streams;
  const again = (also) => fetch(address, { headers: { ...headers, ...also } });
  assert.equal((await again()).status, 401, "the same request once more");
  assert.equal((await again({ "wellfield-proof": "" })).status, 401, "unsigned");
  await openRegister(page);
  const [name] = await unmarked(page);
  await tapHere(page, name);
  await sendNow(page);
  assert.equal((await server.export()).mark(name).versions.length, 1);
  // What is shown is sealed: opened again the tablet shows the same.
  await page.reload();
  await sendNow(page);
  assert.deepEqual(heard.shown, [given, next]);
  assert.deepEqual(heard.unsigned, []);
});

test("showing: when the answer to a change is lost the tablet goes on, and asks again for the same", async (t) => {
  const server = await t.server();
  const { device, heard, join } = await joining(t, server);
  const { page } = device;
  const asked = [];
  // The server hears the request, and the tablet nothing of the answer.
  await page.route(CREDENTIAL, async (route) => {
    asked.push(route.request().postDataBuffer().toString("hex"));
    await route.fetch();
    await route.abort();
  });
  await join();
  await eventually(() => asked.length > 0, { what: "the change" });
  await openRegister(page);
  const [first, second] = await unmarked(page);
  await tapHere(page, first);
  await sendNow(page);
  assert.equal(heard.shown.length, 1, "what it has is good");
  await device.kill();
  await device.start();
  const after = listen(device.page);
  const repeated = device.page.waitForRequest(CREDENTIAL);
  await device.open(`${server.base}/app/`);
  assert.deepEqual(new Set([...asked, (await repeated).postDataBuffer().toString("hex")]).size, 1);
  await eventually(() => after.shown.length > 1, { what: "something else that is shown" });
  await openRegister(device.page);
  await tapHere(device.page, second);
  await sendNow(device.page);
  const arrived = await server.export();
  for (const name of [first, second]) assert.equal(arrived.mark(name).versions.length, 1, name);
});

test("showing: a server that was restored from before a change knows the tablet all the same", async (t) => {
  const server = await t.server();
  const { device, heard, join } = await joining(t, server);
  const { page } = device;
  await page.route(CREDENTIAL, (route) => route.abort());
  await join();
  await openRegister(page);
  const [first, second] = await unmarked(page);
  await tapHere(page, first);
  await allSent(page);
  const copy = t.folder("copy");
  await server.keep(copy);
  await page.unroute(CREDENTIAL);
  await page.reload();
  await eventually(() => heard.shown.length > 1, { what: "something else that is shown" });
  const [given, next] = heard.shown;
  await sendNow(page);
  await server.putBack(copy);
  await tapHere(page, second);
  await page.getByRole("navigation", { name: en("shell.navigation") }).getByRole("link", { name: en("sent.title") }).click();
  await page.getByRole("button", { name: en("sent.send_now") }).click();
  await allSent(page);
  await server.holds("Blue tablet", 3);
  assert.deepEqual(heard.shown, [given, next, given]);
  // The change is asked for again, and made.
  await page.reload();
  await eventually(() => heard.shown.length > 3, { what: "the change that was lost" });
  assert.deepEqual(heard.shown, [given, next, given, next]);
  await seen(page.locator("h1"));
});

test("showing: a tablet whose key is gone says that the server does not know it, and keeps what it has", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  const { page } = tablet;
  await openRegister(page);
  const [name] = await unmarked(page);
  await page.evaluate(async () => {
    const done = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
    const database = await done(indexedDB.open("wellfield"));
    await done(database.transaction("meta", "readwrite").objectStore("meta").delete("signing"));
    database.close();
  });
  await page.reload();
  await tapHere(page, name);
  await page.getByRole("navigation", { name: en("shell.navigation") }).getByRole("link", { name: en("sent.title") }).click();
  await page.getByRole("button", { name: en("sent.send_now") }).click();
  await seen(page.getByText(en("sent.unknown_device")).first());
  await server.holds("Blue tablet", 1);
});
