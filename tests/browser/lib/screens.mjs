// The screens as people use them: where to tap and what to read.

import { en, pattern } from "./words.mjs";
import { eventually, gone, reads, seen } from "./wait.mjs";

/** "Today", then the register of today's session. */
export async function openRegister(page) {
  await page.getByRole("link", { name: /^Today · / }).or(page.locator("a", { hasText: /Today · / })).first().click();
  await seen(page.getByRole("heading", { level: 1, name: /Register, session/ }));
  await seen(page.getByRole("heading", { level: 3 }));
}

/** The first screen. */
export async function openToday(page) {
  await page.getByRole("navigation", { name: en("shell.navigation") }).getByRole("link", { name: en("today.title") }).click();
  await seen(page.getByRole("heading", { level: 1, name: en("today.title") }));
}

/** Somebody's row on the register. */
export function row(page, name) {
  return page.getByRole("listitem").filter({ has: page.getByRole("heading", { level: 3, name, exact: true }) });
}

/** The names on the register, in order. */
export async function names(page) {
  await seen(page.getByRole("heading", { level: 3 }));
  return page.getByRole("heading", { level: 3 }).allInnerTexts();
}

/** The names of rows without a mark, in order. */
export async function unmarked(page) {
  await seen(page.getByRole("heading", { level: 3 }));
  return page.locator(".app-register > li").evaluateAll((rows) =>
    rows.filter((row) => !row.querySelector('[aria-pressed="true"]')).map((row) => row.querySelector("h3").innerText.trim()),
  );
}

/** One tap, then until the screen says that it is saved. */
export async function tapHere(page, name) {
  await tap(page, name, en("register.mark_here"));
}

export async function tapNotHere(page, name) {
  await tap(page, name, en("register.mark_not_here"));
}

async function tap(page, name, mark) {
  const button = row(page, name).getByRole("button", { name: mark, exact: true });
  await button.click();
  await seen(row(page, name).getByText(en("state.saved_here")).or(row(page, name).getByText(en("state.sent"), { exact: true })));
  await eventually(async () => (await button.getAttribute("aria-pressed")) === "true", { what: `${mark} on ${name}` });
}

/** What a row says: which button is pressed, its words, how far it has come. */
export async function rowState(page, name) {
  const one = row(page, name);
  await seen(one);
  return one.evaluate((row) => ({
    pressed: row.querySelector('[aria-pressed="true"]')?.innerText.trim() ?? null,
    words: row.querySelector(".app-row__state b")?.innerText ?? null,
    state: [...row.querySelectorAll(".app-state")].map((state) => state.innerText.trim()),
  }));
}

/** What the header says about sending. */
export function chip(page) {
  return page.locator(".app-header").getByRole("status");
}

/** Until the header says that all is sent. */
export async function allSent(page) {
  await reads(chip(page), new RegExp(`${pattern(en, "chip.all_sent_at", "when").source}|^${en("chip.all_sent")}$`));
}

/** "Send now", and back to where it was. */
export async function sendNow(page) {
  const address = page.url();
  const isThere = new URL(address).pathname === "/app/sent";
  if (!isThere) await page.getByRole("navigation", { name: en("shell.navigation") }).getByRole("link", { name: en("sent.title") }).click();
  const answered = page.waitForResponse((response) => response.url().includes("/v1/streams") && response.ok());
  await page.getByRole("button", { name: en("sent.send_now") }).click();
  await answered;
  await allSent(page);
  if (isThere) return;
  await page.goBack();
  await eventually(() => page.url() === address, { what: `the way back to ${address}` });
}

/** The counts above the register. */
export async function summary(page) {
  const text = await page.locator(".app-summary").innerText();
  const number = (key) => {
    const found = text.match(new RegExp(en(key, { n: "(\\d+)" }).replace("(\\d+)", "(\\d+)")));
    return found ? Number(found[1]) : 0;
  };
  return { here: number("register.here"), notHere: number("register.not_here"), toMark: number("register.to_mark"), toCheck: number("register.to_check") };
}

/** Somebody's page, from the register. */
export async function openPerson(page, name) {
  await row(page, name).getByRole("link", { name, exact: true }).click();
  await seen(page.getByRole("heading", { level: 1, name }));
}

/** "Back". */
export async function back(page) {
  await page.getByRole("link", { name: en("action.back"), exact: true }).click();
}

/** Records a decision from somebody's page. */
export async function recordConsent(page, purpose, { yes, giver } = {}) {
  const line = consentLine(page, purpose);
  await line.getByRole("link").click();
  await seen(page.getByRole("heading", { level: 1, name: en(`purpose.${purpose}`) }));
  await choose(page, en("consent.answer"), yes ? en("consent.yes") : en("consent.no"));
  await choose(page, en("consent.method"), en("consent.spoken"));
  await choose(page, en("consent.by"), giver ? en("consent.attorney") : en("consent.themselves"));
  if (giver) await page.getByLabel(en("consent.giver")).fill(giver);
  await page.getByRole("button", { name: en("action.save") }).click();
  await seen(page.getByRole("heading", { level: 2, name: en("consent.title") }));
}

/** The line of a purpose on somebody's page. */
export function consentLine(page, purpose) {
  return page.locator(".app-consent > li").filter({ hasText: en(`purpose.${purpose}`) });
}

/** Chooses a radio button of a question. */
export async function choose(page, legend, label) {
  await page.getByRole("group", { name: legend }).getByLabel(label, { exact: true }).check();
}

/** Hands the tablet over to somebody, from the session's page for it. */
export async function handOver(page, name) {
  await page.getByRole("link", { name: en("pulse.hand_over") }).click();
  await seen(page.getByRole("heading", { level: 1, name: en("pulse.choose_title") }));
  await page.getByRole("button", { name: new RegExp(`^${name}`) }).click();
  await seen(page.getByRole("heading", { level: 1, name: en("kiosk.give_to") }));
}

/** What somebody is asked at the end who wrote something and has not said yet whether it may be quoted. */
export const quoteQuestion = (page) => page.getByRole("heading", { level: 1, name: en("pulse.quote_question") });

/** The last question about the day, and the one about quotes left open where it comes. */
export async function lastAnswer(page, label) {
  await answer(page, en("pulse.safe_question"), label);
  const thanks = page.getByRole("heading", { level: 1, name: en("kiosk.thanks") });
  await seen(thanks.or(quoteQuestion(page)));
  if (await quoteQuestion(page).isVisible()) await page.getByRole("button", { name: en("kiosk.decline") }).click();
  await seen(thanks);
}

/** Answers a question with one of its labels and goes on. */
export async function answer(page, question, label) {
  await seen(page.getByRole("heading", { level: 1, name: question }));
  await page.getByLabel(label, { exact: true }).check();
  await page.getByRole("button", { name: en("action.continue") }).click();
  await gone(page.getByRole("heading", { level: 1, name: question }));
}

/** Answers a question in words and goes on. */
export async function write(page, question, text) {
  await seen(page.getByRole("heading", { level: 1, name: question }));
  await page.getByLabel(question).fill(text);
  await page.getByRole("button", { name: en("action.continue") }).click();
  await gone(page.getByRole("heading", { level: 1, name: question }));
}

/** Opens the staff's way back and types a code. */
export async function unlock(page, pin) {
  if ((await page.getByRole("heading", { level: 1, name: en("unlock.title") }).count()) === 0) {
    await page.getByRole("button", { name: en("kiosk.staff"), exact: true }).click();
    await seen(page.getByRole("heading", { level: 1, name: en("unlock.title") }));
  }
  await page.getByLabel(en("unlock.pin")).fill(pin);
  await page.getByRole("button", { name: en("unlock.submit") }).click();
}
