// The tablet in a participant's hands: their questions, and nothing that leads out of them.

import assert from "node:assert/strict";
import { test } from "../lib/runner.mjs";
import { examine } from "../lib/accessibility.mjs";
import { walkIn } from "../lib/evaluation.mjs";
import { answer, handOver, lastAnswer, openRegister, openToday, quoteQuestion, sendNow, tapHere, tapNotHere, unlock, unmarked, write } from "../lib/screens.mjs";
import { eventually, gone, reads, seen } from "../lib/wait.mjs";
import { cy, en } from "../lib/words.mjs";

/** A tablet with a register on which somebody is here, handed over to them. */
async function handedOver(t, { offline = false } = {}) {
  const server = await t.server();
  const tablet = await t.tablet(server);
  if (offline) await server.stop();
  await openRegister(tablet.page);
  const everybody = await tablet.page.getByRole("heading", { level: 3 }).allInnerTexts();
  const [name] = await unmarked(tablet.page);
  await tapHere(tablet.page, name);
  const register = tablet.page.url();
  await handOver(tablet.page, name);
  await tablet.page.getByRole("button", { name: en("kiosk.start_as", { name }) }).click();
  return { server, tablet, page: tablet.page, name, everybody: everybody.filter((other) => other !== name), register };
}

/** Nothing of anyone else, and no way into the app, on a page. */
async function showsNothingElse(page, { name, everybody }) {
  const shown = await page.evaluate(() => ({
    text: document.body.innerText,
    title: document.title,
    links: [...document.querySelectorAll("a[href]")].map((link) => link.getAttribute("href")),
    labels: [...document.querySelectorAll("[aria-label], [title], [alt]")].map((one) => one.getAttribute("aria-label") ?? one.title ?? one.alt),
  }));
  const all = [shown.text, shown.title, ...shown.labels].join("\n");
  for (const other of everybody) assert.ok(!new RegExp(`(^|[^\\p{L}])${other.replace(/[.\\]/g, "\\$&")}($|[^\\p{L}])`, "u").test(all), `${other} on ${name}'s screen:\n${all}`);
  assert.deepEqual(shown.links.filter((href) => !href.startsWith("#")), []);
  for (const word of [en("today.title"), en("settings.title"), en("sent.title"), en("onsite.title")]) {
    assert.ok(!all.split("\n").includes(word), `"${word}" on a participant's screen`);
  }
}

const question = (page, key) => page.getByRole("heading", { level: 1, name: en(`pulse.${key}`) });

test("hand-over: four answers, thank you, unlock; the server has them once", async (t) => {
  const { server, page, name, everybody } = await handedOver(t, { offline: true });
  await seen(page.getByText(en("kiosk.question", { number: 1, total: 4 })));
  // Nothing is chosen beforehand, and going on without an answer says what to do.
  await page.getByRole("button", { name: en("action.continue") }).click();
  await seen(page.getByRole("link", { name: en("kiosk.choose") }));
  await answer(page, en("pulse.day_question"), en("pulse.day_very_good"));
  await write(page, en("pulse.good_question"), "Finding a sherd of pottery.");
  // Back shows what was said.
  await page.getByRole("button", { name: en("action.back"), exact: true }).click();
  await eventually(async () => (await page.getByLabel(en("pulse.good_question")).inputValue()) === "Finding a sherd of pottery.");
  await page.getByRole("button", { name: en("action.continue") }).click();
  await seen(question(page, "change_question"));
  await page.getByRole("button", { name: en("kiosk.decline") }).click();
  await lastAnswer(page, en("pulse.felt_partly"));
  await seen(page.getByRole("heading", { level: 1, name: en("kiosk.thanks") }));
  await showsNothingElse(page, { name, everybody });
  await gone(page.getByText("pottery"));
  await unlock(page, "4821");
  await seen(page.getByRole("navigation", { name: en("shell.navigation") }));
  await openToday(page);
  await page.getByRole("link", { name: en("pulse.hand_over") }).click();
  await seen(page.getByRole("button", { name: new RegExp(`^${name}.*${en("pulse.answered")}`, "s") }));

  await server.start();
  await sendNow(page);
  await server.holds("Blue tablet", 3);
  const arrived = await server.export();
  const pulses = arrived.pulses.filter((pulse) => pulse.device_name === "Blue tablet");
  assert.equal(pulses.length, 1);
  const [pulse] = pulses;
  assert.equal(pulse.person, arrived.person(name).id);
  assert.equal(pulse.finished, true);
  assert.equal(pulse.flag, false);
  assert.deepEqual(
    [pulse.answers.day.value, pulse.answers.day.score, pulse.answers.good.value, pulse.answers.change.state, pulse.answers.safe.value],
    ["very_good", 5, "Finding a sherd of pottery.", "declined", "partly"],
  );
});

test("hand-over: Back, reload, addresses, history and new tabs do not lead out", async (t) => {
  const stage = await handedOver(t);
  const { server, tablet, page } = stage;
  await answer(page, en("pulse.day_question"), en("pulse.day_good"));
  await seen(question(page, "good_question"));
  const person = (await server.export()).person(stage.everybody[0]).id;
  const stays = async (where, what) => {
    await eventually(async () => (await question(where, "good_question").count()) === 1, { what: `the question after ${what}` });
    await showsNothingElse(where, stage);
  };
  await stays(page, "nothing");
  await page.evaluate(() => history.back());
  await stays(page, "Back");
  await page.evaluate(() => history.go(-3));
  await stays(page, "Back three times");
  await page.evaluate(() => history.forward());
  await stays(page, "Forward");
  await page.reload();
  await stays(page, "a reload");
  const addresses = ["/app/", `/app/person/${person}`, `/app/person/${person}/change`, "/app/sent", "/app/settings", "/app/coordinator/answers", new URL(stage.register).pathname, `${new URL(stage.register).pathname}/on-site`];
  for (const address of addresses) {
    await page.goto(server.base + address);
    await stays(page, address);
  }
  await page.evaluate((address) => {
    history.pushState(null, "", address);
    dispatchEvent(new PopStateEvent("popstate"));
  }, `/app/person/${person}`);
  await stays(page, "a pushed address");
  const tab = await tablet.context.newPage();
  await tab.goto(`${server.base}/app/person/${person}`);
  await stays(tab, "a new tab");
  await server.stop();
  await tab.reload();
  await stays(tab, "a reload without signal");
});

test("hand-over: another tab that was open before does not show anyone else", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  const tab = await tablet.context.newPage();
  await tablet.open(`${server.base}/app/`, tab);
  await openRegister(tab);
  const { page } = tablet;
  await openRegister(page);
  const everybody = await page.getByRole("heading", { level: 3 }).allInnerTexts();
  const [name] = await unmarked(page);
  await tapHere(page, name);
  await handOver(page, name);
  await tab.bringToFront();
  await eventually(async () => showsNothingElse(tab, { name, everybody: everybody.filter((other) => other !== name) }), { what: "the other tab to close up", within: 10_000 });
});

test("hand-over: Stop keeps what was said as unfinished, without what was not reached", async (t) => {
  const { server, page } = await handedOver(t);
  await page.getByRole("button", { name: en("kiosk.decline") }).click();
  await seen(question(page, "good_question"));
  await page.getByRole("button", { name: en("kiosk.stop") }).click();
  await seen(page.getByRole("heading", { level: 1, name: en("kiosk.thanks") }));
  await unlock(page, "4821");
  await sendNow(page);
  const [pulse, ...more] = (await server.export()).pulses.filter((one) => one.device_name === "Blue tablet");
  assert.deepEqual(more, []);
  assert.equal(pulse.finished, false);
  assert.deepEqual(Object.values(pulse.answers).map(({ state }) => state).sort(), ["declined", "not_reached", "not_reached", "not_reached"]);
  assert.equal(pulse.answers.day.state, "declined");
});

test("hand-over: stopped before the first answer, nothing is kept", async (t) => {
  const { server, page } = await handedOver(t);
  await seen(question(page, "day_question"));
  await page.getByRole("button", { name: en("kiosk.stop") }).click();
  await seen(page.getByRole("heading", { level: 1, name: en("kiosk.thanks") }));
  await unlock(page, "4821");
  await sendNow(page);
  assert.equal((await server.export()).pulses.filter((one) => one.device_name === "Blue tablet").length, 0);
});

test("hand-over: a crash in the middle resumes at the same question with the answers so far", async (t) => {
  const stage = await handedOver(t, { offline: true });
  const { server, tablet } = stage;
  await answer(stage.page, en("pulse.day_question"), en("pulse.day_bad"));
  await write(stage.page, en("pulse.good_question"), "The tea");
  await seen(question(stage.page, "change_question"));
  await tablet.kill();
  await tablet.start();
  await tablet.page.goto(`${server.base}/app/`);
  await seen(question(tablet.page, "change_question"));
  await showsNothingElse(tablet.page, stage);
  await write(tablet.page, en("pulse.change_question"), "More chairs");
  await lastAnswer(tablet.page, en("pulse.felt_yes"));
  await seen(tablet.page.getByRole("heading", { level: 1, name: en("kiosk.thanks") }));
  await tablet.kill();
  await tablet.start();
  await tablet.page.goto(`${server.base}/app/`);
  await seen(tablet.page.getByRole("heading", { level: 1, name: en("kiosk.thanks") }));
  await unlock(tablet.page, "4821");
  await server.start();
  await sendNow(tablet.page);
  const pulses = (await server.export()).pulses.filter((one) => one.device_name === "Blue tablet");
  assert.equal(pulses.length, 1);
  assert.equal(pulses[0].finished, true);
  assert.deepEqual([pulses[0].answers.day.value, pulses[0].answers.good.value, pulses[0].answers.change.value], ["bad", "The tea", "More chairs"]);
});

test("hand-over: the fifth wrong PIN drops the keys, and so does a reload; the words lead back to the form", async (t) => {
  const { tablet, page } = await handedOver(t);
  tablet.unlocksItself = false;
  const locked = page.getByRole("heading", { level: 1, name: en("lock.title") });
  const summary = page.locator(".govuk-error-summary");
  const typeWords = async () => {
    await page.getByLabel(en("lock.words"), { exact: true }).fill(tablet.words);
    await page.getByRole("button", { name: en("lock.open") }).click();
    await seen(question(page, "day_question"));
  };
  for (let tries = 1; tries <= 4; tries += 1) {
    await unlock(page, "0000");
    await eventually(async () => (await page.getByLabel(en("unlock.pin")).inputValue()) === "");
    await reads(summary.getByRole("link"), en("unlock.wrong"));
  }
  await unlock(page, "0000");
  await seen(locked);
  await gone(question(page, "day_question"));
  await typeWords();
  await page.reload();
  await seen(locked);
  await typeWords();
  await unlock(page, tablet.pin);
  await seen(page.getByRole("navigation", { name: en("shell.navigation") }));
});

test("hand-over: whoever forgot the PIN gets the tablet back with their words", async (t) => {
  const { tablet, page, name } = await handedOver(t, { offline: true });
  await answer(page, en("pulse.day_question"), en("pulse.day_good"));
  await page.getByRole("button", { name: en("kiosk.staff"), exact: true }).click();
  await page.getByRole("button", { name: en("unlock.use_words"), exact: true }).click();
  const field = page.getByLabel(en("lock.words"), { exact: true });
  await field.fill("five words that open nothing");
  await page.getByRole("button", { name: en("unlock.submit"), exact: true }).click();
  await seen(page.getByRole("link", { name: en("lock.wrong") }));
  await field.fill(tablet.words);
  await page.getByRole("button", { name: en("unlock.submit"), exact: true }).click();
  await seen(page.getByRole("heading", { level: 1, name: en("pulse.choose_title") }));
  await seen(page.getByRole("button", { name: new RegExp(`^${name}`) }));
});

test("hand-over: not feeling safe raises a flag for the coordinator, who deals with it", async (t) => {
  const { server, page, name } = await handedOver(t);
  await answer(page, en("pulse.day_question"), en("pulse.day_very_bad"));
  for (const key of ["good_question", "change_question"]) {
    await seen(question(page, key));
    await page.getByRole("button", { name: en("kiosk.decline") }).click();
  }
  await answer(page, en("pulse.safe_question"), en("pulse.felt_no"));
  await unlock(page, "4821");
  await sendNow(page);
  const computer = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  await computer.page.getByRole("navigation").getByRole("link", { name: en("coordinator.title") }).click();
  await seen(computer.page.getByText(en("coordinator.flags", { n: 2 })));
  await computer.page.getByRole("link", { name: en("coordinator.read_answers") }).click();
  const card = computer.page.getByRole("article", { name: new RegExp(`^${name} ${en("today.session", { number: "\\d+" })} · `) }).filter({ hasText: en("answers.flag") });
  await seen(card.getByText(en("answers.flag")));
  await card.getByLabel(en("answers.done")).fill("Rang and listened");
  await card.getByRole("button", { name: en("answers.mark_seen") }).click();
  await seen(card.getByText(/Rang and listened/));
  await sendNow(computer.page);
  const pulse = (await server.export()).pulses.find((one) => one.device_name === "Blue tablet");
  assert.deepEqual([pulse.flag, pulse.needs_attention, pulse.seen.note, pulse.seen.recorded_by], [true, false, "Rang and listened", "Mari"]);
});

test("hand-over: without a name, and those who are not here are not offered", async (t) => {
  const server = await t.server();
  const { page } = await t.tablet(server);
  await openRegister(page);
  const [away] = await unmarked(page);
  await tapNotHere(page, away);
  await page.getByRole("link", { name: en("pulse.hand_over") }).click();
  await seen(page.getByRole("button", { name: new RegExp(`^${en("pulse.no_name")}`) }));
  await gone(page.getByRole("button", { name: away }));
  await page.getByRole("button", { name: new RegExp(`^${en("pulse.no_name")}`) }).click();
  await page.getByRole("button", { name: en("kiosk.start"), exact: true }).click();
  await answer(page, en("pulse.day_question"), en("pulse.day_mixed"));
  await page.getByRole("button", { name: en("kiosk.stop") }).click();
  await unlock(page, "4821");
  await sendNow(page);
  const [pulse] = (await server.export()).pulses.filter((one) => one.device_name === "Blue tablet");
  assert.equal(pulse.person, null);
});

test("hand-over: the participant's language and text size end with the hand-over", async (t) => {
  const { server, page } = await handedOver(t);
  const attribute = (name) => page.evaluate((name) => document.documentElement.getAttribute(name), name);
  await page.getByRole("button", { name: cy("settings.language_name") }).click();
  await seen(page.getByRole("heading", { level: 1, name: cy("pulse.day_question") }));
  await page.getByRole("button", { name: cy("settings.text") }).click();
  assert.deepEqual([await attribute("lang"), await attribute("data-text")], ["cy", "large"]);
  await page.reload();
  await seen(page.getByRole("heading", { level: 1, name: cy("pulse.day_question") }));
  await page.getByLabel(cy("pulse.day_good"), { exact: true }).check();
  await page.getByRole("button", { name: cy("action.continue") }).click();
  await seen(page.getByRole("heading", { level: 1, name: cy("pulse.good_question") }));
  await page.getByRole("button", { name: cy("kiosk.staff"), exact: true }).click();
  await page.getByLabel(cy("unlock.pin")).fill("4821");
  await page.getByRole("button", { name: cy("unlock.submit") }).click();
  await seen(page.getByRole("navigation", { name: en("shell.navigation") }));
  await eventually(async () => (await attribute("lang")) !== "cy" && (await attribute("data-text")) === "usual");
  await sendNow(page);
  assert.equal((await server.export()).pulses.find((one) => one.device_name === "Blue tablet").language, "cy");
});

test("hand-over: whoever wrote something says at the end whether it may be quoted, and the coordinator finds it", async (t) => {
  const server = await t.server();
  const { page } = await t.tablet(server);
  await server.stop();
  await walkIn(page, "Bethan");
  const answers = async () => {
    await handOver(page, "Bethan");
    await page.getByRole("button", { name: en("kiosk.start_as", { name: "Bethan" }) }).click();
    await answer(page, en("pulse.day_question"), en("pulse.day_good"));
    await write(page, en("pulse.good_question"), "I forgot my worries in the trench.");
    await seen(question(page, "change_question"));
    await page.getByRole("button", { name: en("kiosk.decline") }).click();
    await answer(page, en("pulse.safe_question"), en("pulse.felt_yes"));
  };
  await answers();
  await seen(quoteQuestion(page));
  await seen(page.getByText(en("kiosk.question", { number: 5, total: 5 })));
  assert.deepEqual(await examine(page, "kiosk-quote"), []);
  await page.getByRole("button", { name: en("action.continue") }).click();
  await seen(page.getByRole("link", { name: en("kiosk.choose") }));
  await page.reload();
  await seen(quoteQuestion(page));
  await page.getByLabel(en("consent.yes"), { exact: true }).check();
  await page.getByRole("button", { name: en("action.continue") }).click();
  await seen(page.getByRole("heading", { level: 1, name: en("kiosk.thanks") }));
  await unlock(page, "4821");
  // Whoever has decided is not asked a second time.
  await openToday(page);
  await openRegister(page);
  await answers();
  await seen(page.getByRole("heading", { level: 1, name: en("kiosk.thanks") }));
  await unlock(page, "4821");
  await server.start();
  await sendNow(page);
  const arrived = await server.export();
  const bethan = arrived.person("Bethan").id;
  const decided = arrived.consents.filter(({ person, purpose }) => person === bethan && purpose === "quote");
  assert.deepEqual(decided.map(({ decision, method, given_by }) => [decision, method, given_by]), [["given", "ticked", "themselves"]]);
  const computer = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  await computer.page.goto(`${server.base}/app/coordinator/stories`);
  await computer.page.getByRole("link", { name: /^Bethan/ }).click();
  await seen(computer.page.getByText("I forgot my worries in the trench.").first());
});
