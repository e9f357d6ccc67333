// How people feel before and after a session: asked around the first, the middle and the last one.

import assert from "node:assert/strict";
import { examine } from "../lib/accessibility.mjs";
import { giveSurvey, goToRegister, planSurvey, reply, walkIn } from "../lib/evaluation.mjs";
import { test } from "../lib/runner.mjs";
import { sendNow, unlock } from "../lib/screens.mjs";
import { eventually, gone, seen } from "../lib/wait.mjs";
import { en } from "../lib/words.mjs";

const WORDS = ["absorbed", "active", "cheerful", "encouraged", "enlightened", "inspired"];
/** A course of eighteen sessions has its middle at the ninth. */
const MIDDLE = 9;

/** The line of somebody who is to be asked around a session. */
function lineOf(page, name) {
  const section = page.locator("section").filter({ has: page.getByRole("heading", { level: 2, name: en("evaluation.feelings_title") }) });
  return section.getByRole("link", { name: new RegExp(`^${name}`) });
}

async function toHandOver(page) {
  await goToRegister(page);
  await page.getByRole("link", { name: en("pulse.hand_over") }).click();
  await seen(page.getByRole("heading", { level: 1, name: en("pulse.choose_title") }));
}

/** Hands the tablet to somebody and answers every word like this. */
async function answerAll(page, name, moment, answer) {
  await lineOf(page, name).click();
  await seen(page.getByText(en(`evaluation.${moment}`)));
  // There is one set of questions around a session, and no time for a link.
  await gone(page.getByRole("group", { name: en("evaluation.ask_which") }));
  await gone(page.getByRole("button", { name: en("evaluation.ask_link") }));
  assert.deepEqual(await examine(page, `feelings-${moment}`), []);
  await giveSurvey(page, name);
  for (const word of WORDS) {
    await seen(page.getByText("How do you feel right now?"));
    await reply(page, `I feel ${word}`, answer);
  }
  await seen(page.getByRole("heading", { level: 1, name: en("kiosk.thanks") }));
  await unlock(page, "4821");
}

test("feelings: somebody says how they feel before the middle session and after it, and both arrive", async (t) => {
  const server = await t.server();
  const computer = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  await planSurvey(computer.page, server.base, { size: "size_small", topics: ["topic_feelings"] });
  await sendNow(computer.page);
  const session = (await server.export()).sessions.find(({ number }) => number === MIDDLE);
  const tablet = await t.device();
  const { page } = tablet;
  // The morning of that day, whatever day it is.
  await page.clock.install({ time: `${session.date}T09:00:00Z` });
  await tablet.enrol(server);
  await walkIn(page, "Bethan", { agrees: true });
  await toHandOver(page);
  assert.deepEqual(await examine(page, "feelings-list"), []);
  await answerAll(page, "Bethan", "moment_before_session", "A little bit");
  await seen(page.getByRole("heading", { level: 1, name: en("pulse.choose_title") }));
  await gone(lineOf(page, "Bethan"));

  // Nobody touches the tablet until the afternoon, so it asks for the words again.
  await page.clock.fastForward("05:30:00");
  await toHandOver(page);
  await answerAll(page, "Bethan", "moment_after_session", "Extremely");
  await seen(page.getByRole("heading", { level: 1, name: en("pulse.choose_title") }));
  await gone(lineOf(page, "Bethan"));

  await sendNow(page);
  const arrived = await server.export();
  const bethan = arrived.person("Bethan").id;
  const said = arrived.measures.filter(({ person }) => person === bethan);
  assert.deepEqual(
    said.map((sheet) => [sheet.moment, sheet.session, sheet.instrument, sheet.replies.map(({ value }) => value)]).sort(),
    [
      ["after_session", session.id, "ucl-umbrella-older", [5, 5, 5, 5, 5, 5]],
      ["before_session", session.id, "ucl-umbrella-older", [2, 2, 2, 2, 2, 2]],
    ],
  );
});

test("feelings: words that we did not compare with the toolkit are asked once the coordinator has", async (t) => {
  const server = await t.server();
  const { page } = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  await page.goto(`${server.base}/app/coordinator/evaluation`);
  await gone(page.getByText("I feel distressed"));
  await page.getByLabel(en("evaluation.topic_feelings_negative"), { exact: true }).check();
  for (const word of ["distressed", "irritable", "nervous", "scared", "unhappy", "upset"]) await seen(page.getByText(`I feel ${word}`));
  await gone(page.getByText("I feel alert"));
  await page.getByRole("button", { name: en("action.save") }).click();
  await seen(page.getByRole("link", { name: en("evaluation.compare_missing") }));
  assert.deepEqual(await examine(page, "feelings-compare"), []);
  await page.getByLabel(en("evaluation.compare_done"), { exact: true }).check();
  await page.getByRole("button", { name: en("action.save") }).click();
  const about = page.locator(".govuk-summary-list__row").filter({ hasText: en("evaluation.topics_legend") });
  await seen(about.getByText(en("evaluation.topic_feelings_negative")));
  await sendNow(page);
  await eventually(async () => (await server.export()).evaluation_plan.toolkit_compared === true);
});
