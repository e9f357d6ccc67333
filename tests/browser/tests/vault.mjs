// A tablet that is locked, and what whoever takes it away finds.

import assert from "node:assert/strict";
import { Canaries, fillEveryField, found, leave } from "../lib/canary.mjs";
import { busyComputer, staffScreens, visit } from "../lib/every-screen.mjs";
import { examine } from "../lib/accessibility.mjs";
import { test } from "../lib/runner.mjs";
import { answer, handOver, openRegister, row, sendNow, tapHere, unlock, unmarked } from "../lib/screens.mjs";
import { eventually, gone, seen } from "../lib/wait.mjs";
import { storedRows } from "../lib/vault.mjs";
import { en } from "../lib/words.mjs";

const heading = (page, key, values) => seen(page.getByRole("heading", { level: 1, name: en(key, values), exact: true }));
const press = (page, key) => page.getByRole("button", { name: en(key), exact: true }).click();
const locked = (page) => heading(page, "lock.title");

/** Types words into the lock. */
async function openWith(page, words) {
  await page.getByLabel(en("lock.words"), { exact: true }).fill(words);
  await press(page, "lock.open");
}

test("vault: nothing that was typed anywhere lies readable on the disk", async (t) => {
  const busy = await busyComputer(t);
  const { computer, server, page, people } = busy;
  const canaries = new Canaries();
  const { people: known } = await server.export();
  for (const { preferred_name: name } of known) if (name.length > 5) canaries.drawn.set(name, "a name that was received");
  const screens = staffScreens(busy).filter(([name]) => !/^no-such|-error$/.test(name));
  let fields = 0;
  for (const screen of screens) {
    await visit(page, server.base, screen);
    fields += await fillEveryField(page, canaries, screen[0]);
    // What is typed into some fields is kept at a pause; what a form sends is kept at once.
    const main = page.locator("main form button[type=submit]:visible").first();
    if (await main.count()) await main.click();
  }
  // Where an error came the form was not sent, so this one is filled in once more as people do.
  await visit(page, server.base, screens.find(([name]) => name === "add"));
  await page.locator("#name").fill(canaries.draw("add, kept"));
  await press(page, "add.submit");
  await seen(page.getByRole("heading", { level: 1, name: /Register, session/ }));
  await visit(page, server.base, ["concern", "/app/concern"]);
  fields += await fillEveryField(page, canaries, "concern");
  await visit(page, server.base, ["register", `/app/session/${busy.session}`]);
  // Not the person whose name was changed above.
  const [, , , name] = people;
  await handOver(page, name);
  await page.getByRole("button", { name: en("kiosk.start_as", { name }) }).click();
  await answer(page, en("pulse.day_question"), en("pulse.day_good"));
  fields += await fillEveryField(page, canaries, "hand-over good");
  await press(page, "action.continue");
  await seen(page.getByRole("heading", { level: 1, name: en("pulse.change_question") }));
  fields += await fillEveryField(page, canaries, "hand-over change");
  await press(page, "action.continue");
  await answer(page, en("pulse.safe_question"), en("pulse.felt_yes"));
  await unlock(page, computer.pin);
  assert.ok(fields >= 25, `${fields} fields`);

  computer.unlocksItself = false;
  await page.goto(`${server.base}/app/settings/people`);
  await locked(page);
  const shown = await page.content();
  for (const [text, field] of canaries.drawn) assert.ok(!shown.includes(text), `${field} on the locked screen`);
  const control = new Canaries().draw("control");
  await leave(page, control);
  await computer.close();
  const texts = [...canaries.drawn.keys(), computer.words, computer.words.split(" ").slice(0, 2).join(" "), computer.sheet];
  const hits = await found(computer.profile, texts);
  assert.deepEqual(hits.map(({ file, text }) => `${canaries.drawn.get(text) ?? "a secret"} in ${file}`), []);
  const controls = ["bytes", "text", "setting"].map((kind) => `${control}-${kind}`);
  const there = new Set((await found(computer.profile, controls)).map(({ text }) => text));
  assert.deepEqual([...there].sort(), controls.sort(), "the search finds what is there");
}, { minutes: 6 });

test("vault: two people open one tablet with words of their own, and one is taken away", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server, { staff: "Siân" });
  const { page } = tablet;
  const first = tablet.words;
  await server.stop();
  await page.goto(`${server.base}/app/settings/people`);
  await press(page, "lock.add");
  await page.getByLabel(en("lock.their_name"), { exact: true }).fill("Tom");
  await page.getByLabel(en("lock.their_pin"), { exact: true }).fill("1379");
  await page.getByLabel(en("lock.own_words"), { exact: true }).fill("five words of somebody else");
  await press(page, "action.continue");
  await seen(page.locator(".govuk-error-summary").getByText(en("lock.wrong")));
  await page.getByLabel(en("lock.own_words"), { exact: true }).fill(first);
  await press(page, "action.continue");
  await heading(page, "lock.their_words", { name: "Tom" });
  assert.deepEqual(await examine(page, "people-words"), []);
  assert.ok(!(await page.title()).includes("Tom"));
  const second = await page.locator("#drawn-words").innerText();
  await page.getByLabel(en("lead.type_words")).fill(second);
  await press(page, "action.save");
  await seen(page.getByText(en("lock.added", { name: "Tom" })));
  assert.deepEqual(await examine(page, "people-two"), []);

  // Tom opens it, without signal, and what he records stands under his name.
  tablet.unlocksItself = false;
  await press(page, "lock.now");
  await locked(page);
  assert.deepEqual(await examine(page, "locked"), []);
  await openWith(page, "five words of somebody else");
  await seen(page.locator(".govuk-error-summary").getByText(en("lock.wrong")));
  assert.deepEqual(await examine(page, "locked-error"), []);
  await openWith(page, second);
  await heading(page, "lock.people");
  await page.getByRole("link", { name: en("today.title") }).click();
  await openRegister(page);
  const [name] = await unmarked(page);
  await tapHere(page, name);
  await server.start();
  await sendNow(page);
  const arrived = await server.export();
  assert.equal(arrived.mark(name).versions[0].recorded_by, "Tom");

  await page.goto(`${server.base}/app/settings/people`);
  await openWith(page, second);
  await page.getByRole("button", { name: `${en("lock.take_away")} Siân`, exact: true }).click();
  await heading(page, "lock.take_away_named", { name: "Siân" });
  assert.deepEqual(await examine(page, "people-take-away"), []);
  // Whoever finds the tablet open takes nobody away.
  await press(page, "lock.take_away");
  await seen(page.locator(".govuk-error-summary").getByText(en("settings.old_pin_wrong")));
  assert.deepEqual(await examine(page, "people-take-away-error"), []);
  await page.getByLabel(en("settings.old_pin")).fill("1379");
  await press(page, "lock.take_away");
  await seen(page.getByText(en("lock.taken_away", { name: "Siân" })));
  await press(page, "lock.now");
  await openWith(page, first);
  await seen(page.locator(".govuk-error-summary").getByText(en("lock.wrong")));
  await openWith(page, second);
  await heading(page, "lock.people");
});

test("vault: a locked tablet sends what is on it, and stays locked", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  const { page } = tablet;
  await sendNow(page);
  await server.stop();
  await openRegister(page);
  const names = (await unmarked(page)).slice(0, 2);
  for (const name of names) await tapHere(page, name);
  tablet.unlocksItself = false;
  await page.reload();
  await locked(page);
  await seen(page.getByText(en("lock.sending", { n: 2 })));
  assert.deepEqual(await examine(page, "locked-unsent"), []);
  await server.start();
  await seen(page.getByText(en("lock.all_sent")));
  assert.deepEqual(await examine(page, "locked-sent"), []);
  const arrived = await server.export();
  for (const name of names) assert.equal(arrived.mark(name).versions.length, 1);
  await locked(page);
  const shown = await page.content();
  for (const name of names) assert.ok(!shown.includes(name), `${name} on the locked screen`);
  // Opened again, it knows that they were sent, and nothing is sent twice.
  await openWith(page, tablet.words);
  await seen(row(page, names[0]));
  await sendNow(page);
  const later = await server.export();
  for (const name of names) assert.equal(later.mark(name).versions.length, 1);
  assert.deepEqual(later.quarantined ?? [], []);
});

test("vault: a locked tablet that was taken out of use delivers what is on it and deletes it", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  const { page } = tablet;
  await sendNow(page);
  const [{ device }] = (await server.status()).devices;
  await server.stop();
  await openRegister(page);
  const [name] = await unmarked(page);
  await tapHere(page, name);
  tablet.unlocksItself = false;
  await page.reload();
  await seen(page.getByText(en("lock.sending", { n: 1 })));
  await server.start();
  await server.revoke(device);
  await page.reload();
  await heading(page, "taken_out.title");
  assert.deepEqual(await examine(page, "taken-out"), []);
  assert.equal((await server.export()).mark(name), undefined, "a coordinator decides whether it counts");
  const [{ pending, max_n: sent }] = (await server.status()).devices;
  assert.deepEqual([pending, sent > 0], [0, true]);
  assert.deepEqual(await rowsOf(page), ["log"], "nothing is left but the mark");
  // It stays so, without signal too, and can be set up again.
  await server.stop();
  await page.reload();
  await heading(page, "taken_out.title");
  await press(page, "taken_out.set_up");
  await heading(page, "enrol.title");
  assert.deepEqual(await rowsOf(page), []);
});

/** The stores that hold a row. */
function rowsOf(page) {
  return page.evaluate(() => new Promise((resolve, reject) => {
    const opening = indexedDB.open("wellfield");
    opening.onerror = reject;
    opening.onsuccess = () => {
      const database = opening.result;
      const names = [...database.objectStoreNames];
      const reading = database.transaction(names);
      const counts = names.map((name) => reading.objectStore(name).count());
      reading.onerror = reject;
      reading.oncomplete = () => (database.close(), resolve(names.filter((_, i) => counts[i].result > 0)));
    };
  }));
}

test("vault: a tablet whose lock has not met the server yet says that it has to be opened", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  const { page } = tablet;
  await sendNow(page);
  await server.stop();
  await openRegister(page);
  const [name] = await unmarked(page);
  await tapHere(page, name);
  tablet.unlocksItself = false;
  // As on a tablet of the version before, or one whose row was damaged.
  await page.evaluate(() => new Promise((resolve, reject) => {
    const opening = indexedDB.open("wellfield");
    opening.onsuccess = () => {
      const changing = opening.result.transaction("meta", "readwrite");
      changing.objectStore("meta").delete("grant");
      changing.oncomplete = () => (opening.result.close(), resolve());
      changing.onerror = reject;
    };
  }));
  await server.start();
  await page.reload();
  await seen(page.getByText(en("lock.stays", { n: 1 })));
  await openWith(page, tablet.words);
  await sendNow(page);
  assert.equal((await server.export()).mark(name).versions.length, 1);
});

test("vault: forgotten words: the sheet leads to new ones, without signal and with nothing lost", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  const { page } = tablet;
  await server.stop();
  await openRegister(page);
  const [name] = await unmarked(page);
  await tapHere(page, name);
  tablet.unlocksItself = false;
  await page.reload();
  await locked(page);
  await press(page, "lock.forgotten");
  await heading(page, "lock.forgotten");
  assert.deepEqual(await examine(page, "forgotten"), []);
  await page.getByLabel(en("lead.have_sheet")).fill("ABCD");
  await press(page, "lead.use_sheet");
  await seen(page.locator(".govuk-error-summary").getByText(en("lead.sheet_wrong")));
  await page.getByLabel(en("lead.have_sheet")).fill(tablet.sheet.toLowerCase());
  await press(page, "lead.use_sheet");
  await heading(page, "lock.new_words");
  assert.deepEqual(await examine(page, "forgotten-new-words"), []);
  const fresh = await page.locator("#drawn-words").innerText();
  await page.getByLabel(en("lead.type_words")).fill(fresh);
  await press(page, "lock.open");
  await seen(row(page, name).getByText(en("state.saved_here")));
  await page.reload();
  await openWith(page, tablet.words);
  await seen(page.locator(".govuk-error-summary").getByText(en("lock.wrong")));
  await openWith(page, fresh);
  await seen(row(page, name).getByText(en("state.saved_here")));
  await server.start();
  await sendNow(page);
  assert.equal((await server.export()).mark(name).versions.length, 1);
});

test("vault: a sentence of somebody's own opens a tablet, where it is as hard to guess as five words", async (t) => {
  const server = await t.server();
  const device = await t.device();
  const { page } = device;
  const summary = page.locator(".govuk-error-summary");
  const saying = "To be, or not to be, that is the question";
  const own = "My aunt hid eleven green teapots under that crooked pear tree, then forgot every single one";
  await device.fillInEnrolment(server);
  await press(page, "action.continue");
  await heading(page, "lock.keep_safe");
  await seen(page.locator("#drawn-words"));
  await press(page, "lead.own_instead");
  await page.locator("#drawn-words").waitFor({ state: "hidden" });
  const typed = page.getByLabel(en("lead.own_words"), { exact: true });
  const again = page.getByLabel(en("lead.type_words"), { exact: true });
  await typed.fill(saying);
  await again.fill(saying);
  await press(page, "enrol.submit");
  await seen(summary.getByText(en("lead.own_easy", { letters: 26, letters_min: 65, words: 8, words_min: 10 })));
  assert.deepEqual(await examine(page, "own-sentence"), []);
  await typed.fill(own);
  await press(page, "enrol.submit");
  await seen(summary.getByText(en("lead.words_differ")));
  // Whoever thinks better of it finds the words that were drawn, and may change back.
  await press(page, "lead.words_instead");
  await seen(page.locator("#drawn-words"));
  await press(page, "lead.own_instead");
  assert.equal(await typed.inputValue(), "");
  await typed.fill(own);
  await again.fill(own.toUpperCase());
  await press(page, "enrol.submit");
  await seen(page.getByRole("heading", { level: 1, name: en("today.title") }));
  await page.reload();
  await openWith(page, `${own}.`);
  await seen(summary.getByText(en("lock.wrong")));
  await openWith(page, own);
  await seen(page.getByRole("heading", { level: 1, name: en("today.title") }));
});

test("vault: a tablet that nobody uses is covered, and later its keys go", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  const { page } = tablet;
  await page.clock.install();
  await page.goto(`${server.base}/app/`);
  await openRegister(page);
  const [name] = await unmarked(page);
  tablet.unlocksItself = false;
  await page.clock.fastForward("04:50");
  await seen(row(page, name));
  await page.clock.fastForward("00:20");
  await heading(page, "cover.title");
  assert.deepEqual(await examine(page, "covered"), []);
  await gone(page.getByText(name).and(page.locator(":visible")));
  await page.getByLabel(en("unlock.pin")).fill("0000");
  await press(page, "unlock.submit");
  await seen(page.locator(".govuk-error-summary").getByText(en("unlock.wrong")));
  await page.getByLabel(en("unlock.pin")).fill(tablet.pin);
  await press(page, "unlock.submit");
  await seen(row(page, name));
  // Asleep for a night: it is the clocks that are compared.
  await page.clock.fastForward("08:00:00");
  await locked(page);
  assert.ok(!(await page.content()).includes(name));
  await openWith(page, tablet.words);
  await seen(row(page, name));
});

test("vault: rows that were changed, swapped or put back are refused one by one", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  const { page } = tablet;
  await server.stop();
  await openRegister(page);
  const [first, second, third] = await unmarked(page);
  await tapHere(page, first);
  const before = await storedRows(page, ["log", "drafts", "meta"]);
  const changeSettings = async (pin) => {
    await page.goto(`${server.base}/app/settings`);
    await page.getByLabel(en("settings.old_pin")).fill("4821");
    await page.getByLabel(en("settings.new_pin")).fill(pin);
    await page.locator("form").getByRole("button", { name: en("action.save") }).click();
    await seen(page.getByText(en("settings.pin_changed")));
  };
  await changeSettings("7531");
  await page.goto(`${server.base}/app/`);
  await openRegister(page);
  await tapHere(page, second);
  await tapHere(page, third);
  const after = await storedRows(page, ["log", "meta"]);
  const [[, own], [, other]] = after.log.slice(-2);
  const identity = before.meta.find(([key]) => key.startsWith("identity/"));
  await putRows(page, {
    // Two records in each other's place, and the PIN that was changed put back.
    log: [[after.log.at(-2)[0], other], [after.log.at(-1)[0], own]],
    meta: [identity],
  });
  await page.reload();
  // Without whoever opened it there is nobody who records; the tablet says so instead of guessing.
  await seen(page.getByText(en("store.unreadable")));
  await putRows(page, { meta: [after.meta.find(([key]) => key === identity[0])] });
  await page.reload();
  await page.goto(`${server.base}/app/`);
  await openRegister(page);
  await seen(row(page, first).getByText(en("state.saved_here")));
  for (const name of [second, third]) await gone(row(page, name).getByText(en("state.saved_here")));
});

test("vault: one damaged row of the manifest locks nobody out, and what is damaged is whole again", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  const { page } = tablet;
  await server.stop();
  await openRegister(page);
  const [name] = await unmarked(page);
  await tapHere(page, name);
  const both = ["manifest", "manifest-again"];
  const kept = (await storedRows(page, ["meta"])).meta.filter(([key]) => both.includes(key));
  assert.equal(kept.length, 2);
  const damaged = ([key, row]) => [key, row.slice(0, -2) + (row.endsWith("00") ? "01" : "00")];
  for (const one of kept) {
    await putRows(page, { meta: [damaged(one)] });
    await page.reload();
    await page.goto(`${server.base}/app/`);
    await openRegister(page);
    await seen(row(page, name).getByText(en("state.saved_here")));
    // The next thing that is replaced writes both anew.
    await page.goto(`${server.base}/app/settings`);
    const pin = one === kept[0] ? ["4821", "7531"] : ["7531", "4821"];
    await page.getByLabel(en("settings.old_pin")).fill(pin[0]);
    await page.getByLabel(en("settings.new_pin")).fill(pin[1]);
    await page.locator("form").getByRole("button", { name: en("action.save") }).click();
    await seen(page.getByText(en("settings.pin_changed")));
  }
  const now = (await storedRows(page, ["meta"])).meta.filter(([key]) => both.includes(key));
  await putRows(page, { meta: now.map(damaged) });
  await page.reload();
  // Without both nobody knows which version counts, and nothing is guessed.
  await seen(page.getByText(en("store.unreadable")));
});

/** Puts rows in the place of those that lie on a tablet. */
async function putRows(page, stores) {
  await page.evaluate(async (stores) => {
    const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16));
    const opening = indexedDB.open("wellfield");
    const database = await new Promise((resolve) => (opening.onsuccess = () => resolve(opening.result)));
    const writing = database.transaction(Object.keys(stores), "readwrite", { durability: "strict" });
    for (const [store, rows] of Object.entries(stores)) for (const [key, row] of rows) writing.objectStore(store).put(bytes(row), key);
    await new Promise((resolve) => (writing.oncomplete = resolve));
    database.close();
  }, stores);
}

test("vault: a PIN is changed by whoever knows it or the words, and five wrong ones drop the keys", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  const { page } = tablet;
  await server.stop();
  const change = async (old, pin) => {
    await page.goto(`${server.base}/app/settings`);
    await page.getByLabel(en("settings.old_pin")).fill(old);
    await page.getByLabel(en("settings.new_pin")).fill(pin);
    await page.locator("form").getByRole("button", { name: en("action.save") }).click();
  };
  const wrong = () => seen(page.locator(".govuk-error-summary").getByText(en("settings.old_pin_wrong")));
  await change("", "7531");
  await wrong();
  await change("five words of somebody else", "7531");
  await wrong();
  await change("4821", "7531");
  await seen(page.getByText(en("settings.pin_changed")));
  // The PIN was forgotten: the words will do.
  await change(tablet.words, "2468");
  await seen(page.getByText(en("settings.pin_changed")));
  // A page that is loaded anew counts anew, and asks for the words anyway.
  await page.goto(`${server.base}/app/settings`);
  await seen(page.getByLabel(en("settings.old_pin")));
  tablet.unlocksItself = false;
  for (let tries = 0; tries < 5; tries += 1) {
    await page.getByLabel(en("settings.old_pin")).fill("0000");
    await page.getByLabel(en("settings.new_pin")).fill("1357");
    await page.locator("form").getByRole("button", { name: en("action.save") }).click();
    if (tries < 4) await wrong();
  }
  await locked(page);
});
