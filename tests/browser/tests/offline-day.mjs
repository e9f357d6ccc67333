// A day on a dig with no signal, from setting the tablet up to every record at the server once.

import assert from "node:assert/strict";
import { test } from "../lib/runner.mjs";
import {
  allSent, back, chip, choose, consentLine, openPerson, openRegister, recordConsent, row, rowState, sendNow, summary, tapHere, tapNotHere, unmarked,
} from "../lib/screens.mjs";
import { counts, eventually, gone, reads, seen } from "../lib/wait.mjs";
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
  for (const name of [first, second, third]) {
    await seen(row(tablet.page, name).getByText(en("state.sent"), { exact: true }));
    assert.deepEqual((await rowState(tablet.page, name)).state, [en("state.sent")], name);
  }

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

test("offline day: everything a facilitator does is kept through a kill and arrives once", async (t) => {
  const server = await t.server();
  const streamsBefore = await delivered(server);
  const tablet = await t.tablet(server);
  const { page } = tablet;
  // The device introduces itself; without this the stop may fall between its arrival and its receipt.
  await allSent(page);
  await server.stop();
  await page.reload();
  await openRegister(page);
  const people = await unmarked(page);
  const [late, left, undone, away, consenting] = people;
  // What was recorded, by count, to compare with what arrives. The device introduced itself first.
  let records = 1;

  // One tap, and back.
  await tapHere(page, undone);
  await row(page, undone).getByRole("button", { name: en("action.undo") }).click();
  await counts(row(page, undone).locator('[aria-pressed="true"]'), 0);
  records += 2;

  // A second tap on the same button says nothing new.
  await tapHere(page, late);
  await row(page, late).getByRole("button", { name: en("register.mark_here"), exact: true }).click();
  records += 1;

  // More: late, left early, a reason, a note.
  await more(page, late, async () => {
    await page.getByLabel(en("more.late")).fill("10:45");
    await page.getByLabel(en("more.note")).fill("Bus was late");
  });
  await reads(row(page, late).locator(".app-row__state b"), en("mark.here_late", { since: "10:45" }));
  await more(page, left, async () => {
    await choose(page, en("more.question"), en("register.mark_here"));
    await page.getByLabel(en("more.late")).fill("12:00");
    await page.getByLabel(en("more.left")).fill("11:00");
    await page.getByRole("button", { name: en("action.save") }).click();
    await seen(page.getByRole("link", { name: en("more.left_before_arriving") }));
    await page.getByLabel(en("more.late")).fill("10:10");
    await page.getByLabel(en("more.left")).fill("12:30");
  });
  await reads(row(page, left).locator(".app-row__state b"), en("mark.here_left", { since: "10:10", left: "12:30" }));
  await more(page, away, async () => {
    await choose(page, en("more.question"), en("more.apologies"));
    await page.getByLabel(en("more.reason")).fill("Dentist");
  });
  await reads(row(page, away).locator(".app-row__state b"), `${en("mark.apologies")} · Dentist`);
  records += 3;

  // Search.
  const search = page.getByRole("searchbox", { name: en("register.search") });
  await search.fill(late.slice(0, 4).toUpperCase());
  await eventually(async () => (await page.getByRole("heading", { level: 3 }).allInnerTexts()).every((name) => name.toLowerCase().includes(late.slice(0, 4).toLowerCase())));
  await search.fill("zzzz");
  await seen(page.getByText(en("register.no_match")));
  // What a search hides cannot be marked in one go.
  await gone(page.getByRole("button", { name: /^Mark the other/ }));
  await page.getByRole("button", { name: en("register.clear_search") }).click();
  assert.equal(await search.inputValue(), "");
  await counts(page.getByRole("heading", { level: 3 }), people.length);

  // Somebody new at the gate.
  await page.getByRole("link", { name: en("add.title") }).click();
  await page.getByRole("button", { name: en("add.submit") }).click();
  await seen(page.getByRole("link", { name: en("add.name_missing") }));
  await page.getByLabel(en("add.name")).fill("Bethan");
  await page.getByRole("button", { name: en("add.submit") }).click();
  await seen(row(page, "Bethan").getByText(en("state.saved_here")));
  assert.equal((await rowState(page, "Bethan")).pressed, en("register.mark_here"));
  await seen(row(page, "Bethan").getByText(en("person.details_needed")));
  records += 2;

  // Who is on site now: those who are here and have not left.
  await page.getByRole("link", { name: en("onsite.title") }).click();
  await seen(page.getByText(en("onsite.count", { n: 2 })));
  const onSite = page.locator(".app-onsite > li");
  assert.deepEqual((await onSite.getByRole("link").filter({ hasNotText: /^Ring/ }).allInnerTexts()).sort(), [late, "Bethan"].sort());
  await seen(onSite.filter({ hasText: "Bethan" }).getByText(en("onsite.no_contact")));
  await back(page);

  // The rest as here: only rows without a mark, and it names their number.
  const { toMark } = await summary(page);
  assert.equal(toMark, people.length - 3);
  await page.getByRole("button", { name: en("register.mark_rest", { n: toMark }) }).click();
  await gone(page.getByRole("button", { name: /^Mark the other/ }));
  assert.equal((await rowState(page, away)).words, `${en("mark.apologies")} · Dentist`);
  records += toMark;
  await page.getByRole("link", { name: en("onsite.title") }).click();
  await seen(page.getByText(en("onsite.count", { n: toMark + 2 })));
  await seen(page.getByText(/^Agreed support: /));
  const ring = page.getByRole("link", { name: /^Ring .+: 0/ }).first();
  assert.match(await ring.getAttribute("href"), /^tel:0\d{9,10}$/);
  await back(page);

  // A person's page, and their consent: given, then withdrawn.
  await openPerson(page, consenting);
  await seen(page.getByRole("heading", { name: en("person.emergency") }));
  await seen(page.getByRole("heading", { name: en("person.needs") }));
  await recordConsent(page, "contact_later", { yes: true, giver: "Ann Other" });
  await seen(consentLine(page, "contact_later").getByText(en("consent.given"), { exact: true }));
  await recordConsent(page, "contact_later", { yes: false });
  await seen(consentLine(page, "contact_later").getByText(en("consent.withdrawn"), { exact: true }));
  await seen(consentLine(page, "contact_later").getByText(en("state.saved_here")));
  records += 2;

  // What was learnt of the person at the gate.
  await page.goBack();
  await page.goto(`${server.base}/app/`);
  await openRegister(page);
  await openPerson(page, "Bethan");
  await page.getByRole("link", { name: en("person.change"), exact: true }).first().click();
  await page.locator("#emergency-name").fill("Gwen");
  await page.getByRole("button", { name: en("action.save") }).click();
  await seen(page.getByRole("link", { name: en("person.emergency_phone_missing") }));
  await page.locator("#emergency-phone").fill("01632 960 111");
  await page.getByRole("button", { name: en("action.save") }).click();
  await seen(page.getByRole("link", { name: en("onsite.call", { who: "Gwen", phone: "01632 960 111" }) }));
  records += 1;

  // The notes of the session.
  await page.goto(`${server.base}/app/`);
  await page.getByRole("link", { name: en("notes.title") }).click();
  await page.getByLabel(en("notes.label")).fill("Rain until eleven.\nTrench 2 was a hit.");
  await page.getByRole("button", { name: en("action.save") }).click();
  await seen(page.getByText(en("state.saved_here")));
  records += 1;
  // The introduction had been sent before the signal went.
  const unsent = en("chip.no_signal", { n: records - 1 });
  await reads(chip(page), unsent);
  await tablet.kill();

  // Reopened without signal: all there, on every screen.
  await tablet.start();
  await tablet.open(`${server.base}/app/`);
  await check(tablet.page, { late, left, away, consenting, base: server.base });
  await reads(chip(tablet.page), unsent);

  // Back on line.
  await server.start();
  await sendNow(tablet.page);
  await server.holds("Blue tablet", records);
  assert.equal(await delivered(server), streamsBefore + records, "each record stands once in the stream");
  assert.deepEqual((await server.status()).quarantine, []);
  const arrived = await server.export();
  const marks = Object.fromEntries([late, left, undone, away, "Bethan"].map((name) => [name, arrived.mark(name)]));
  assert.deepEqual([marks[late].status, marks[late].late, marks[late].note], ["here", "10:45", "Bus was late"]);
  assert.deepEqual([marks[left].status, marks[left].late, marks[left].left], ["here", "10:10", "12:30"]);
  assert.deepEqual([marks[away].status, marks[away].absence, marks[away].reason], ["not_here", "apologies", "Dentist"]);
  assert.equal(marks.Bethan.status, "here");
  assert.equal(arrived.person("Bethan").joined, "walk_in");
  assert.equal(arrived.person("Bethan").details_needed, false);
  assert.equal(arrived.register.filter((entry) => entry.session === arrived.today.id).length, people.length + 1);
  assert.ok(arrived.register.every((entry) => entry.versions.length === 1 && !entry.check));
  assert.equal(arrived.consent(consenting, "contact_later"), "withdrawn");
  const ours = arrived.consents.filter((entry) => entry.device_name === "Blue tablet");
  assert.deepEqual(ours.map((entry) => entry.decision).sort(), ["given", "withdrawn"].sort());
  assert.ok(ours.every((entry) => /^[0-9a-f]{64}$/.test(entry.wording.sha256) && entry.recorded_by === "Siân"));
  assert.equal(ours.find((entry) => entry.decision === "given").giver_name, "Ann Other");
  const note = arrived.notes.find((entry) => entry.session === arrived.today.id);
  assert.equal(note.text, "Rain until eleven.\nTrench 2 was a hit.");

  // A second tablet shows the same.
  const other = await t.tablet(server, { name: "Red tablet", staff: "Owen" });
  await check(other.page, { late, left, away, consenting, base: server.base });
});

async function more(page, name, fill) {
  await row(page, name).getByRole("link", { name: en("register.more") }).click();
  await seen(page.getByRole("heading", { level: 1, name }));
  await fill();
  await page.getByRole("button", { name: en("action.save") }).click();
  await seen(page.getByRole("heading", { level: 1, name: /Register, session/ }));
  await seen(row(page, name).getByText(en("state.saved_here")));
}

async function delivered(server) {
  return (await server.status()).streams.find(({ stream }) => stream.startsWith("delivery/")).events;
}

async function check(page, { late, left, away, consenting, base }) {
  await openRegister(page);
  await reads(row(page, late).locator(".app-row__state b"), en("mark.here_late", { since: "10:45" }));
  await reads(row(page, left).locator(".app-row__state b"), en("mark.here_left", { since: "10:10", left: "12:30" }));
  await reads(row(page, away).locator(".app-row__state b"), `${en("mark.apologies")} · Dentist`);
  assert.equal((await rowState(page, "Bethan")).pressed, en("register.mark_here"));
  assert.equal((await summary(page)).toMark, 0);
  await openPerson(page, consenting);
  await seen(consentLine(page, "contact_later").getByText(en("consent.withdrawn"), { exact: true }));
  await page.goto(`${base}/app/`);
  await openRegister(page);
  await openPerson(page, "Bethan");
  await seen(page.getByRole("link", { name: en("onsite.call", { who: "Gwen", phone: "01632 960 111" }) }));
  await page.goto(`${base}/app/`);
  await page.getByRole("link", { name: en("notes.title") }).click();
  await eventually(async () => (await page.getByLabel(en("notes.label")).inputValue()) === "Rain until eleven.\nTrench 2 was a hit.");
  await page.goto(`${base}/app/`);
}
