// The evaluation's screens, as a coordinator, a facilitator and a participant use them.

import { choose, openPerson, openRegister, openToday, recordConsent, row } from "./screens.mjs";
import { seen } from "./wait.mjs";
import { en } from "./words.mjs";

const TOPICS = ["topic_wellbeing", "topic_loneliness", "topic_mental", "topic_mental_full", "topic_feelings", "topic_feelings_positive", "topic_feelings_negative"];

/** A coordinator chooses what is asked: something else than the sample programme asks. */
export async function planSurvey(page, base, { size = "size_full", topics = ["topic_wellbeing", "topic_loneliness"], licence, own, comparison, compared } = {}) {
  await page.goto(`${base}/app/coordinator/evaluation`);
  await seen(page.getByRole("heading", { level: 1, name: en("evaluation.title") }));
  await choose(page, en("evaluation.size_legend"), en(`evaluation.${size}`));
  for (const topic of TOPICS) await page.getByLabel(en(`evaluation.${topic}`), { exact: true }).setChecked(topics.includes(topic));
  if (compared) await page.getByLabel(en("evaluation.compare_done"), { exact: true }).check();
  if (licence) await page.getByLabel(en("evaluation.licence")).fill(licence);
  if (own) await page.getByLabel(en("evaluation.own_question", { number: 1 }), { exact: true }).fill(own);
  if (comparison) await page.getByLabel(en("evaluation.comparison"), { exact: true }).fill(comparison);
  await page.getByRole("button", { name: en("action.save") }).click();
  const row = page.locator(".govuk-summary-list__row").filter({ hasText: en("evaluation.size_legend") });
  await seen(row.getByText(en(`evaluation.${size}`)));
}

/** From any screen to today's register. */
export async function goToRegister(page) {
  await openToday(page);
  await openRegister(page);
}

/** Somebody new at the gate, whose first session this is. */
export async function walkIn(page, name, { agrees } = {}) {
  await goToRegister(page);
  await page.getByRole("link", { name: en("add.title") }).click();
  await page.getByLabel(en("add.name")).fill(name);
  await page.getByRole("button", { name: en("add.submit") }).click();
  await seen(row(page, name).getByText(en("state.saved_here")));
  if (!agrees) return;
  await openPerson(page, name);
  await recordConsent(page, "evaluation", { yes: true });
  await goToRegister(page);
}

/** Who is due stands before everybody whom the tablet can be handed to. */
export function dueLine(page, name) {
  const section = page.locator("section").filter({ has: page.getByRole("heading", { level: 2, name: en("evaluation.due_title") }) });
  return section.getByRole("link", { name: new RegExp(`^${name}`) });
}

/** From the register to the page before the tablet is handed over. */
export async function openSurveyOf(page, name) {
  await page.getByRole("link", { name: en("pulse.hand_over") }).click();
  await dueLine(page, name).click();
  await seen(page.getByRole("heading", { level: 1, name: en("evaluation.ask_title", { name }) }));
}

/** Hands the tablet over for the survey, and starts it. */
export async function giveSurvey(page, name, helps = "ask_alone") {
  await choose(page, en("evaluation.ask_helps"), en(`evaluation.${helps}`));
  await page.getByRole("button", { name: en("evaluation.ask_give", { name }) }).click();
  await page.getByRole("button", { name: en("kiosk.start_as", { name }) }).click();
}

/** The link for somebody's own phone, from the page before the tablet is handed over. */
export async function linkOf(page, name) {
  await page.getByRole("button", { name: en("evaluation.ask_link"), exact: true }).click();
  await seen(page.getByRole("heading", { level: 2, name: en("evaluation.link_title", { name }) }));
  await seen(page.getByRole("img", { name: en("evaluation.link_code") }));
  return page.getByLabel(en("evaluation.link_address"), { exact: true }).inputValue();
}

/** From the register to the code by which everybody says on their own phone how a session was. */
export async function codeForPhones(page) {
  await page.getByRole("link", { name: en("pulse.hand_over") }).click();
  await page.getByRole("link", { name: new RegExp(`^${en("pulse.phones")}`) }).click();
  await seen(page.getByRole("heading", { level: 1, name: en("pulse.phones_title") }));
  await seen(page.getByRole("img", { name: en("evaluation.link_code") }));
  return page.getByLabel(en("evaluation.link_address"), { exact: true }).inputValue();
}

/** Chooses an answer to the question on screen and goes on. */
export async function reply(page, question, label) {
  const group = page.getByRole("group", { name: question });
  await group.getByLabel(label, { exact: true }).check();
  await page.getByRole("button", { name: en("action.continue") }).click();
}

/** Types how many times and goes on. */
export async function times(page, question, number) {
  await page.getByLabel(question).fill(number);
  await page.getByRole("button", { name: en("action.continue") }).click();
}

export const ONS4 = [
  "Overall, how satisfied are you with your life nowadays?",
  "Overall, to what extent do you feel that the things you do in your life are worthwhile?",
  "Overall, how happy did you feel yesterday?",
  /overall, how anxious did you feel yesterday\?$/,
];

export const GP = "In the last 3 months, how many times have you seen or spoken to a GP or practice nurse about your own health?";
