// What goes wrong on a tablet and on the way to the server: it is said, and nothing is lost.

import assert from "node:assert/strict";
import { SIZES } from "../lib/device.mjs";
import { cutOff, empty, redirect, signIn, startPortal, stranger } from "../lib/portal.mjs";
import { confirm, fillIn } from "../lib/refer.mjs";
import { test } from "../lib/runner.mjs";
import { allSent, answer, chip, openRegister, row, rowState, sendNow, tapHere, unmarked } from "../lib/screens.mjs";
import { holdDatabase, startWithRoom, withoutStorage } from "../lib/storage.mjs";
import { counts, eventually, gone, reads, seen } from "../lib/wait.mjs";
import { en } from "../lib/words.mjs";

// A browser that runs out of room undoes the change, and not every one tells why.
const FULL = new RegExp([en("store.full"), en("store.undone")].map((text) => text.replaceAll(".", "\\.")).join("|"));

for (const [what, answers] of Object.entries({ signIn, redirect, empty, stranger, cutOff })) {
  test(`faults: something else answers (${what}): nothing is cleared, and the server gets it later`, async (t) => {
    const server = await t.server();
    const tablet = await t.tablet(server);
    const { page } = tablet;
    await server.stop();
    const portal = await startPortal(server.port, answers);
    t.after(() => portal.stop());
    await openRegister(page);
    const [first] = await unmarked(page);
    await tapHere(page, first);
    await eventually(() => portal.asked.some((line) => line === "POST /v1/push"), { what: "a try to send" });
    await reads(chip(page), en("chip.no_signal", { n: 1 }));
    assert.deepEqual((await rowState(page, first)).state, [en("state.saved_here")]);
    // The app still opens: its own files are on the tablet.
    await tablet.close();
    await tablet.start();
    await tablet.open(`${server.base}/app/`);
    await openRegister(tablet.page);
    assert.deepEqual((await rowState(tablet.page, first)).state, [en("state.saved_here")]);
    await portal.stop();
    await server.start();
    await sendNow(tablet.page);
    assert.equal((await server.export()).mark(first).versions.length, 1);
    await server.holds("Blue tablet", 2);
  });
}

test("faults: a full tablet says so, what was typed stays, and saves once there is room", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  const notes = await tablet.page.getByRole("link", { name: en("notes.title") }).getAttribute("href");
  let makeRoom = await startWithRoom(tablet, server.base, 1_000);
  let { page } = tablet;
  await tablet.open(server.base + notes);
  const text = "A long day. ".repeat(100).trim();
  await page.getByLabel(en("notes.label")).fill(text);
  await page.getByRole("button", { name: en("action.save") }).click();
  await seen(page.getByRole("alert").getByText(en("store.not_saved")));
  await seen(page.getByRole("alert").getByText(FULL));
  assert.equal(await page.getByLabel(en("notes.label")).inputValue(), text);
  await gone(page.locator(".app-state"));
  await makeRoom();
  await page.getByRole("button", { name: en("action.save") }).click();
  await seen(page.locator(".app-state"));
  await gone(page.getByRole("alert"));
  // The same on the register: no mark is shown that was not kept.
  makeRoom = await startWithRoom(tablet, server.base, 1_000);
  ({ page } = tablet);
  await tablet.open(`${server.base}/app/`);
  await openRegister(page);
  const [first] = await unmarked(page);
  await row(page, first).getByRole("button", { name: en("register.mark_here"), exact: true }).click();
  await seen(page.getByRole("alert").getByText(FULL));
  assert.equal((await rowState(page, first)).pressed, null);
  await makeRoom();
  await tapHere(page, first);
  await gone(page.getByRole("alert"));
  await sendNow(page);
  const arrived = await server.export();
  assert.equal(arrived.notes.find((note) => note.session === arrived.today.id).text, text);
  assert.equal(arrived.mark(first).versions.length, 1);
});

test("faults: a full tablet in a participant's hands keeps the answer on screen", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  await tablet.page.getByRole("link", { name: en("pulse.hand_over") }).click();
  await tablet.page.getByRole("button", { name: new RegExp(`^${en("pulse.no_name")}`) }).click();
  await tablet.page.getByRole("button", { name: en("kiosk.start"), exact: true }).click();
  await answer(tablet.page, en("pulse.day_question"), en("pulse.day_good"));
  await seen(tablet.page.getByLabel(en("pulse.good_question")));
  const makeRoom = await startWithRoom(tablet, server.base, 1_000);
  const { page } = tablet;
  await tablet.open(`${server.base}/app/`);
  await page.getByLabel(en("pulse.good_question")).fill("The tea");
  await page.getByRole("button", { name: en("action.continue") }).click();
  await seen(page.getByRole("alert").getByText(FULL));
  assert.equal(await page.getByLabel(en("pulse.good_question")).inputValue(), "The tea");
  await makeRoom();
  await page.getByRole("button", { name: en("action.continue") }).click();
  await seen(page.getByRole("heading", { level: 1, name: en("pulse.change_question") }));
});

for (const way of ["undefined", "null", "refuses", "fails"]) {
  test(`faults: a browser that keeps nothing (indexedDB ${way}) says so plainly`, async (t) => {
    const server = await t.server();
    const device = await t.device();
    await withoutStorage(device.context, way);
    await device.open(`${server.base}/app/`);
    await seen(device.page.getByRole("heading", { level: 1, name: en("store.no_start") }));
    await seen(device.page.getByText(en("store.unavailable")));
    await seen(device.page.getByRole("link", { name: en("action.try_again") }));
  });
}

test("faults: a phone that keeps nothing sends with signal, and without it says so and keeps what was typed", async (t) => {
  const server = await t.server();
  const phone = await t.device({ size: SIZES.smallPhone });
  await withoutStorage(phone.context, "null");
  await phone.open(`${server.base}/r/`);
  await fillIn(phone.page);
  await server.stop();
  await confirm(phone.page);
  const notice = phone.page.getByRole("alert");
  await seen(notice.getByText(en("refer.not_sent")));
  await seen(notice.getByText(en("refer.not_sent_text")));
  assert.match(await notice.getByRole("link").getAttribute("href"), /^tel:0\d+$/);
  await seen(phone.page.getByText("Nia Test"));
  await server.start();
  await confirm(phone.page);
  await seen(phone.page.getByRole("heading", { level: 1, name: en("refer.received_title") }));
  assert.equal((await server.export()).referrals.filter(({ name }) => name === "Nia Test").length, 1);
});

test("faults: another tab that blocks the storage is named, and the app opens when it is gone", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  await tablet.page.goto("about:blank");
  // One tab holds the database and does not let go, a second one waits for a newer version of it.
  const holder = await tablet.context.newPage();
  await holder.goto(`${server.base}/healthz`);
  assert.equal(await holdDatabase(holder, "wellfield", undefined), "open");
  const waiting = await tablet.context.newPage();
  await waiting.goto(`${server.base}/healthz`);
  assert.equal(await holdDatabase(waiting, "wellfield", 99), "blocked");
  await tablet.open(`${server.base}/app/`);
  await seen(tablet.page.getByRole("heading", { level: 1, name: en("store.no_start") }));
  await seen(tablet.page.getByText(en("store.blocked")));
  await waiting.close();
  await holder.close();
  await tablet.page.getByRole("link", { name: en("action.try_again") }).click();
  await seen(tablet.page.getByRole("heading", { level: 1, name: en("today.title") }));
});

test("faults: storage of a newer version is said, at the start and while the app is open", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  await openRegister(tablet.page);
  const [first] = await unmarked(tablet.page);
  const newer = await tablet.context.newPage();
  await newer.goto(`${server.base}/healthz`);
  // The open app lets go of the database, so that it never holds up a newer version.
  assert.equal(await holdDatabase(newer, "wellfield", 99), "open");
  await row(tablet.page, first).getByRole("button", { name: en("register.mark_here"), exact: true }).click();
  await seen(tablet.page.getByRole("alert").getByText(en("store.too_new")));
  assert.equal((await rowState(tablet.page, first)).pressed, null);
  await tablet.page.reload();
  await seen(tablet.page.getByText(en("store.too_new")));
});

test("faults: a device that was taken out of use delivers its records and deletes everything", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  const { page } = tablet;
  const [{ device }] = (await server.status()).devices;
  const second = await tablet.context.newPage();
  await tablet.open(`${server.base}/app/`, second);
  const locked = await tablet.context.newPage();
  tablet.unlocksItself = false;
  await locked.goto(`${server.base}/app/`);
  await seen(locked.getByRole("heading", { level: 1, name: en("lock.title") }));
  tablet.unlocksItself = true;
  await openRegister(page);
  const [first] = await unmarked(page);
  await server.stop();
  await tapHere(page, first);
  await server.revoke(device);
  await server.start();
  // In every tab: the one that sends, the one that does not, and the one that nobody opened.
  for (const tab of [page, second, locked]) {
    await seen(tab.getByRole("heading", { level: 1, name: en("taken_out.title") }));
  }
  assert.equal((await server.export()).mark(first), undefined);
  // A coordinator sees what it delivered, and takes it in.
  const office = await t.tablet(server, { role: "coordinator", name: "Office computer" });
  await office.open(`${server.base}/app/check`);
  await seen(office.page.getByRole("heading", { name: first }));
});

test("faults: what is recorded in a second tab while the first one is being emptied is not called saved", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  const { page } = tablet;
  const [{ device }] = (await server.status()).devices;
  await openRegister(page);
  const [first] = await unmarked(page);
  // This tab does not hear of the other ones.
  const other = await tablet.context.newPage();
  await other.addInitScript(() => delete globalThis.BroadcastChannel);
  await tablet.open(`${server.base}/app/`, other);
  await openRegister(other);
  await server.revoke(device);
  await page.getByRole("navigation", { name: en("shell.navigation") }).getByRole("link", { name: en("sent.title") }).click();
  await page.getByRole("button", { name: en("sent.send_now") }).click();
  await seen(page.getByRole("heading", { level: 1, name: en("taken_out.title") }));
  await row(other, first).getByRole("button", { name: en("register.mark_here"), exact: true }).click();
  await seen(other.getByRole("alert").getByText(en("store.taken_out")));
});

test("faults: a server restored from an older copy gets every record again", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  const { page } = tablet;
  await openRegister(page);
  const [first, second, third] = await unmarked(page);
  await tapHere(page, first);
  await allSent(page);
  const copy = t.folder("copy");
  await server.keep(copy);
  await tapHere(page, second);
  await sendNow(page);
  await server.holds("Blue tablet", 3);
  await server.putBack(copy);
  await tapHere(page, third);
  await sendNow(page);
  await server.holds("Blue tablet", 4);
  const arrived = await server.export();
  for (const name of [first, second, third]) assert.equal(arrived.mark(name)?.versions.length, 1, name);
  await counts(page.locator(".app-row--check"), 0);
});

test("faults: what is typed into the notes survives a kill before it is saved", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  await server.stop();
  await tablet.page.getByRole("link", { name: en("notes.title") }).click();
  await tablet.page.getByLabel(en("notes.label")).fill("Not saved yet");
  const address = tablet.page.url();
  // The draft is kept at a pause in typing.
  await eventually(
    () =>
      tablet.page.evaluate(async () => {
        const open = indexedDB.open("wellfield");
        const database = await new Promise((resolve) => (open.onsuccess = () => resolve(open.result)));
        const all = database.transaction("drafts").objectStore("drafts").count();
        const drafts = await new Promise((resolve) => (all.onsuccess = () => resolve(all.result)));
        database.close();
        return drafts === 1;
      }),
    { what: "the draft on disk" },
  );
  await tablet.kill();
  await tablet.start();
  await tablet.open(address);
  await eventually(async () => (await tablet.page.getByLabel(en("notes.label")).inputValue()) === "Not saved yet");
});
