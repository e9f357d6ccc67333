// Safeguarding: anybody raises a concern without signal, the lead alone reads it.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { examine } from "../lib/accessibility.mjs";
import { leave } from "../lib/canary.mjs";
import { test } from "../lib/runner.mjs";
import { choose, openPerson, openRegister, sendNow, unmarked } from "../lib/screens.mjs";
import { counts, eventually, gone, seen } from "../lib/wait.mjs";
import { en } from "../lib/words.mjs";

const LEAD = "Rhian Ellis";
const PHONE = "01632 960 001";
// What nobody but the lead may ever read: unlike anything else that is written anywhere.
const SECRET = { about: "Zyxabout Qwv", words: "Zyxwords he has nowhere to sleep tonight", place: "Zyxplace behind the finds tent", told: "Zyxtold", action: "Zyxaction stayed with him", reason: "Zyxreason asleep" };

const press = (page, key) => page.getByRole("button", { name: en(key), exact: true }).click();
const heading = (page, key) => seen(page.getByRole("heading", { level: 1, name: en(key), exact: true }));
const concerns = (page) => page.getByRole("navigation", { name: en("shell.navigation") }).getByRole("link", { name: en("lead.title") });

/** A device that reads concerns, with its five words and the code of its sheet. */
async function lead(t, server, sheet) {
  const device = await t.tablet(server, { role: "safeguarding-lead", name: "Lead's computer", staff: LEAD });
  const { page } = device;
  await concerns(page).click();
  await heading(page, "lead.set_up");
  if (sheet) {
    await page.getByLabel(en("lead.have_sheet"), { exact: true }).fill(sheet.toLowerCase());
    await press(page, "lead.use_sheet");
  } else {
    await press(page, "lead.new_sheet");
  }
  await seen(page.getByLabel(en("lead.type_words"), { exact: true }));
  const codes = await page.locator(".app-code").allInnerTexts();
  const words = codes.at(-1);
  assert.equal(words.split(" ").length, 5);
  await page.getByLabel(en("lead.type_words"), { exact: true }).fill("four other words here");
  await press(page, "lead.finish");
  await seen(page.locator(".govuk-error-summary").getByText(en("lead.words_differ")));
  await seen(page.locator(".govuk-error-summary").getByText(en("lead.phone_missing")));
  if (!sheet) assert.deepEqual(await examine(page, "lead-set-up"), []);
  await page.getByLabel(en("lead.type_words"), { exact: true }).fill(` ${words.toUpperCase()} `);
  await page.getByLabel(en("lead.phone"), { exact: true }).fill(PHONE);
  await press(page, "lead.finish");
  await heading(page, "lead.title");
  return { device, page, words, code: codes[0] };
}

/** Everything that a page's databases hold, as text. */
function databases(page) {
  return page.evaluate(async () => {
    const done = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    let all = "";
    for (const { name } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const rows = await done(database.transaction(store).objectStore(store).getAll());
        for (const row of rows) all += row instanceof Uint8Array ? new TextDecoder("latin1").decode(row) : JSON.stringify(row);
      }
      database.close();
    }
    return all + JSON.stringify(localStorage) + location.href;
  });
}

const hits = (text, words = Object.values(SECRET)) => words.filter((word) => text.includes(word.split(" ")[0]));

test("safeguarding: a concern is raised without signal, read by the lead alone, followed and closed", async (t) => {
  const server = await t.server();
  const { device, page, words } = await lead(t, server);
  await seen(page.getByText(en("lead.none")));
  await sendNow(page);
  const tablet = await t.tablet(server, { name: "Blue tablet", staff: "Siân" });
  const field = tablet.page;
  await server.stop();

  await openRegister(field);
  const [first] = await unmarked(field);
  await field.getByRole("link", { name: en("concern.link") }).click();
  await heading(field, "concern.title");
  await seen(field.getByRole("link", { name: en("concern.ring", { name: LEAD, number: PHONE.replaceAll(" ", "\u{a0}") }) }));
  await seen(field.getByText(en("concern.danger")));
  await press(field, "concern.submit");
  for (const key of ["about", "words", "place", "emergency", "sharing"]) {
    await seen(field.locator(".govuk-error-summary").getByText(en(`concern.${key}_missing`)));
  }
  await field.getByLabel(en("concern.about"), { exact: true }).fill(SECRET.about);
  await field.getByLabel(en("concern.words"), { exact: true }).fill(SECRET.words);
  await field.getByLabel(en("concern.place"), { exact: true }).fill(SECRET.place);
  await field.getByLabel(en("concern.action"), { exact: true }).fill(SECRET.action);
  await field.getByLabel(en("concern.told"), { exact: true }).fill(SECRET.told);
  await choose(field, en("concern.emergency"), en("concern.no"));
  await choose(field, en("concern.sharing"), en("concern.sharing_not_asked"));
  await press(field, "concern.submit");
  await seen(field.locator(".govuk-error-summary").getByText(en("concern.reason_missing")));
  assert.deepEqual(await examine(field, "concern"), []);
  await field.getByLabel(en("concern.reason"), { exact: true }).fill(SECRET.reason);
  await press(field, "concern.submit");
  await seen(field.getByText(en("concern.saved", { name: LEAD })));
  assert.deepEqual(await examine(field, "concern-saved"), []);

  // From here on the tablet knows nothing of it. The control is something that lies there readable.
  await leave(field, first);
  const kept = await databases(field);
  assert.deepEqual(hits(kept), []);
  assert.ok(hits(kept, [`${first}-bytes`]).length > 0, "the search finds what is there");
  assert.deepEqual(hits(await field.content()), []);
  await field.getByRole("link", { name: en("sent.title") }).click();
  await seen(field.getByText(en("sent.concerns", { n: 1 })));

  await server.start();
  await sendNow(field);
  await counts(field.getByText(en("sent.concerns", { n: 1 })), 0);
  const files = fs.readdirSync(server.data, { recursive: true }).map((name) => path.join(server.data, name));
  const onDisk = files.filter((file) => fs.statSync(file).isFile()).map((file) => fs.readFileSync(file, "latin1")).join("");
  assert.deepEqual(hits(onDisk), []);
  assert.ok(onDisk.includes(LEAD), "the search finds what is there");

  // The lead reads it.
  await sendNow(page);
  await concerns(page).click();
  await page.getByRole("link", { name: SECRET.about, exact: true }).click();
  await heading(page, "lead.concern");
  for (const text of [SECRET.words, SECRET.place, SECRET.told, SECRET.action]) await seen(page.getByText(text));
  await seen(page.getByText(new RegExp(SECRET.reason)));
  await seen(page.getByText(/Siân/));
  assert.deepEqual(await examine(page, "lead-concern"), []);
  await press(page, "action.save");
  await seen(page.locator(".govuk-error-summary").getByText(en("lead.text_missing")));
  await page.getByLabel(en("lead.text"), { exact: true }).fill("Zyxnote rang the council");
  await press(page, "action.save");
  await seen(page.getByText("Zyxnote rang the council"));
  await choose(page, en("lead.kind"), en("lead.close"));
  await page.getByLabel(en("lead.text"), { exact: true }).fill("Zyxclosed he is safe");
  await press(page, "action.save");
  await seen(page.getByText("Zyxclosed he is safe"));
  assert.deepEqual(hits(await databases(page), ["Zyxnote", "Zyxclosed", ...Object.values(SECRET)]), []);
  await concerns(page).click();
  await seen(page.getByRole("listitem").filter({ hasText: SECRET.about }).getByText(en("lead.closed")));
  assert.deepEqual(await examine(page, "lead-list"), []);

  // Locked, it takes the words; a reload locks too.
  await press(page, "lead.lock");
  await seen(page.getByText(en("lead.locked")));
  await gone(page.getByText(SECRET.about));
  await page.getByLabel(en("lead.passphrase"), { exact: true }).fill("these are not the words");
  await press(page, "lead.open");
  await seen(page.locator(".govuk-error-summary").getByText(en("lead.wrong")));
  assert.deepEqual(await examine(page, "lead-locked"), []);
  await page.getByLabel(en("lead.passphrase"), { exact: true }).fill(words);
  await press(page, "lead.open");
  await seen(page.getByText(SECRET.about));
  await page.reload();
  await seen(page.getByText(en("lead.locked")));
  await device.close();
});

test("safeguarding: the sheet opens the concerns on another device, and no other role reaches them", async (t) => {
  const server = await t.server();
  const first = await lead(t, server);
  await sendNow(first.page);
  const tablet = await t.tablet(server, { name: "Blue tablet", staff: "Siân" });
  const field = tablet.page;
  await openRegister(field);
  const [name] = await unmarked(field);
  await openPerson(field, name);
  await field.getByRole("link", { name: en("concern.link_person") }).click();
  // About somebody on the register their name stands there already.
  await eventually(async () => (await field.getByLabel(en("concern.about"), { exact: true }).inputValue()) === name);
  await field.getByLabel(en("concern.words"), { exact: true }).fill(SECRET.words);
  await field.getByLabel(en("concern.place"), { exact: true }).fill(SECRET.place);
  await choose(field, en("concern.emergency"), en("concern.yes"));
  await choose(field, en("concern.sharing"), en("concern.sharing_agreed"));
  await press(field, "concern.submit");
  await seen(field.getByText(en("concern.saved", { name: LEAD })));
  await sendNow(field);

  const second = await lead(t, server, first.code);
  await sendNow(second.page);
  await concerns(second.page).click();
  await second.page.getByRole("link", { name, exact: true }).click();
  await seen(second.page.getByText(SECRET.words));

  // Neither a facilitator nor a coordinator has the screen, the link or the stream.
  const computer = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  for (const { page } of [tablet, computer]) {
    await gone(concerns(page));
    await page.goto(`${server.base}/app/concerns`);
    await heading(page, "shell.not_found");
    assert.deepEqual(hits(await databases(page)), []);
  }
});
