// A new version of the app: it waits, and never takes a form away.

import assert from "node:assert/strict";
import { busyComputer, staffScreensWithoutSignal, visit } from "../lib/every-screen.mjs";
import { test } from "../lib/runner.mjs";
import { answer, handOver, openRegister, openToday, rowState, sendNow, tapHere, unlock, unmarked, write } from "../lib/screens.mjs";
import { becomesNextVersion, isNextVersion, startNewerServer } from "../lib/second-version.mjs";
import { eventually, gone, seen } from "../lib/wait.mjs";
import { en } from "../lib/words.mjs";

test("update: a new version waits until the person agrees, and then works without signal", async (t) => {
  const server = await t.server();
  const front = await startNewerServer(server);
  t.after(() => front.stop());
  const tablet = await t.tablet(front);
  const { page } = tablet;
  await page.reload();
  await seen(page.getByRole("heading", { level: 1, name: en("today.title") }));
  // A page knows by this whether it was loaded anew.
  await page.evaluate(() => (globalThis.same = true));
  const isSame = () => page.evaluate(() => globalThis.same === true);
  const isNewer = () => page.evaluate((mark) => fetch("/app/").then((reply) => reply.text()).then((text) => text.includes(mark)), front.mark);
  await openRegister(page);
  const [first] = await unmarked(page);
  await tapHere(page, first);
  await openToday(page);
  await page.getByRole("link", { name: en("notes.title") }).click();
  await page.getByLabel(en("notes.label")).fill("In the middle of a sentence");

  front.next();
  await page.evaluate(() => navigator.serviceWorker.getRegistration().then((registration) => registration.update()));
  await eventually(() => page.evaluate(() => navigator.serviceWorker.getRegistration().then((registration) => registration.waiting !== null)), { what: "the new version" });
  assert.equal(await page.getByLabel(en("notes.label")).inputValue(), "In the middle of a sentence");
  await gone(page.getByText(en("update.ready")));
  assert.equal(await isSame(), true);
  assert.equal(await isNewer(), false);

  await page.getByRole("button", { name: en("action.save") }).click();
  await seen(page.locator(".app-state"));
  await openToday(page);
  await seen(page.getByText(en("update.ready")));
  await page.getByRole("button", { name: en("update.later") }).click();
  await gone(page.getByText(en("update.ready")));
  assert.equal(await isSame(), true);

  // Opened again it is still the old version, and offers the new one again.
  await page.reload();
  await seen(page.getByText(en("update.ready")));
  assert.equal(await isNewer(), false);
  await page.evaluate(() => (globalThis.same = true));
  // The old worker gives way once it has nothing to do, or after half a minute, so nothing is asked of
  // it until the page is new: the parts of the app have come before.
  await page.waitForLoadState("networkidle");
  await page.getByRole("button", { name: en("update.now") }).click();
  await becomesNextVersion(page, async () => !(await isSame()));
  await eventually(isNewer, { what: "the new version in use" });
  await seen(page.getByRole("heading", { level: 1, name: en("today.title") }));
  await gone(page.getByText(en("update.ready")));
  await openRegister(page);
  assert.equal((await rowState(page, first)).pressed, en("register.mark_here"));

  await front.stop();
  await tablet.close();
  await tablet.start();
  await tablet.open(`${front.base}/app/`);
  assert.equal(await tablet.page.evaluate((mark) => fetch("/app/").then((reply) => reply.text()).then((text) => text.includes(mark)), front.mark), true);
  await openRegister(tablet.page);
  assert.equal((await rowState(tablet.page, first)).pressed, en("register.mark_here"));
});

test("update: a hand-over and its answers outlast a new version", async (t) => {
  const server = await t.server();
  const front = await startNewerServer(server);
  t.after(() => front.stop());
  const tablet = await t.tablet(front);
  const { page } = tablet;
  const second = await tablet.context.newPage();
  await tablet.open(`${front.base}/app/`, second);
  await page.getByRole("link", { name: en("pulse.hand_over") }).click();
  await page.getByRole("button", { name: new RegExp(`^${en("pulse.no_name")}`) }).click();
  await page.getByRole("button", { name: en("kiosk.start"), exact: true }).click();
  await page.getByLabel(en("pulse.day_good"), { exact: true }).check();
  await page.getByRole("button", { name: en("action.continue") }).click();
  await page.getByLabel(en("pulse.good_question")).fill("Being in the middle of");
  front.next();
  await page.evaluate(() => navigator.serviceWorker.getRegistration().then((registration) => registration.update()));
  await eventually(() => page.evaluate(() => navigator.serviceWorker.getRegistration().then((registration) => registration.waiting !== null)));
  // Somebody agrees in another tab: this one was not asked and stays as it is.
  await second.evaluate(() => {
    return new Promise((resolve) => {
      navigator.serviceWorker.addEventListener("controllerchange", resolve);
      navigator.serviceWorker.getRegistration().then((registration) => registration.waiting.postMessage("SKIP_WAITING"));
    });
  });
  assert.equal(await page.getByLabel(en("pulse.good_question")).inputValue(), "Being in the middle of");
  await page.getByRole("button", { name: en("action.continue") }).click();
  await seen(page.getByRole("heading", { level: 1, name: en("pulse.change_question") }));
  await page.reload();
  await seen(page.getByRole("heading", { level: 1, name: en("pulse.change_question") }));
});

test("update: the page's own requests do not hold it up", async (t) => {
  const server = await t.server();
  const front = await startNewerServer(server);
  t.after(() => front.stop());
  const { page } = await t.tablet(front);
  front.next();
  await page.evaluate(() => navigator.serviceWorker.getRegistration().then((registration) => registration.update()));
  await seen(page.getByText(en("update.ready")));
  // A file of the app is asked for all the time, until the page is gone.
  await page.evaluate(() => {
    const files = performance.getEntriesByType("resource").map(({ name }) => new URL(name)).filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith("/app/"));
    let next = 0;
    setInterval(() => fetch(files[next++ % files.length]).catch(() => {}), 1);
  });
  await page.getByRole("button", { name: en("update.now") }).click();
  await becomesNextVersion(page);
});

test("update: it is offered in the tab in which the app was opened for the first time", async (t) => {
  const server = await t.server();
  const front = await startNewerServer(server);
  t.after(() => front.stop());
  const { page } = await t.tablet(front);
  front.next();
  await page.evaluate(() => navigator.serviceWorker.getRegistration().then((registration) => registration.update()));
  await seen(page.getByText(en("update.ready")));
});

test(
  "update: it comes while two forms are half filled in, is agreed to, and then every screen opens without signal",
  async (t) => {
    const busy = await busyComputer(t, { before: startNewerServer });
    const { server, front, computer, page, people } = busy;
    t.after(() => front.stop());
    const notes = page.getByLabel(en("notes.label"));
    const good = page.getByLabel(en("pulse.good_question"));
    const offer = page.getByText(en("update.ready"));
    const toNotes = async () => {
      await openToday(page);
      await page.getByRole("link", { name: en("notes.title") }).click();
      await seen(notes);
    };
    const name = people[2];
    // Staff begin to write, and are called away; a participant is in the middle of a sentence.
    await toNotes();
    await notes.fill("In the middle of the notes");
    await openToday(page);
    await handOver(page, name);
    await page.getByRole("button", { name: en("kiosk.start_as", { name }) }).click();
    await answer(page, en("pulse.day_question"), en("pulse.day_good"));
    await good.fill("In the middle of an answer");
    front.next();
    await page.evaluate(() => navigator.serviceWorker.getRegistration().then((registration) => registration.update()));
    await eventually(() => page.evaluate(() => navigator.serviceWorker.getRegistration().then((registration) => registration.waiting !== null)), { what: "the new version" });
    assert.equal(await good.inputValue(), "In the middle of an answer");
    await gone(offer);
    await page.getByRole("button", { name: en("action.continue") }).click();
    await write(page, en("pulse.change_question"), "Nothing");
    await answer(page, en("pulse.safe_question"), en("pulse.felt_yes"));
    await unlock(page, computer.pin);
    // Back in the notes, which are as they were and are not disturbed either.
    await toNotes();
    await eventually(async () => (await notes.inputValue()) === "In the middle of the notes");
    await gone(offer);
    assert.equal(await isNextVersion(page), false);
    await openToday(page);
    await seen(offer);
    await page.getByRole("button", { name: en("update.now") }).click();
    await becomesNextVersion(page);
    await toNotes();
    await eventually(async () => (await notes.inputValue()) === "In the middle of the notes");
    await page.getByRole("button", { name: en("action.save") }).click();
    await seen(page.locator(".app-state"));
    await sendNow(page);
    const arrived = await server.export();
    assert.equal(arrived.notes.find(({ session }) => session === arrived.today.id).text, "In the middle of the notes");
    const [pulse, ...more] = arrived.pulses.filter(({ device_name: device }) => device === computer.name);
    assert.deepEqual([more.length, pulse.finished, pulse.answers.good.value], [0, true, "In the middle of an answer"]);
    await server.stop();
    await front.stop();
    await computer.kill();
    await computer.start();
    for (const screen of staffScreensWithoutSignal(busy)) {
      await visit(computer.page, front.base, screen);
      assert.ok(await isNextVersion(computer.page), `${screen[0]} is of the new version`);
    }
  },
  { minutes: 6 },
);
