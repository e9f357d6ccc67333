// "Refer myself", question by question.

import { en } from "./words.mjs";
import { seen } from "./wait.mjs";

export const questionHeading = (page, key, words = en) => page.getByRole("heading", { level: 1, name: words(`refer.${key}`) });

export const goOn = (page, words = en) => page.getByRole("button", { name: words("action.continue"), exact: true }).click();

/** From the offer to "Check your answers". */
export async function fillIn(page, { name = "Nia Test", way = "by_telephone", contact = "01632 960 123", hopes = "To be outdoors", supporter = "", words = en } = {}) {
  await page.getByRole("link", { name: words("refer.start") }).first().click();
  await seen(questionHeading(page, "name", words));
  await page.getByLabel(words("refer.name")).fill(name);
  await goOn(page, words);
  await seen(questionHeading(page, "contact", words));
  await page.getByLabel(words(`refer.${way}`), { exact: true }).check();
  await page.getByLabel(words("refer.contact_detail")).fill(contact);
  await goOn(page, words);
  await seen(questionHeading(page, "access", words));
  await page.getByLabel(words("need.seating"), { exact: true }).check();
  await page.getByLabel(words("person.access_note")).fill("Slow on stairs");
  await goOn(page, words);
  await seen(questionHeading(page, "hopes", words));
  await page.getByLabel(words("refer.hopes")).fill(hopes);
  await goOn(page, words);
  await seen(questionHeading(page, "supporter", words));
  await page.getByLabel(words("refer.supporter")).fill(supporter);
  await goOn(page, words);
  await seen(questionHeading(page, "agreement", words));
  await page.getByLabel(words("refer.agree"), { exact: true }).check();
  await goOn(page, words);
  await seen(page.getByRole("heading", { level: 1, name: words("refer.check_title") }));
}

export const confirm = (page, words = en) => page.getByRole("button", { name: words("refer.confirm") }).click();

/** The reference on the last page. */
export async function reference(page, words = en) {
  const panel = page.locator(".govuk-panel__body");
  await seen(panel);
  return (await panel.innerText()).match(/[0-9A-Z]{4}-[0-9A-Z]{4}/)[0];
}
