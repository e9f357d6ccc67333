// What the server set aside: a coordinator reads it beside what the register says, and decides.

import assert from "node:assert/strict";
import path from "node:path";
import { examine } from "../lib/accessibility.mjs";
import { ONS4, giveSurvey, openSurveyOf, planSurvey, reply, walkIn } from "../lib/evaluation.mjs";
import { test } from "../lib/runner.mjs";
import { openPerson, openRegister, recordConsent, rowState, sendNow, tapHere, tapNotHere, unlock, unmarked } from "../lib/screens.mjs";
import { counts, eventually, gone, seen } from "../lib/wait.mjs";
import { en } from "../lib/words.mjs";

const navigation = (page) => page.getByRole("navigation", { name: en("shell.navigation") });

const openCheck = async (page) => {
  await navigation(page).getByRole("link", { name: en("check.title") }).click();
  await seen(page.getByRole("heading", { level: 1, name: en("check.title") }));
};

const openSent = async (page) => {
  await page.getByRole("link", { name: en("sent.title") }).click();
  await seen(page.getByRole("heading", { level: 1, name: en("sent.title") }));
};

/** One record that was set aside, by its heading. */
const record = (page, title) => page.getByRole("region", { name: title, exact: true });

/** Shuts a tablet out and has the coordinator's computer take in what it could not send. */
async function lose(t, server, tablet, computer, records) {
  await openSent(tablet.page);
  const [download] = await Promise.all([
    tablet.page.waitForEvent("download"),
    tablet.page.getByRole("button", { name: en("copy.make") }).click(),
  ]);
  const file = path.join(t.folder("copy"), download.suggestedFilename());
  await download.saveAs(file);
  const { devices } = await server.status();
  await server.revoke(devices.find((device) => device.name === tablet.name).device);
  await tablet.close();
  await server.start();
  const { page } = computer;
  await openSent(page);
  await page.getByLabel(en("take_in.label")).setInputFiles(file);
  await seen(page.getByRole("status").getByText(en("take_in.aside", { n: records })));
  assert.equal((await server.status()).quarantine.length, records);
}

test("set aside: a record of a lost tablet is used as it was recorded, another is left out, and both can be undone", async (t) => {
  const server = await t.server();
  const blue = await t.tablet(server, { name: "Blue tablet", staff: "Siân" });
  const red = await t.tablet(server, { name: "Red tablet", staff: "Owen" });
  const computer = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  const { page } = computer;
  await openRegister(blue.page);
  await openRegister(red.page);
  const [first, second] = await unmarked(blue.page);
  // Another tablet says something else of one of them, and that arrives.
  await tapNotHere(red.page, first);
  await sendNow(red.page);
  await server.holds("Blue tablet", 1);
  await server.stop();
  await tapHere(blue.page, first);
  await tapHere(blue.page, second);

  // Without signal the screen says so, and asks again when it is told to.
  await openCheck(page);
  await seen(page.getByRole("alert").getByText(en("aside.no_signal")));
  await gone(page.getByText(en("check.nothing")));
  await lose(t, server, blue, computer, 2);
  assert.equal((await server.export()).mark(first).status, "not_here");
  await sendNow(page);

  await openCheck(page);
  const one = record(page, en("aside.kind_mark", { name: first }));
  const other = record(page, en("aside.kind_mark", { name: second }));
  await seen(one.getByText(/Owen/));
  const [says, now] = await one.locator(".app-check__version").allInnerTexts();
  for (const part of [/Here · \d\d:\d\d/, /Siân/, /Blue tablet/]) assert.match(says, part);
  for (const part of [/Not here/, /Owen/, /Red tablet/]) assert.match(now, part);
  await seen(one.getByText(en("aside.not_allowed")));
  await seen(other.getByText(en("aside.now_nothing")));
  assert.deepEqual(await examine(page, "set-aside"), []);

  // Used: the register shows it, everywhere.
  await one.getByRole("button", { name: new RegExp(`^${en("aside.use")}`) }).click();
  await gone(one);
  await seen(page.getByText(en("aside.you_used", { what: en("aside.kind_mark", { name: first }) })));
  await sendNow(page);
  await sendNow(red.page);
  await eventually(async () => (await rowState(red.page, first)).pressed === en("register.mark_here"));
  let arrived = (await server.export()).mark(first);
  assert.deepEqual([arrived.check, arrived.status], [false, "here"]);

  // It was used on an earlier visit now, so that it is listed and there is no way back.
  await openCheck(page);
  await page.locator("summary").filter({ hasText: en("aside.decided", { n: 1 }) }).click();
  await seen(page.getByRole("listitem").filter({ hasText: en("aside.kind_mark", { name: first }) }).getByText(new RegExp(`^${en("aside.used")} · .*Mari`)));

  // The other is used and that is undone: nothing stood before, and nothing stands.
  await other.getByRole("button", { name: new RegExp(`^${en("aside.use")}`) }).click();
  await gone(other);
  await page.getByRole("button", { name: new RegExp(`^${en("action.undo")}.*${second}`) }).click();
  await seen(other);
  await sendNow(page);
  arrived = (await server.export()).mark(second);
  assert.deepEqual([arrived.check, arrived.status], [false, "unmarked"]);

  // It is left out, that is undone, and it is left out for good.
  await openCheck(page);
  const leave = other.getByRole("button", { name: new RegExp(`^${en("aside.leave_out")}`) });
  await leave.click();
  await gone(other);
  await seen(page.getByText(en("check.nothing")));
  await page.getByRole("button", { name: new RegExp(`^${en("action.undo")}.*${second}`) }).click();
  await seen(other);
  await leave.press("Enter");
  await gone(other);
  await sendNow(page);
  await counts(page.locator(".app-check"), 0);
  assert.equal((await server.export()).mark(second).status, "unmarked");

  // The screen of devices leads nowhere any more.
  await navigation(page).getByRole("link", { name: en("coordinator.title") }).click();
  await page.getByRole("list").getByRole("link", { name: en("devices.title"), exact: true }).click();
  await seen(page.getByText(en("aside.none")));
});

test("set aside: a consent counts for good, so the box has to be ticked first", async (t) => {
  const server = await t.server();
  const blue = await t.tablet(server, { name: "Blue tablet", staff: "Siân" });
  const computer = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  const { page } = computer;
  const before = await server.export();
  await openRegister(blue.page);
  const onRegister = await blue.page.getByRole("heading", { level: 3 }).allInnerTexts();
  const person = onRegister.find((name) => before.consent(name, "photo_reports") === "given");
  await server.holds("Blue tablet", 1);
  await server.stop();
  await openPerson(blue.page, person);
  await recordConsent(blue.page, "photo_reports", { yes: false });
  await lose(t, server, blue, computer, 1);
  assert.equal((await server.export()).consent(person, "photo_reports"), "given");

  await openCheck(page);
  const one = record(page, en("aside.kind_consent", { name: person }));
  await seen(one.getByText(`${en("purpose.photo_reports")}: ${en("consent.withdrawn")}`));
  await seen(one.getByText(`${en("purpose.photo_reports")}: ${en("consent.given")}`));
  await seen(one.getByText(en("aside.for_good")));
  const use = one.getByRole("button", { name: new RegExp(`^${en("aside.use")}`) });
  await use.click();
  await seen(one.getByRole("alert").getByText(en("aside.confirm_missing")));
  assert.equal((await server.export()).consent(person, "photo_reports"), "given");
  assert.deepEqual(await examine(page, "set-aside-for-good"), []);
  await one.getByLabel(en("aside.confirm")).check();
  await use.click();
  await gone(one);
  await seen(page.getByText(en("aside.you_used", { what: en("aside.kind_consent", { name: person }) })));
  await gone(page.getByRole("button", { name: new RegExp(`^${en("action.undo")}`) }));
  await sendNow(page);
  assert.equal((await server.export()).consent(person, "photo_reports"), "withdrawn");
});

test("set aside: what somebody answered on a tablet that was lost counts once a coordinator uses it", async (t) => {
  const server = await t.server();
  const computer = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  const { page } = computer;
  await planSurvey(page, server.base, { size: "size_small", topics: ["topic_wellbeing"] });
  await sendNow(page);
  const blue = await t.tablet(server, { name: "Blue tablet", staff: "Siân" });
  await walkIn(blue.page, "Bethan", { agrees: true });
  await sendNow(blue.page);
  await server.stop();
  await openSurveyOf(blue.page, "Bethan");
  await giveSurvey(blue.page, "Bethan");
  for (const question of ONS4) await reply(blue.page, question, "7");
  await seen(blue.page.getByRole("heading", { level: 1, name: en("kiosk.thanks") }));
  await unlock(blue.page, "4821");
  // The answers, and that she was asked.
  await lose(t, server, blue, computer, 2);
  const said = async () => {
    const arrived = await server.export();
    const bethan = arrived.person("Bethan").id;
    return arrived.measures.filter(({ person }) => person === bethan).map((sheet) => sheet.replies.map(({ value }) => value));
  };
  assert.deepEqual(await said(), []);

  await sendNow(page);
  await openCheck(page);
  const one = record(page, en("aside.kind_measures", { name: "Bethan" }));
  await seen(one.getByText(en("aside.for_good")));
  await one.getByLabel(en("aside.confirm")).check();
  await one.getByRole("button", { name: new RegExp(`^${en("aside.use")}`) }).click();
  await gone(one);
  assert.deepEqual(await examine(page, "set-aside-answers"), []);
  await sendNow(page);
  assert.deepEqual(await said(), [[7, 7, 7, 7]]);
});
