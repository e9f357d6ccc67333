// A question of the project's own: planned by a coordinator, asked on a tablet and on somebody's own phone.

import assert from "node:assert/strict";
import { SIZES } from "../lib/device.mjs";
import { giveSurvey, goToRegister, linkOf, openSurveyOf, planSurvey, reply, walkIn } from "../lib/evaluation.mjs";
import { test } from "../lib/runner.mjs";
import { sendNow, unlock } from "../lib/screens.mjs";
import { eventually, seen } from "../lib/wait.mjs";
import { cy, en } from "../lib/words.mjs";

const QUESTION = "How confident are you that you can find things to do near you?";
const COMPARISON = "People on the waiting list, in the same weeks.";
const title = (page, name) => seen(page.getByRole("heading", { level: 1, name }));

test("own questions: one is asked by its words on the tablet and on a phone, and stands in the export", async (t) => {
  const server = await t.server();
  const computer = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  await planSurvey(computer.page, server.base, { topics: [], own: QUESTION, comparison: COMPARISON });
  await seen(computer.page.locator("dd").getByText(COMPARISON));
  await computer.page.getByLabel(en("evaluation.own_question", { number: 2 }), { exact: true }).fill("x".repeat(101));
  await computer.page.getByRole("button", { name: en("action.save") }).click();
  await seen(computer.page.getByRole("link", { name: en("evaluation.own_missing") }));
  await sendNow(computer.page);
  const { page } = await t.tablet(server);
  await server.stop();
  for (const name of ["Bethan", "Carys"]) await walkIn(page, name, { agrees: true });
  await goToRegister(page);
  await openSurveyOf(page, "Bethan");
  await seen(page.getByText(en("evaluation.ask_text", { n: 1 })));
  await giveSurvey(page, "Bethan");
  // It was written in English, and says so to whoever reads Welsh.
  await page.getByRole("button", { name: cy("settings.language_name") }).click();
  await seen(page.getByText(cy("evaluation.in_english")));
  await title(page, QUESTION);
  await page.reload();
  await title(page, QUESTION);
  await page.getByRole("button", { name: en("settings.language_name") }).click();
  await reply(page, QUESTION, "10 completely");
  await title(page, en("kiosk.thanks"));
  await unlock(page, "4821");
  await goToRegister(page);
  await openSurveyOf(page, "Carys");
  const link = await linkOf(page, "Carys");
  await server.start();
  await sendNow(page);

  const phone = await t.device({ size: SIZES.smallPhone, hasTouch: true, isMobile: true });
  await phone.page.goto(link);
  await title(phone.page, en("own_phone.title"));
  await phone.page.getByLabel(en("own_phone.alone"), { exact: true }).check();
  await phone.page.getByRole("button", { name: en("kiosk.start"), exact: true }).click();
  await reply(phone.page, QUESTION, "3");
  await phone.page.getByRole("button", { name: en("own_phone.send"), exact: true }).click();
  await seen(phone.page.getByText(en("own_phone.sent_text")));

  const arrived = await server.export();
  const [own] = arrived.evaluation_plan.own;
  assert.deepEqual([own.question, own.language, arrived.evaluation_plan.comparison], [QUESTION, "en-GB", COMPARISON]);
  const said = await eventually(async () => {
    const { measures } = await server.export();
    const all = measures.filter(({ instrument }) => instrument === own.instrument);
    assert.equal(all.length, 2);
    return all;
  });
  const of = (name) => said.find(({ person }) => person === arrived.person(name).id).replies;
  assert.deepEqual([of("Bethan"), of("Carys")], [10, 3].map((value) => [{ item: "answer", state: "given", value }]));
});
