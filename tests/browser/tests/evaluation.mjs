// The evaluation, from a coordinator's plan to the answers at the server.

import assert from "node:assert/strict";
import { openOverview } from "../lib/coordinator.mjs";
import { GP, ONS4, dueLine, giveSurvey, goToRegister, openSurveyOf, planSurvey, reply, times, walkIn } from "../lib/evaluation.mjs";
import { test } from "../lib/runner.mjs";
import { OpenedVault } from "../lib/vault.mjs";
import { openToday, sendNow, unlock } from "../lib/screens.mjs";
import { eventually, gone, seen } from "../lib/wait.mjs";
import { cy, en } from "../lib/words.mjs";

/** An office computer that planned a survey, and a tablet that knows of it. */
async function planned(t, plan) {
  const server = await t.server();
  const computer = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  await planSurvey(computer.page, server.base, plan);
  await sendNow(computer.page);
  const tablet = await t.tablet(server);
  return { server, computer, tablet, page: tablet.page };
}

const heading = (page, name) => page.getByRole("heading", { level: 1, name });
const continueOn = (page) => page.getByRole("button", { name: en("action.continue") }).click();

test("evaluation: a newcomer agrees, answers without signal, and only the coordinator has what they said", async (t) => {
  const { server, computer, page } = await planned(t);
  const baseline = computer.page.getByRole("row", { name: new RegExp(`^${en("evaluation.moment_baseline")}`) });
  const answeredBefore = Number(await baseline.getByRole("cell").nth(1).innerText());
  await server.stop();
  const waiting = async () => Number((await page.getByRole("link", { name: en("pulse.hand_over") }).locator(".app-count").allInnerTexts())[0]?.match(/\d+/)[0] ?? 0);
  await walkIn(page, "Bethan");
  // The register says how many are still to be asked: she is one of those in the list.
  await eventually(async () => assert.ok((await waiting()) > 0));
  const toAsk = await waiting();
  await page.getByRole("link", { name: en("pulse.hand_over") }).click();
  await seen(dueLine(page, "Bethan"));
  const section = page.locator("section").filter({ has: page.getByRole("heading", { level: 2, name: en("evaluation.due_title") }) });
  assert.equal(await section.getByRole("link").count(), toAsk);
  // Nobody asked her about the evaluation yet, so that comes first.
  await seen(dueLine(page, "Bethan").getByText(en("evaluation.due_consent")));
  await dueLine(page, "Bethan").click();
  await page.getByRole("link", { name: en("evaluation.ask_consent") }).click();
  await seen(heading(page, en("purpose.evaluation")));
  for (const [legend, label] of [["answer", "yes"], ["method", "spoken"], ["by", "themselves"]]) {
    await page.getByRole("group", { name: en(`consent.${legend}`) }).getByLabel(en(`consent.${label}`), { exact: true }).check();
  }
  await page.getByRole("button", { name: en("action.save") }).click();
  await goToRegister(page);
  await openSurveyOf(page, "Bethan");
  assert.equal(await page.title(), `${en("evaluation.due_title")} – ${en("brand.name")}`);
  await seen(page.getByText(en("evaluation.ask_text", { n: 11 })));
  await page.getByRole("button", { name: en("evaluation.ask_give", { name: "Bethan" }) }).click();
  await seen(page.getByRole("link", { name: en("evaluation.ask_helps_missing") }));
  await giveSurvey(page, "Bethan", "ask_read");

  await seen(page.getByText(en("kiosk.question", { number: 1, total: 11 })));
  await continueOn(page);
  await seen(page.getByRole("link", { name: en("kiosk.choose") }));
  await reply(page, ONS4[0], "0 not at all");
  await reply(page, ONS4[1], "7");
  // Back shows what was said, and another answer counts instead.
  await page.getByRole("button", { name: en("action.back"), exact: true }).click();
  assert.ok(await page.getByRole("group", { name: ONS4[1] }).getByLabel("7", { exact: true }).isChecked());
  await reply(page, ONS4[1], "6");
  const third = page.getByText(en("kiosk.question", { number: 3, total: 11 }));
  await seen(third);
  await page.reload();
  await seen(third);
  await reply(page, ONS4[2], "10 completely");
  await page.getByRole("button", { name: en("kiosk.decline") }).click();
  for (const question of ["How often do you feel that you lack companionship?", "How often do you feel left out?", "How often do you feel isolated from others?"]) {
    await reply(page, question, "Some of the time");
  }
  await reply(page, "How often do you feel lonely?", "Occasionally");
  for (const [typed, error] of [["often", en("evaluation.not_a_number")], ["1000", en("evaluation.not_held", { high: 99 })], ["", en("evaluation.no_number")]]) {
    await times(page, GP, typed);
    await seen(page.getByRole("link", { name: error }));
  }
  await times(page, GP, "3");
  await times(page, "In the last 3 months, how many times have you been to A&E or urgent care?", "0");
  await page.getByRole("button", { name: en("kiosk.decline") }).click();
  await seen(heading(page, en("kiosk.thanks")));
  await unlock(page, "4821");
  await seen(heading(page, en("pulse.choose_title")));
  await gone(dueLine(page, "Bethan"));

  await server.start();
  await sendNow(page);
  const arrived = await server.export();
  const bethan = arrived.person("Bethan").id;
  const sheets = arrived.measures.filter((sheet) => sheet.person === bethan);
  const said = sheets.map((sheet) => [sheet.instrument, sheet.mode, sheet.moment, sheet.finished, sheet.replies.map((reply) => (reply.state === "given" ? reply.value : reply.state))]);
  assert.deepEqual(said.sort(), [
    ["ons-loneliness", "read_by_staff", "baseline", true, [3]],
    ["ons4", "read_by_staff", "baseline", true, [0, 6, 10, "declined"]],
    ["service-use", "read_by_staff", "baseline", true, [3, 0, "declined", "not_answered", "not_answered"]],
    ["ucla3", "read_by_staff", "baseline", true, [2, 2, 2]],
  ]);
  assert.deepEqual(arrived.asked.filter((asked) => asked.person === bethan).map((asked) => [asked.moment, asked.outcome]), [["baseline", "finished"]]);
  // The coordinator's page counts her. Another tablet does not ask her again.
  await sendNow(computer.page);
  await eventually(async () => assert.equal(Number(await baseline.getByRole("cell").nth(1).innerText()), answeredBefore + 1));
  const other = await t.tablet(server, { name: "Red tablet", staff: "Tom" });
  await goToRegister(other.page);
  await other.page.getByRole("link", { name: en("pulse.hand_over") }).click();
  await seen(heading(other.page, en("pulse.choose_title")));
  await seen(other.page.getByRole("button", { name: /^Bethan/ }));
  await gone(dueLine(other.page, "Bethan"));
});

test("evaluation: who stops is asked again, who says no is left in peace, and one language is not the other", async (t) => {
  const { server, page } = await planned(t, { size: "size_small", topics: ["topic_wellbeing"] });
  await walkIn(page, "Bethan", { agrees: true });
  await openSurveyOf(page, "Bethan");
  await giveSurvey(page, "Bethan");
  // The words of ONS4 were not published in Welsh, so the form says that they are English.
  await page.getByRole("button", { name: cy("settings.language_name") }).click();
  await seen(page.getByText(cy("evaluation.in_english")));
  await seen(page.locator('legend[lang="en-GB"]').getByText(ONS4[0]));
  await page.getByRole("group", { name: ONS4[0] }).getByLabel("4", { exact: true }).check();
  await page.getByRole("button", { name: cy("kiosk.stop") }).click();
  await seen(heading(page, cy("kiosk.thanks")));
  await page.getByRole("button", { name: cy("kiosk.staff") }).click();
  await page.getByLabel(cy("unlock.pin")).fill("4821");
  await page.getByRole("button", { name: cy("unlock.submit") }).click();
  await seen(dueLine(page, "Bethan").getByText(en("evaluation.due_stopped")));
  await dueLine(page, "Bethan").click();
  await seen(page.getByText(en("evaluation.ask_stopped", { name: "Bethan" })));
  await page.getByRole("button", { name: en("evaluation.ask_decline") }).click();
  await seen(dueLine(page, "Bethan").getByText(en("evaluation.due_said_no")));
  // She thinks again.
  await dueLine(page, "Bethan").click();
  await seen(page.getByText(en("evaluation.ask_said_no", { name: "Bethan" })));
  await giveSurvey(page, "Bethan");
  for (const question of ONS4) await reply(page, question, "5");
  await seen(heading(page, en("kiosk.thanks")));
  await unlock(page, "4821");
  await gone(dueLine(page, "Bethan"));
  await openToday(page);
  await sendNow(page);
  const arrived = await server.export();
  const bethan = arrived.person("Bethan").id;
  const hers = (list) => list.filter((one) => one.person === bethan);
  assert.deepEqual(hers(arrived.measures).map((sheet) => [sheet.instrument, sheet.language, sheet.finished]).sort(), [["ons4", "en-GB", false], ["ons4", "en-GB", true]]);
  assert.deepEqual(hers(arrived.asked).map((asked) => asked.outcome), ["finished"]);
});

test("evaluation: SWEMWBS needs its licence, and carries its owner's line", async (t) => {
  const server = await t.server();
  const computer = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  const { page } = computer;
  await page.goto(`${server.base}/app/coordinator/evaluation`);
  await page.getByLabel(en("evaluation.size_small"), { exact: true }).check();
  for (const topic of ["topic_wellbeing", "topic_loneliness"]) await page.getByLabel(en(`evaluation.${topic}`), { exact: true }).uncheck();
  await page.getByLabel(en("evaluation.topic_mental"), { exact: true }).check();
  await page.getByRole("button", { name: en("action.save") }).click();
  await seen(page.getByRole("link", { name: en("evaluation.licence_missing") }));
  await page.getByLabel(en("evaluation.licence")).fill("WEMWBS-2026-0815");
  await page.getByRole("button", { name: en("action.save") }).click();
  await seen(page.locator(".govuk-summary-list").getByText(en("evaluation.size_small")));
  await page.getByRole("button", { name: en("action.save") }).click();
  await seen(page.getByRole("link", { name: en("evaluation.unchanged") }));
  await walkIn(page, "Bethan", { agrees: true });
  await openSurveyOf(page, "Bethan");
  await giveSurvey(page, "Bethan");
  await seen(page.getByText(/Warwick/));
  for (let question = 0; question < 7; question += 1) {
    await page.getByLabel("Often", { exact: true }).check();
    await eventually(async () => (await page.locator("button[type=submit]").isEnabled()));
    await continueOn(page);
    if (question < 6) await seen(page.getByText(en("kiosk.question", { number: question + 2, total: 7 })));
  }
  await seen(heading(page, en("kiosk.thanks")));
});

test("evaluation: the report on a coordinator's screen says what the server's file says", async (t) => {
  const server = await t.server();
  const { page } = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  await page.getByRole("link", { name: en("coordinator.title") }).click();
  await page.getByRole("link", { name: en("reporting.title"), exact: true }).click();
  await seen(heading(page, en("reporting.title")));
  const file = await server.report();
  const titles = async () => page.locator(".app-finding__title").allInnerTexts();
  await eventually(async () => assert.deepEqual(await titles(), file.sections.map((section) => section.title)));
  const finding = (place) => page.locator(".app-finding").nth(place);
  assert.deepEqual(await finding(0).locator("li").allInnerTexts(), file.sections[0].points);
  const onScreen = await finding(1).locator("td").allInnerTexts();
  assert.deepEqual(onScreen, file.sections[1].tables[0].rows.map((row) => String(Math.round(row[1]))));
  // What is folded away is unfolded before it is printed.
  await page.evaluate(() => {
    window.print = () => (window.printedWith = document.querySelectorAll("details:not([open])").length);
  });
  await page.getByRole("button", { name: en("reporting.print") }).click();
  await eventually(async () => (await page.evaluate(() => window.printedWith)) === 0);
  // Nobody has answered at the end yet, so nothing is worth anything, and the page says so.
  await page.getByLabel(en("reporting.worth_quarter"), { exact: true }).check();
  await page.getByRole("button", { name: en("reporting.show") }).click();
  await seen(page.getByRole("status").getByText(en("reporting.worth_none")));
  await page.getByLabel(en("reporting.worth_no"), { exact: true }).check();
  await page.getByRole("button", { name: en("reporting.show") }).click();
  await gone(page.getByText(en("reporting.worth_none")));
  // Other days, and days that cannot be.
  await page.getByLabel(en("reporting.to")).fill("2020-01-01");
  await page.getByRole("button", { name: en("reporting.show") }).click();
  await seen(page.getByRole("link", { name: en("reporting.wrong_order") }));
  await page.getByLabel(en("reporting.from")).fill("2019-01-01");
  await page.getByRole("button", { name: en("reporting.show") }).click();
  await seen(page.getByRole("heading", { level: 2, name: en("report.reach_none") }));
  await page.getByLabel(en("reporting.from")).fill("");
  await page.getByRole("button", { name: en("reporting.show") }).click();
  await seen(page.getByRole("link", { name: en("reporting.no_day") }));
});

test("evaluation: what somebody answered goes from the tablet that asked when they are erased", async (t) => {
  const { server, tablet, page } = await planned(t, { size: "size_small", topics: ["topic_wellbeing"] });
  await walkIn(page, "Bethan", { agrees: true });
  await openSurveyOf(page, "Bethan");
  await giveSurvey(page, "Bethan");
  for (const question of ONS4) await reply(page, question, "5");
  await seen(heading(page, en("kiosk.thanks")));
  await unlock(page, "4821");
  await sendNow(page);
  const vault = await OpenedVault.open(page, tablet.words);
  t.after(() => vault.close());
  const rows = async () => {
    const own = await vault.own(page);
    return { own: own.length, answers: own.filter(([, bytes]) => bytes.includes("ons4")).length, name: own.filter(([, bytes]) => bytes.includes("Bethan")).length };
  };
  const before = await rows();
  assert.ok(before.answers > 0 && before.name > 0);
  await server.erase((await server.export()).person("Bethan").id);
  await sendNow(page);
  await eventually(async () => assert.deepEqual(await rows(), { own: before.own, answers: 0, name: 0 }));
  // The tablet goes on, and its log is still the server's.
  await walkIn(page, "Carys");
  await sendNow(page);
  assert.ok((await server.export()).person("Carys"));
});

test("evaluation: a report that was given out is kept, named beside one of other days, and can be taken back", async (t) => {
  const server = await t.server();
  const { page } = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  await page.getByRole("link", { name: en("coordinator.title") }).click();
  await page.getByRole("link", { name: en("reporting.title"), exact: true }).click();
  await seen(page.getByText(en("given_out.none")));
  await page.getByLabel(en("given_out.to_whom")).fill("Larkenhope Trust");
  await page.getByRole("button", { name: en("given_out.do") }).click();
  await seen(page.getByText(en("given_out.done")));
  const line = page.getByRole("row", { name: /Larkenhope Trust/ });
  await seen(line);
  await sendNow(page);
  await eventually(async () => (await server.export()).reports_given_out.length === 1);
  // The same days again: it was checked, and nothing is to be feared.
  const earlier = page.getByRole("heading", { level: 2, name: en("report.earlier") });
  await page.getByRole("button", { name: en("reporting.show") }).click();
  await seen(earlier);
  await seen(page.getByRole("cell", { name: en("report.earlier_held"), exact: true }));
  await gone(page.getByText(en("given_out.beside")));
  // From another day on: whoever is about to give it out is told.
  await page.getByLabel(en("reporting.from")).fill("2020-01-01");
  await page.getByRole("button", { name: en("reporting.show") }).click();
  await seen(page.getByText(en("given_out.beside")));
  await line.getByRole("button", { name: new RegExp(en("given_out.take_back")) }).click();
  await seen(page.getByText(en("given_out.none")));
  await page.getByRole("button", { name: en("reporting.show") }).click();
  await gone(page.getByText(en("given_out.beside")));
  await gone(earlier);
});

test("evaluation: a score from another tool is written down without signal, once, and is taken out again", async (t) => {
  const server = await t.server();
  const { page } = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  await page.getByRole("link", { name: en("coordinator.title") }).click();
  await page.getByRole("link", { name: en("elsewhere.title"), exact: true }).click();
  await seen(heading(page, en("elsewhere.title")));
  await page.locator("a.app-list__link").first().click();
  await seen(page.getByText(en("elsewhere.none")));
  await server.stop();
  const fill = (field, typed) => page.getByLabel(en(`elsewhere.${field}`), { exact: true }).fill(typed);
  const save = () => page.getByRole("button", { name: en("action.save") }).click();
  for (const [field, typed] of [["tool", "Well-being Star"], ["area", "Lifestyle"], ["figure", "6"], ["lowest", "1"], ["highest", "5"], ["licence", "Mendip Link Workers"]]) {
    await fill(field, typed);
  }
  await save();
  await seen(page.getByRole("link", { name: en("elsewhere.moment_missing") }));
  await page.getByLabel(en("evaluation.moment_baseline"), { exact: true }).check();
  await save();
  await seen(page.getByRole("link", { name: en("elsewhere.outside") }));
  await fill("figure", "3,5");
  await save();
  await seen(page.getByText(en("elsewhere.saved")));
  const line = page.getByRole("row", { name: /Well-being Star: Lifestyle/ });
  await seen(line.getByText(en("elsewhere.of", { figure: "3.5", highest: "5" })));
  // The tool stays for its next area; the same area once more is refused.
  assert.equal(await page.getByLabel(en("elsewhere.tool"), { exact: true }).inputValue(), "Well-being Star");
  await fill("area", "lifestyle");
  await fill("figure", "4");
  await save();
  await seen(page.getByRole("link", { name: en("elsewhere.twice") }));
  await server.start();
  await sendNow(page);
  const [score] = (await server.export()).scores_from_elsewhere;
  assert.deepEqual([score.tool, score.figure, score.highest, score.moment, score.licence_holder], ["Well-being Star", 3.5, 5, "baseline", "Mendip Link Workers"]);
  await line.getByRole("button", { name: new RegExp(en("elsewhere.take_out")) }).click();
  await seen(page.getByText(en("elsewhere.none")));
  await sendNow(page);
  await eventually(async () => (await server.export()).scores_from_elsewhere.length === 0);
});

test("evaluation: months after the course a coordinator sees whom to ask, and until when", async (t) => {
  const { server, computer } = await planned(t, { size: "size_small", topics: ["topic_wellbeing"] });
  const { page } = computer;
  await openOverview(page);
  await page.getByRole("link", { name: en("follow_up.title") }).click();
  await seen(heading(page, en("follow_up.title")));
  await seen(page.getByText(en("follow_up.not_planned")));
  await planSurvey(page, server.base, { size: "size_medium", topics: ["topic_wellbeing"] });
  await sendNow(page);
  const { sessions } = await server.export();
  const last = sessions.map((session) => session.date).sort().at(-1);
  await page.goto(`${server.base}/app/coordinator/follow-up`);
  const list = (key) => page.locator("section").filter({ has: page.getByRole("heading", { level: 2, name: en(key) }) });
  await seen(list("follow_up.now").getByText(en("follow_up.nobody")));
  await list("follow_up.later").locator("summary").click();
  await seen(list("follow_up.later").getByText(en("evaluation.moment_three_months")));

  // Thirteen weeks after the last session.
  await page.clock.setFixedTime(new Date(Date.parse(last) + 91 * 86_400_000 + 43_200_000));
  await computer.open(`${server.base}/app/coordinator`);
  const link = page.getByRole("link", { name: new RegExp(en("follow_up.title")) });
  const open = async () => Number((await link.innerText()).match(/\d+/)[0]);
  await eventually(async () => assert.ok((await open()) > 0));
  const before = await open();
  await link.click();
  const first = list("follow_up.now").getByRole("link").filter({ hasNotText: en("evaluation.due_consent") }).first();
  const name = (await first.locator(".app-list__main").innerText()).split("\n")[0];
  await first.click();
  await seen(heading(page, en("evaluation.ask_title", { name })));
  await giveSurvey(page, name, "ask_read");
  for (const question of ONS4) await reply(page, question, "8");
  for (let number = 5; number <= 9; number += 1) {
    await seen(page.getByText(en("kiosk.question", { number, total: 9 })));
    await page.getByRole("button", { name: en("kiosk.decline") }).click();
  }
  await seen(heading(page, en("kiosk.thanks")));
  await unlock(page, "4821");
  await openOverview(page);
  await eventually(async () => assert.equal(await open(), before - 1));
});

test("evaluation: three faces in place of the plan, one to try first, and the same the next time", async (t) => {
  const { server, page } = await planned(t, { size: "size_small", topics: ["topic_wellbeing"] });
  await walkIn(page, "Bethan", { agrees: true });
  await openSurveyOf(page, "Bethan");
  await seen(page.getByText(en("evaluation.ask_text", { n: 4 })));
  const which = page.getByRole("group", { name: en("evaluation.ask_which") });
  assert.ok(await which.getByLabel(en("evaluation.ask_usual"), { exact: true }).isChecked());
  await which.getByLabel(en("evaluation.ask_easy"), { exact: true }).check();
  await giveSurvey(page, "Bethan");
  // The first is for practice, and the words are ours, in the language of the form.
  await seen(page.getByText("The first question is to try it. It does not count."));
  await page.getByRole("button", { name: cy("settings.language_name") }).click();
  await seen(page.getByText("Mae’r cwestiwn cyntaf i roi cynnig arni. Nid yw’n cyfrif."));
  await gone(page.getByText(cy("evaluation.in_english")));
  await page.getByRole("button", { name: en("settings.language_name") }).click();
  await reply(page, "How is the weather today?", "Good");
  await gone(page.getByText("The first question is to try it. It does not count."));
  await reply(page, "How do you feel today?", "Not good");
  await reply(page, "How do you get on with other people?", "In between");
  await reply(page, "How are the things that you do?", "Good");
  await seen(heading(page, en("kiosk.thanks")));
  await unlock(page, "4821");
  await openToday(page);
  await sendNow(page);
  const arrived = await server.export();
  const bethan = arrived.person("Bethan").id;
  const hers = (list) => list.filter((one) => one.person === bethan);
  assert.deepEqual(hers(arrived.measures).map((sheet) => [sheet.instrument, sheet.replies.map((reply) => reply.value)]), [["easy3", [3, 1, 2, 3]]]);
  assert.deepEqual(hers(arrived.asked).map((asked) => [asked.outcome, asked.questions]), [["finished", "easy"]]);
});

test("evaluation: the page for link workers fits one sheet and says how to refer", async (t) => {
  const server = await t.server();
  const { page } = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  await openOverview(page);
  await page.getByRole("link", { name: en("leaflet.title") }).click();
  await seen(heading(page, en("leaflet.title")));
  await seen(page.getByText(`${server.base}/r/`));
  await seen(page.getByText(en("leaflet.care")));
  const { sessions, today } = await server.export();
  const coming = sessions.filter((session) => session.date >= today.date).length;
  const next = page.locator("h3", { hasText: en("leaflet.next") }).locator("+ ul > li");
  assert.equal(await next.count(), Math.min(coming, 4));
  const sheets = async () => ((await page.pdf({ format: "A4" })).toString("latin1").match(/\/Type\s*\/Page\b/g) ?? []).length;
  assert.equal(await sheets(), 1);
});

/** Notes what the browser is asked to read out, and lets it. */
async function hearsReading(page) {
  await page.evaluate(() => {
    globalThis.read = [];
    const speak = speechSynthesis.speak.bind(speechSynthesis);
    speechSynthesis.speak = (utterance) => {
      globalThis.read.push([utterance.lang, utterance.text]);
      speak(utterance);
    };
  });
  return () => page.evaluate(() => globalThis.read);
}

test("evaluation: Listen reads out what stands on the page, each part in its language, and the answers say so", async (t) => {
  const { server, page } = await planned(t, { size: "size_small", topics: ["topic_wellbeing"] });
  await walkIn(page, "Bethan", { agrees: true });
  await openSurveyOf(page, "Bethan");
  await giveSurvey(page, "Bethan");
  await page.getByRole("button", { name: cy("settings.language_name") }).click();
  await seen(page.getByText(cy("evaluation.in_english")));
  const read = await hearsReading(page);
  await page.getByRole("button", { name: cy("kiosk.listen"), exact: true }).click();
  const heard = await eventually(async () => {
    const heard = await read();
    assert.ok(heard.length > 3, JSON.stringify(heard));
    return heard;
  });
  assert.ok(heard.some(([language, text]) => language === "cy" && text === cy("evaluation.in_english")), JSON.stringify(heard));
  assert.ok(heard.some(([language, text]) => language === "en-GB" && text === ONS4[0]), JSON.stringify(heard));
  assert.ok(heard.some(([, text]) => /^10\s+completely$/.test(text)), JSON.stringify(heard));
  for (const question of ONS4) {
    await page.getByRole("group", { name: question }).getByLabel("6", { exact: true }).check();
    await page.getByRole("button", { name: cy("action.continue") }).click();
  }
  await seen(heading(page, cy("kiosk.thanks")));
  await page.getByRole("button", { name: en("settings.language_name") }).click();
  await unlock(page, "4821");
  await sendNow(page);
  const arrived = await server.export();
  const said = arrived.measures.filter((sheet) => sheet.person === arrived.person("Bethan").id);
  assert.deepEqual(said.map((sheet) => sheet.mode), ["read_by_app"]);
});
