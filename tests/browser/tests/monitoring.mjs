// Equality monitoring: asked by a coordinator, kept apart, and shown by one thing at a time.

import assert from "node:assert/strict";
import { openFromOverview } from "../lib/coordinator.mjs";
import { test } from "../lib/runner.mjs";
import { choose, sendNow } from "../lib/screens.mjs";
import { eventually, gone, seen } from "../lib/wait.mjs";
import { en } from "../lib/words.mjs";

const heading = (page, name) => seen(page.getByRole("heading", { level: 1, name }));
const press = (page, key) => page.getByRole("button", { name: en(key), exact: true }).click();
const error = (page, text) => seen(page.locator(".govuk-error-summary").getByText(text));

test("monitoring: a coordinator asks, only the postcode's district is kept, and a facilitator sees nothing of it", async (t) => {
  const server = await t.server();
  const { page } = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  const tablet = await t.tablet(server, { name: "Blue tablet", staff: "Siân" });
  const before = await server.export();
  const asked = new Set(before.monitoring.map((one) => one.person));
  const someone = before.people.find((person) => !asked.has(person.id));
  await server.stop();
  await openFromOverview(page, "monitoring.title");
  const line = page.locator(".app-list li").filter({ hasText: someone.preferred_name }).first();
  await seen(line.getByText(en("monitoring.not_asked")));
  await line.getByRole("link").click();
  await heading(page, someone.preferred_name);
  await press(page, "action.save");
  await error(page, en("monitoring.unchanged"));
  await choose(page, en("monitoring.age"), en("monitoring.from_65"));
  await choose(page, en("monitoring.gender"), en("monitoring.prefer_not"));
  await page.getByLabel(en("monitoring.postcode"), { exact: true }).fill("12345");
  await press(page, "action.save");
  await error(page, en("monitoring.postcode_wrong"));
  await page.getByLabel(en("monitoring.postcode"), { exact: true }).fill("ze1 0aa");
  await press(page, "action.save");
  await heading(page, en("monitoring.title"));
  await seen(line.getByText(en("monitoring.asked")));
  await server.start();
  await sendNow(page);
  const kept = (await server.export()).monitoring.find((one) => one.person === someone.id);
  assert.deepEqual([kept.age, kept.gender, kept.ethnicity, kept.postcode_district], ["from65", "prefer_not_to_say", undefined, "ZE1"]);

  // The report names no district of few people, and has a table for each question.
  await openFromOverview(page, "reporting.title");
  const section = page.locator(".app-finding").filter({ has: page.getByRole("heading", { level: 2, name: en("report.monitoring_title") }) });
  await seen(section);
  await section.locator("summary").click();
  await eventually(async () => assert.equal(await section.getByRole("table").count(), 5));
  await gone(page.getByText("ZE1"));

  // Nothing of it reaches a facilitator's tablet.
  await sendNow(tablet.page);
  await tablet.page.goto(`${server.base}/app/coordinator/monitoring/${someone.id}`);
  await seen(tablet.page.locator("h1"));
  await gone(tablet.page.getByText(en("monitoring.age")));
});
