// Two tablets that said different things while neither could hear the other.

import assert from "node:assert/strict";
import { test } from "../lib/runner.mjs";
import { consentLine, openPerson, openRegister, openToday, recordConsent, row, rowState, sendNow, tapHere, tapNotHere, unmarked } from "../lib/screens.mjs";
import { counts, eventually, gone, reads, seen } from "../lib/wait.mjs";
import { en, pattern } from "../lib/words.mjs";

test("two tablets: different marks for one person show Check this on both, and one choice settles it", async (t) => {
  const server = await t.server();
  const blue = await t.tablet(server, { name: "Blue tablet", staff: "Siân" });
  const red = await t.tablet(server, { name: "Red tablet", staff: "Owen" });
  await server.stop();
  await openRegister(blue.page);
  await openRegister(red.page);
  const [disputed, agreed] = await unmarked(blue.page);
  await tapHere(blue.page, disputed);
  await tapHere(blue.page, agreed);
  await tapNotHere(red.page, disputed);
  await tapHere(red.page, agreed);
  await server.start();
  await sendNow(blue.page);
  await sendNow(red.page);
  await sendNow(blue.page);

  for (const { page } of [blue, red]) {
    await seen(row(page, disputed).getByRole("link", { name: en("check.title") }));
    await seen(page.getByRole("link", { name: en("register.to_check", { n: 1 }) }));
    // Two tablets that said the same agree.
    await gone(row(page, agreed).getByRole("link", { name: en("check.title") }));
    await page.getByRole("navigation", { name: en("shell.navigation") }).getByRole("link", { name: en("check.title") }).click();
    const case_ = page.getByRole("region", { name: en("check.two_marks", { name: disputed }) });
    await seen(case_);
    const versions = await case_.locator(".app-check__version").allInnerTexts();
    assert.equal(versions.length, 2);
    const ofBlue = versions.find((text) => text.includes("Siân") && text.includes("Blue tablet"));
    const ofRed = versions.find((text) => text.includes("Owen") && text.includes("Red tablet"));
    assert.match(ofBlue, /Here · \d\d:\d\d/);
    assert.match(ofRed, /Not here/);
    assert.match(ofBlue, /\d\d:\d\d/);
  }
  assert.equal((await server.export()).mark(disputed).check, true);

  // A slip is taken back, and both answers stand again.
  await red.page.getByRole("button", { name: /^Use “Not here/ }).click();
  await seen(red.page.getByText(en("check.nothing")));
  await red.page.getByRole("button", { name: `${en("action.undo")}: ${disputed}` }).click();
  await seen(red.page.getByRole("region", { name: en("check.two_marks", { name: disputed }) }));
  await gone(red.page.getByText(en("check.nothing")));
  await red.page.getByRole("button", { name: /^Use “Here · \d\d:\d\d”/ }).click();
  await seen(red.page.getByText(en("check.nothing")));
  await sendNow(red.page);
  await sendNow(blue.page);
  for (const { page } of [blue, red]) {
    await seen(page.getByText(en("check.nothing")));
    await openToday(page);
    await openRegister(page);
    const state = await rowState(page, disputed);
    assert.equal(state.pressed, en("register.mark_here"));
    assert.deepEqual(state.state, [en("state.sent")]);
  }
  const settled = (await server.export()).mark(disputed);
  assert.deepEqual([settled.check, settled.status, settled.versions.length], [false, "here", 1]);
});

for (const first of ["withdrawal", "consent"]) {
  test(`two tablets: a withdrawal beats a consent given at the same time, with the ${first} arriving first`, async (t) => {
    const server = await t.server();
    const blue = await t.tablet(server, { name: "Blue tablet", staff: "Siân" });
    const red = await t.tablet(server, { name: "Red tablet", staff: "Owen" });
    const before = await server.export();
    const expected = new Set((await namesOnRegister(blue.page)).concat());
    const person = before.people.find(({ preferred_name: name }) => expected.has(name) && before.consent(name, "photo_reports") === "given").preferred_name;
    await server.stop();
    await openRegister(red.page);
    const withdraw = async () => {
      await openPerson(red.page, person);
      await recordConsent(red.page, "photo_reports", { yes: false });
      await seen(consentLine(red.page, "photo_reports").getByText(en("consent.withdrawn"), { exact: true }));
    };
    const give = async () => {
      await openPerson(blue.page, person);
      await recordConsent(blue.page, "photo_reports", { yes: true });
      await seen(consentLine(blue.page, "photo_reports").getByText(en("consent.given"), { exact: true }));
    };
    // The one that arrives first was recorded last, so that neither clock nor arrival decides alike.
    const order = first === "withdrawal" ? [give, withdraw] : [withdraw, give];
    for (const act of order) await act();
    await server.start();
    const [early, later] = first === "withdrawal" ? [red, blue] : [blue, red];
    await later.close();
    await sendNow(early.page);
    await early.close();
    await later.start();
    await later.open(`${server.base}/app/`);
    await sendNow(later.page);
    await early.start();
    await early.open(`${server.base}/app/`);
    await sendNow(early.page);
    for (const { page } of [blue, red]) {
      await openRegister(page);
      await openPerson(page, person);
      await seen(consentLine(page, "photo_reports").getByText(en("consent.withdrawn"), { exact: true }));
    }
    assert.equal((await server.export()).consent(person, "photo_reports"), "withdrawn");

    // A later consent that knows of the withdrawal holds.
    await consentLine(blue.page, "photo_reports").getByRole("link").click();
    await seen(blue.page.getByText(en("consent.again")));
    await blue.page.getByRole("link", { name: en("action.back"), exact: true }).click();
    await recordConsent(blue.page, "photo_reports", { yes: true });
    await seen(consentLine(blue.page, "photo_reports").getByText(en("consent.given"), { exact: true }));
    await sendNow(blue.page);
    await sendNow(red.page);
    await seen(consentLine(red.page, "photo_reports").getByText(en("consent.given"), { exact: true }));
    assert.equal((await server.export()).consent(person, "photo_reports"), "given");
  });
}

async function namesOnRegister(page) {
  await openRegister(page);
  return page.getByRole("heading", { level: 3 }).allInnerTexts();
}

test("two tablets: notes written at once are both kept and shown", async (t) => {
  const server = await t.server();
  const blue = await t.tablet(server, { name: "Blue tablet", staff: "Siân" });
  const red = await t.tablet(server, { name: "Red tablet", staff: "Owen" });
  await server.stop();
  for (const [{ page }, text] of [[blue, "Blue wrote this"], [red, "Red wrote that"]]) {
    await page.getByRole("link", { name: en("notes.title") }).click();
    await page.getByLabel(en("notes.label")).fill(text);
    await page.getByRole("button", { name: en("action.save") }).click();
    await seen(page.getByText(en("state.saved_here")));
  }
  await server.start();
  await sendNow(blue.page);
  await sendNow(red.page);
  await sendNow(blue.page);
  for (const { page } of [blue, red]) {
    await seen(page.locator(".govuk-inset-text").filter({ hasText: "Blue wrote this" }));
    await seen(page.locator(".govuk-inset-text").filter({ hasText: "Red wrote that" }));
  }
  const arrived = await server.export();
  const note = arrived.notes.find((entry) => entry.session === arrived.today.id);
  assert.deepEqual(note.versions.map((version) => version.text).sort(), ["Blue wrote this", "Red wrote that"]);
});

test("two tabs of one tablet: a mark in one appears in the other, and any of them sends", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  const one = tablet.page;
  const two = await tablet.context.newPage();
  await tablet.open(`${server.base}/app/`, two);
  await openRegister(one);
  await openRegister(two);
  const [first, second, third, fourth] = await unmarked(one);
  await tapHere(one, first);
  await eventually(async () => (await rowState(two, first)).pressed === en("register.mark_here"));
  await server.stop();
  // Both at once: the numbers of the log never collide.
  await Promise.all([tapHere(one, second), tapNotHere(two, third)]);
  await eventually(async () => (await rowState(two, second)).pressed === en("register.mark_here"));
  await eventually(async () => (await rowState(one, third)).pressed === en("register.mark_not_here"));
  await server.start();
  // The first tab has held the right to send since it was opened. It goes without a word.
  await crash(tablet, one);
  await tapHere(two, fourth);
  await sendNow(two);
  await server.holds("Blue tablet", 5);
  const arrived = await server.export();
  for (const name of [first, second, third, fourth]) assert.equal(arrived.mark(name).versions.length, 1);
  const numbers = [first, second, third, fourth].map((name) => arrived.mark(name).event.split("-")[1]);
  assert.equal(new Set(numbers).size, 4);
  assert.deepEqual((await server.status()).quarantine, []);
  await reads(two.locator(".app-header").getByRole("status"), pattern(en, "chip.all_sent_at", "when"));
  await counts(two.getByRole("link", { name: en("check.title") }), 1);
});

/** Ends the process of one tab. */
async function crash(tablet, page) {
  const session = await tablet.context.newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  session.send("Page.crash").catch(() => {});
  await crashed;
}
