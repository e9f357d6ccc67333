// The survey, and how a session was, on people's own phones, by a link from a tablet.

import assert from "node:assert/strict";
import { SIZES } from "../lib/device.mjs";
import { ONS4, codeForPhones, dueLine, goToRegister, linkOf, openSurveyOf, planSurvey, reply, walkIn } from "../lib/evaluation.mjs";
import { Canaries, found, leave } from "../lib/canary.mjs";
import { test } from "../lib/runner.mjs";
import { answer, sendNow, write } from "../lib/screens.mjs";
import { eventually, gone, seen } from "../lib/wait.mjs";
import { cy, en } from "../lib/words.mjs";

const PHONE = { size: SIZES.smallPhone, hasTouch: true, isMobile: true };
const heading = (page, name) => page.getByRole("heading", { level: 1, name });
const press = (page, key, words = en) => page.getByRole("button", { name: words(key), exact: true }).click();
const onQuestion = (page, number, words = en) => seen(page.getByText(words("kiosk.question", { number, total: 4 })));

/** A tablet without signal that gave Bethan a link. */
async function given(t) {
  const server = await t.server();
  const computer = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  await planSurvey(computer.page, server.base, { size: "size_small", topics: ["topic_wellbeing"] });
  await sendNow(computer.page);
  const { page } = await t.tablet(server);
  await server.stop();
  await walkIn(page, "Bethan", { agrees: true });
  await openSurveyOf(page, "Bethan");
  const link = await linkOf(page, "Bethan");
  await server.start();
  return { server, page, link };
}

async function begin(phone, link, { helps = "alone" } = {}) {
  await phone.page.goto(link);
  await seen(heading(phone.page, en("own_phone.title")));
  await phone.page.getByLabel(en(`own_phone.${helps}`), { exact: true }).check();
  await press(phone.page, "kiosk.start");
}

test("own phone: a link from a tablet without signal, answered with breaks and without signal, arrives once", async (t) => {
  const { server, page, link } = await given(t);
  assert.ok(!/Bethan/i.test(link), "the link carries no name");
  await page.getByRole("link", { name: en("evaluation.link_done"), exact: true }).click();
  await seen(dueLine(page, "Bethan").getByText(en("evaluation.due_linked")));
  // Shown again, it is the same link.
  await dueLine(page, "Bethan").click();
  await seen(page.getByText(en("evaluation.ask_linked", { name: "Bethan" })));
  assert.equal(await linkOf(page, "Bethan"), link);

  const phone = await t.device(PHONE);
  await phone.page.goto(link);
  await seen(heading(phone.page, en("own_phone.title")));
  await seen(phone.page.getByText(en("own_phone.text", { n: 4 })));
  await seen(phone.page.getByText(/Larkenhope/));
  await press(phone.page, "kiosk.start");
  await seen(phone.page.getByRole("link", { name: en("own_phone.helps_missing") }));
  await phone.page.getByLabel(en("own_phone.alone"), { exact: true }).check();
  await press(phone.page, "kiosk.start");
  await onQuestion(phone.page, 1);
  await press(phone.page, "action.continue");
  await seen(phone.page.getByRole("link", { name: en("kiosk.choose") }));
  await reply(phone.page, ONS4[0], "8");
  await press(phone.page, "kiosk.decline");
  await onQuestion(phone.page, 3);
  await phone.ready();
  await server.stop();
  // The browser is killed half-way, and there is no signal any more.
  await phone.kill();
  await phone.start();
  await phone.page.goto(link);
  await onQuestion(phone.page, 3);
  await reply(phone.page, ONS4[2], "6");
  await reply(phone.page, ONS4[3], "2");
  await seen(heading(phone.page, en("own_phone.ready_title")));
  await press(phone.page, "action.back");
  await onQuestion(phone.page, 4);
  await reply(phone.page, ONS4[3], "1");
  await press(phone.page, "own_phone.send");
  await seen(heading(phone.page, en("refer.waiting_title")));
  await phone.kill();
  await server.start();
  await phone.start();
  await phone.page.goto(link);
  await seen(heading(phone.page, en("kiosk.thanks")));

  await sendNow(page);
  const arrived = await server.export();
  const bethan = arrived.person("Bethan").id;
  const said = arrived.measures.filter((sheet) => sheet.person === bethan);
  assert.deepEqual(
    said.map((sheet) => [sheet.instrument, sheet.mode, sheet.moment, sheet.finished, sheet.replies.map((reply) => (reply.state === "given" ? reply.value : reply.state))]),
    [["ons4", "alone", "baseline", true, [8, "declined", 6, 1]]],
  );
  // Nothing of it is left on the phone, and the tablet does not ask her again.
  await phone.page.goto("about:blank");
  await phone.page.goto(link);
  await seen(heading(phone.page, en("kiosk.thanks")));
  const rows = await phone.page.evaluate(async () => {
    const open = indexedDB.open("wellfield-answers");
    const database = await new Promise((resolve) => (open.onsuccess = () => resolve(open.result)));
    const links = database.transaction("links").objectStore("links");
    const done = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
    const [keys, rows] = await Promise.all([done(links.getAllKeys()), done(links.getAll())]);
    database.close();
    // Beside what is kept of links lies the key that answers are sealed to.
    return rows.filter((_, index) => keys[index] !== "sealing-key").map((row) => row.length);
  });
  assert.equal(rows.length, 1);
  assert.ok(rows[0] < 10, `${rows[0]} bytes are kept`);
  await goToRegister(page);
  await page.getByRole("link", { name: en("pulse.hand_over") }).click();
  await seen(heading(page, en("pulse.choose_title")));
  await gone(dueLine(page, "Bethan"));
});

test("own phone: a second phone with the same link adds nothing, and Welsh is Welsh", async (t) => {
  const { server, link, page } = await given(t);
  const [one, other] = [await t.device(PHONE), await t.device(PHONE)];
  for (const phone of [one, other]) await begin(phone, link, { helps: "helped" });
  for (const [phone, answer] of [[one, "4"], [other, "9"]]) {
    await press(phone.page, "settings.language_name", cy);
    await seen(phone.page.getByText(cy("evaluation.in_english")));
    for (const question of ONS4) {
      await phone.page.getByRole("group", { name: question }).getByLabel(answer, { exact: true }).check();
      await press(phone.page, "action.continue", cy);
    }
    await press(phone.page, "own_phone.send", cy);
    await seen(heading(phone.page, cy("kiosk.thanks")));
  }
  await sendNow(page);
  const arrived = await server.export();
  const said = arrived.measures.filter((sheet) => sheet.person === arrived.person("Bethan").id);
  assert.deepEqual(said.map((sheet) => [sheet.mode, sheet.replies[0].value]), [["by_carer", 4]]);
});

test("own phone: an address without a whole link says so", async (t) => {
  const { server, link } = await given(t);
  const phone = await t.device(PHONE);
  for (const address of [`${server.base}/a/`, `${server.base}/a/#nothing`, link.slice(0, -30)]) {
    await phone.page.goto("about:blank");
    await phone.page.goto(address);
    await seen(heading(phone.page, en("own_phone.wrong_title")));
  }
  // Whole, but changed on the way: it can be answered, and the server does not take it.
  const letter = link.at(-9) === "A" ? "B" : "A";
  const forged = link.slice(0, -9) + letter + link.slice(-8);
  await phone.page.goto("about:blank");
  await begin(phone, forged);
  for (const question of ONS4) await reply(phone.page, question, "5");
  await press(phone.page, "own_phone.send");
  await seen(heading(phone.page, en("own_phone.refused_title")));
  // Opened again it does not say that they arrived.
  await phone.page.goto("about:blank");
  await phone.page.goto(forged);
  await seen(heading(phone.page, en("own_phone.refused_title")));
});

/** The code for everybody of today's session, from a tablet without signal. */
async function codeGiven(t) {
  const server = await t.server();
  const { page } = await t.tablet(server);
  await server.stop();
  await goToRegister(page);
  const link = await codeForPhones(page);
  await server.start();
  return { server, page, link };
}

test("own phone: one code for everybody at a session, answered without names, arrives once from each phone", async (t) => {
  const { server, page, link } = await codeGiven(t);
  const before = (await server.export()).pulses.length;
  const [one, other] = [await t.device(PHONE), await t.device(PHONE)];
  for (const phone of [one, other]) {
    await phone.page.goto(link);
    await seen(phone.page.getByText(en("own_phone.nameless")));
    await seen(phone.page.getByText(en("own_phone.text", { n: 4 })));
    await seen(phone.page.getByText(/Larkenhope/));
    await phone.page.getByLabel(en("own_phone.alone"), { exact: true }).check();
    await press(phone.page, "kiosk.start");
  }
  await answer(one.page, en("pulse.day_question"), en("pulse.day_good"));
  // Too long to be kept: it says so, and the words stay.
  const long = "x".repeat(2001);
  await one.page.getByLabel(en("pulse.good_question")).fill(long);
  await press(one.page, "action.continue");
  await seen(one.page.getByRole("alert"));
  assert.equal(await one.page.getByLabel(en("pulse.good_question")).inputValue(), long);
  await write(one.page, en("pulse.good_question"), "The trench");
  await one.ready();
  await server.stop();
  // Killed half-way, it goes on where it was, without signal.
  await one.kill();
  await one.start();
  await one.page.goto(link);
  await seen(heading(one.page, en("pulse.change_question")));
  await press(one.page, "kiosk.decline");
  await answer(one.page, en("pulse.safe_question"), en("pulse.felt_no"));
  await seen(heading(one.page, en("own_phone.ready_title")));
  await press(one.page, "action.back");
  await answer(one.page, en("pulse.safe_question"), en("pulse.felt_partly"));
  await press(one.page, "own_phone.send");
  await seen(heading(one.page, en("refer.waiting_title")));
  await server.start();
  await press(one.page, "sent.send_now");
  await seen(heading(one.page, en("kiosk.thanks")));

  await answer(other.page, en("pulse.day_question"), en("pulse.day_bad"));
  for (const _ of ["good", "change"]) await press(other.page, "kiosk.decline");
  await answer(other.page, en("pulse.safe_question"), en("pulse.felt_no"));
  await press(other.page, "own_phone.send");
  await seen(heading(other.page, en("kiosk.thanks")));

  const pulses = (await server.export()).pulses;
  assert.equal(pulses.length, before + 2);
  const said = pulses.slice(0, 2).map((pulse) => [pulse.person, pulse.mode, pulse.finished, pulse.flag, pulse.answers.day.value, pulse.answers.good.value]);
  assert.deepEqual(said, [
    [null, "alone", true, true, "bad", null],
    [null, "alone", true, false, "good", "The trench"],
  ]);
  await sendNow(page);
});

test("own phone: nothing of an answer lies readable on the phone, neither under way nor while it waits", async (t) => {
  const { server, link } = await codeGiven(t);
  const phone = await t.device(PHONE);
  const canaries = new Canaries();
  const [good, change, control] = ["good", "change", "control"].map((field) => canaries.draw(field));
  const clean = async () => assert.deepEqual(await found(phone.profile, [good, change]), []);
  await begin(phone, link);
  await answer(phone.page, en("pulse.day_question"), en("pulse.day_good"));
  await write(phone.page, en("pulse.good_question"), good);
  await seen(heading(phone.page, en("pulse.change_question")));
  await phone.ready();
  await server.stop();
  await phone.kill();
  await clean();
  // Whoever has the link goes on where they were, and finds what they wrote.
  await phone.start();
  await phone.page.goto(link);
  await seen(heading(phone.page, en("pulse.change_question")));
  await press(phone.page, "action.back");
  await eventually(async () => (await phone.page.getByLabel(en("pulse.good_question")).inputValue()) === good);
  await press(phone.page, "action.continue");
  await write(phone.page, en("pulse.change_question"), change);
  await answer(phone.page, en("pulse.safe_question"), en("pulse.felt_partly"));
  await press(phone.page, "own_phone.send");
  await seen(heading(phone.page, en("refer.waiting_title")));
  await leave(phone.page, control);
  await phone.kill();
  await clean();
  assert.notEqual((await found(phone.profile, [control])).length, 0, "what is readable is found");
  // It arrives all the same, by whatever link the pages are opened.
  await server.start();
  await phone.start();
  const sent = phone.page.waitForRequest((request) => request.url().endsWith("/v1/sealed-answers"));
  await phone.page.goto(`${server.base}/a/`);
  await sent;
  const ours = async () => (await server.export()).pulses.filter((pulse) => pulse.answers.good.value === good);
  await eventually(async () => (await ours()).length === 1, { every: 250 });
  assert.equal((await ours())[0].answers.change.value, change);
});

test("own phone: without a key to seal to the answers are sent at once, and stay where that fails", async (t) => {
  const { server, link } = await codeGiven(t);
  const phone = await t.device(PHONE);
  await phone.page.route("**/v1/sealing-key", (route) => route.abort());
  await begin(phone, link);
  await answer(phone.page, en("pulse.day_question"), en("pulse.day_bad"));
  for (const _ of ["good", "change"]) await press(phone.page, "kiosk.decline");
  await phone.ready();
  await server.stop();
  await answer(phone.page, en("pulse.safe_question"), en("pulse.felt_no"));
  await press(phone.page, "own_phone.send");
  await seen(heading(phone.page, en("refer.not_sent")));
  await phone.kill();
  await server.start();
  const pulses = (await server.export()).pulses.length;
  await phone.start();
  await phone.page.goto(link);
  await seen(heading(phone.page, en("own_phone.ready_title")));
  await press(phone.page, "own_phone.send");
  await seen(heading(phone.page, en("kiosk.thanks")));
  assert.equal((await server.export()).pulses.length, pulses + 1);
});
