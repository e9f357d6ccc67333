// What a programme sets out to change, and how well it works.

import assert from "node:assert/strict";
import { openFromOverview, reported } from "../lib/coordinator.mjs";
import { test } from "../lib/runner.mjs";
import { choose, sendNow } from "../lib/screens.mjs";
import { eventually, gone, seen } from "../lib/wait.mjs";
import { en } from "../lib/words.mjs";

const heading = (page, name) => seen(page.getByRole("heading", { level: 1, name }));
const press = (page, key) => page.getByRole("button", { name: en(key), exact: true }).click();
const error = (page, text) => seen(page.locator(".govuk-error-summary").getByText(text));

test("planning: a story of change is written without signal, changed, and stands in the report", async (t) => {
  const server = await t.server();
  const { page } = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  const before = (await server.export()).story_of_change;
  await server.stop();
  await openFromOverview(page, "story.title");
  await eventually(async () => assert.equal(await page.getByLabel(en("story.need"), { exact: true }).inputValue(), before.need));
  await press(page, "action.save");
  await error(page, en("story.unchanged"));
  await page.getByLabel(en("story.need"), { exact: true }).fill("Company for those who have none.");
  await page.getByLabel(en("story.inputs"), { exact: true }).fill("");
  await press(page, "action.save");
  await heading(page, en("coordinator.title"));
  const rows = await reported(page, "report.story_caption");
  assert.deepEqual(rows[0], [en("story.need"), "Company for those who have none."]);
  // A part without words is not in it.
  assert.deepEqual(rows.map(([part]) => part), ["need", "activities", "outputs", "outcomes"].map((part) => en(`story.${part}`)));
  await server.start();
  await sendNow(page);
  const after = (await server.export()).story_of_change;
  assert.deepEqual([after.need, after.inputs, after.outcomes], ["Company for those who have none.", null, before.outcomes]);
});

test("planning: a good rating says how the team knows, and a name in it is pointed at", async (t) => {
  const server = await t.server();
  const { page } = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  const before = await server.export();
  const name = before.people[0].preferred_name.split(" ")[0];
  await openFromOverview(page, "quality.title");
  const line = (key) => page.locator(".app-list li").filter({ hasText: en(key) });
  await seen(line("quality.collaborative").getByText(en("quality.not_reviewed")));
  await page.getByRole("link", { name: new RegExp(`^${en("quality.collaborative")}`) }).click();
  await heading(page, en("quality.collaborative"));
  await press(page, "action.save");
  await error(page, en("quality.rating_missing"));
  await choose(page, en("quality.rating"), en("quality.fully"));
  await press(page, "action.save");
  await error(page, en("quality.evidence_missing"));
  await page.getByLabel(en("quality.evidence")).fill(`The surgery and ${name} agree.`);
  await press(page, "action.save");
  await error(page, en("stories.telling", { parts: name }));
  await page.getByLabel(en("quality.evidence")).fill("The surgery agrees.");
  await press(page, "action.save");
  await heading(page, en("quality.title"));
  await seen(line("quality.collaborative").getByText(en("quality.fully")));
  const rows = await reported(page, "report.quality_caption");
  assert.equal(rows.length, 8);
  assert.deepEqual(rows.find(([principle]) => principle === en("quality.collaborative")), [en("quality.collaborative"), en("quality.fully"), "The surgery agrees."]);
  await sendNow(page);
  const after = (await server.export()).quality.find((one) => one.principle === "collaborative");
  assert.deepEqual([after.rating, after.evidence], ["fully", "The surgery agrees."]);
  // A facilitator's tablet reads neither screen.
  const tablet = await t.tablet(server, { name: "Blue tablet", staff: "Siân" });
  for (const screen of ["quality", "story-of-change", "follow-up"]) {
    await tablet.page.goto(`${server.base}/app/coordinator/${screen}`);
    await seen(tablet.page.locator("h1"));
    await gone(tablet.page.getByRole("button", { name: en("action.save"), exact: true }));
    await gone(tablet.page.getByText(en("quality.collaborative")));
  }
});
