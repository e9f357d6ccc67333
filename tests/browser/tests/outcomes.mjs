// What came of it: needs that were met, "You said, we did", people's own words, and what they moved on to.

import assert from "node:assert/strict";
import { openFromOverview, reported } from "../lib/coordinator.mjs";
import { test } from "../lib/runner.mjs";
import { back, choose, consentLine, openPerson, openRegister, openToday, recordConsent, sendNow } from "../lib/screens.mjs";
import { eventually, gone, seen } from "../lib/wait.mjs";
import { en } from "../lib/words.mjs";

const heading = (page, name) => seen(page.getByRole("heading", { level: 1, name }));
const press = (page, key) => page.getByRole("button", { name: en(key), exact: true }).click();
const error = (page, text) => seen(page.locator(".govuk-error-summary").getByText(text));
/** Every word of a name is pointed at; those of two letters stand in every text. */
const pointedAt = (name) => en("stories.telling", { parts: name.split(" ").filter((word) => word.length > 2).join(", ") });

async function office(t) {
  const server = await t.server();
  const computer = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  return { server, computer, page: computer.page, before: await server.export() };
}

test("outcomes: whether a need was met is said without signal, and can be said again", async (t) => {
  const { server, page, before } = await office(t);
  const of = (arrived, person) => arrived.needs_met.filter((one) => one.person === person.id).map((one) => [one.need, one.met]);
  const someone = before.people.find((person) => of(before, person).length > 1);
  const [[need, now], ...others] = of(before, someone);
  await server.stop();
  await page.goto(`${server.base}/app/person/${someone.id}`);
  const answers = ["yes", "partly", "no"].filter((met) => met !== now);
  for (const met of answers) {
    await page.getByRole("link", { name: en("need.met_ask") }).click();
    await heading(page, en("need.met_title"));
    await choose(page, en(`need.${need}`), en(`need.met_${met}`));
    await press(page, "action.save");
    await heading(page, someone.preferred_name);
    await seen(page.locator(".app-needs > li").filter({ hasText: en(`need.${need}`) }).getByText(en(`need.met_${met}_tag`)));
  }
  await server.start();
  await sendNow(page);
  // What nobody touched stands as it stood.
  assert.deepEqual(of(await server.export(), someone), [[need, answers.at(-1)], ...others]);
});

test("outcomes: you said, we did reaches a tablet, and a name in it is pointed at first", async (t) => {
  const { server, page, before } = await office(t);
  const tablet = await t.tablet(server, { name: "Blue tablet", staff: "Siân" });
  await openFromOverview(page, "feedback.title");
  await page.getByRole("link", { name: en("feedback.add") }).click();
  await press(page, "action.save");
  for (const key of ["said_missing", "did_missing", "progress_missing"]) await error(page, en(`feedback.${key}`));
  const name = before.people[0].preferred_name;
  await page.getByLabel(en("feedback.said")).fill(`${name} wants tea at ten.`);
  await page.getByLabel(en("feedback.did")).fill("There is tea at ten.");
  await choose(page, en("feedback.progress"), en("feedback.done"));
  await press(page, "action.save");
  await error(page, pointedAt(name));
  await page.getByLabel(en("feedback.said")).fill("Tea at ten, please.");
  await press(page, "action.save");
  const card = (page, said) => page.getByRole("article", { name: said });
  await seen(card(page, "Tea at ten, please.").getByText(en("feedback.done")));
  await sendNow(page);

  await sendNow(tablet.page);
  await openToday(tablet.page);
  await openRegister(tablet.page);
  await tablet.page.getByRole("link", { name: en("pulse.hand_over") }).click();
  await tablet.page.getByRole("link", { name: en("feedback.title") }).click();
  await seen(card(tablet.page, "Tea at ten, please."));
  await gone(tablet.page.getByRole("link", { name: en("feedback.add") }));
  await back(tablet.page);
  await heading(tablet.page, en("today.title"));

  const rows = await reported(page, "report.acted_caption");
  assert.ok(rows.some((row) => row.includes("Tea at ten, please.") && row.includes("There is tea at ten.")), JSON.stringify(rows));
  // Written in error, it goes from the list and from the report.
  await openFromOverview(page, "feedback.title");
  await card(page, "Tea at ten, please.").getByRole("link", { name: en("feedback.change") }).click();
  await press(page, "feedback.drop");
  await seen(page.getByRole("link", { name: en("feedback.add") }));
  await gone(card(page, "Tea at ten, please."));
});

test("outcomes: words are in the report for as long as whose they are agrees", async (t) => {
  const { server, page, before } = await office(t);
  const status = (person) => before.consent_status.find((one) => one.person === person.id && one.purpose === "quote")?.status;
  const someone = before.people.find((person) => status(person) !== "given" && status(person) !== "withdrawn");
  const name = someone.preferred_name;
  const open_person = async () => {
    await openToday(page);
    await openRegister(page);
    await openPerson(page, name);
  };
  // Nobody who did not agree is offered, and an address that somebody kept does not get round it.
  await openFromOverview(page, "stories.title");
  await gone(page.getByRole("link", { name, exact: true }));
  await page.goto(`${server.base}/app/coordinator/stories/${someone.id}`);
  await heading(page, name);
  const said = "I slept the whole night after it.";
  await page.getByLabel(en("stories.words"), { exact: true }).fill(said);
  await choose(page, en("stories.form"), en("stories.form_quote"));
  await press(page, "stories.put_in");
  await error(page, en("stories.no_consent"));
  await open_person();
  await recordConsent(page, "quote", { yes: true });
  await openFromOverview(page, "stories.title");
  await page.getByRole("link", { name, exact: true }).click();
  await heading(page, name);
  await press(page, "stories.put_in");
  for (const key of ["form_missing", "words_missing"]) await error(page, en(`stories.${key}`));
  await choose(page, en("stories.form"), en("stories.form_quote"));
  await page.getByLabel(en("stories.words"), { exact: true }).fill(`${said} ${name} was there.`);
  await press(page, "stories.put_in");
  await error(page, pointedAt(name));
  await page.getByLabel(en("stories.words"), { exact: true }).fill(said);
  await press(page, "stories.put_in");
  await heading(page, en("stories.title"));
  const card = page.getByRole("article").filter({ hasText: said });
  await seen(card);
  const shown = async () => (await reported(page, "report.words_caption")).flat();
  assert.ok((await shown()).includes(said));
  await open_person();
  await consentLine(page, "quote").getByRole("link").click();
  await heading(page, en("purpose.quote"));
  await choose(page, en("consent.answer"), en("consent.no"));
  await choose(page, en("consent.method"), en("consent.spoken"));
  await choose(page, en("consent.by"), en("consent.themselves"));
  await press(page, "action.save");
  await seen(page.getByRole("heading", { level: 2, name: en("consent.title") }));
  assert.ok(!(await page.content()).includes(said));
  await openFromOverview(page, "reporting.title");
  await seen(page.locator(".app-finding").first());
  await gone(page.getByText(said));
  await openFromOverview(page, "stories.title");
  await seen(card.getByText(en("stories.consent_gone")));
  await card.getByRole("button", { name: new RegExp(en("stories.take_back")) }).click();
  await gone(card);
  await sendNow(page);
  const after = await server.export();
  // The server still has that they were shared, and by whom they were said.
  assert.deepEqual(after.words_shared.filter((one) => one.person === someone.id).map((one) => one.text), [null]);
});

test("outcomes: what somebody moved on to is kept once, and counted", async (t) => {
  const { server, page, before } = await office(t);
  const asked = new Set(before.moved_on.map((one) => one.person));
  const someone = before.people.find((person) => !asked.has(person.id));
  await openFromOverview(page, "onward.title");
  const line = page.locator(".app-list li").filter({ hasText: someone.preferred_name }).first();
  await seen(line.getByText(en("onward.not_asked")));
  await page.goto(`${server.base}/app/coordinator/onward/${someone.id}`);
  await heading(page, someone.preferred_name);
  await press(page, "action.save");
  await error(page, en("onward.missing"));
  await page.getByLabel(en("onward.nothing_yet"), { exact: true }).check();
  await page.getByLabel(en("onward.volunteering"), { exact: true }).check();
  await press(page, "action.save");
  await error(page, en("onward.contradiction"));
  await page.getByLabel(en("onward.nothing_yet"), { exact: true }).uncheck();
  await page.getByLabel(en("onward.note")).fill("The museum, on Fridays.");
  await press(page, "action.save");
  // The form has the list's title above its own, so only the whole heading says that the form was left.
  await seen(page.getByRole("heading", { level: 1, name: en("onward.title"), exact: true }));
  await page.goto(`${server.base}/app/coordinator/onward/${someone.id}`);
  await eventually(async () => assert.ok(await page.getByLabel(en("onward.volunteering"), { exact: true }).isChecked()));
  await press(page, "action.save");
  await error(page, en("onward.unchanged"));
  await sendNow(page);
  const after = await server.export();
  const kept = after.moved_on.filter((one) => one.person === someone.id).map((one) => [one.to, one.note]);
  assert.deepEqual(kept, [[["volunteering"], "The museum, on Fridays."]]);
});
