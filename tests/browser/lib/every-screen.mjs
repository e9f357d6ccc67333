// Every screen that there is, and how to get there.

import { SIZES, opened } from "./device.mjs";
import { GP, ONS4, codeForPhones, dueLine, giveSurvey, goToRegister, linkOf, openSurveyOf, planSurvey, reply, times, walkIn } from "./evaluation.mjs";
import { confirm, fillIn, goOn, questionHeading } from "./refer.mjs";
import { answer, choose, lastAnswer, openRegister, row, sendNow, tapHere, tapNotHere, unmarked, write } from "./screens.mjs";
import { withoutStorage } from "./storage.mjs";
import { eventually, seen } from "./wait.mjs";
import { en } from "./words.mjs";

/**
 * A coordinator's computer on which there is something to see on every screen. `before` may put
 * something before the server that it talks to.
 */
export async function busyComputer(t, { before = (server) => server } = {}) {
  const server = await t.server();
  const front = await before(server);
  const computer = await t.tablet(front, { role: "coordinator", name: "Office computer", staff: "Mari" });
  const tablet = await t.tablet(server, { name: "Blue tablet", staff: "Siân" });
  await server.stop();
  await openRegister(computer.page);
  await openRegister(tablet.page);
  const people = await unmarked(computer.page);
  await tapHere(computer.page, people[0]);
  await tapNotHere(tablet.page, people[0]);
  await tapNotHere(computer.page, people[1]);
  for (const name of people.slice(2, 7)) await tapHere(computer.page, name);
  await server.start();
  await sendNow(tablet.page);
  await sendNow(computer.page);
  await seen(row(computer.page, people[0]).getByRole("link", { name: en("check.title") }));
  await tablet.close();
  const arrived = await server.export();
  const id = (name) => arrived.person(name).id;
  // Somebody who agreed and said nothing else since.
  const held = arrived.consents.filter((entry) => entry.purpose === "hold_support");
  const withdrawing = held.find((entry) => entry.decision === "given" && held.filter((other) => other.person === entry.person).length === 1).person;
  return { server, front, computer, page: computer.page, people, session: arrived.today.id, here: id(people[2]), away: id(people[1]), newcomer: id("Robbie"), needing: arrived.needs_met[0].person, withdrawing };
}

const heading = (page) => seen(page.getByRole("heading", { level: 1 }));
const press = (page, key) => page.getByRole("button", { name: en(key), exact: true }).click();
const summary = (page) => seen(page.locator(".govuk-error-summary"));

/** The screens of the staff app: a name, an address, and what to do there. */
export function staffScreens({ session, here, away, newcomer, needing, withdrawing }) {
  const of = (rest) => `/app/session/${session}${rest}`;
  return [
    ["today", "/app/", (page) => page.getByText(en("today.past")).click()],
    ["register", of(""), (page) => seen(page.locator(".app-row__state").first())],
    ["register-no-match", of(""), (page) => page.getByRole("searchbox").fill("zzzz")],
    ["add", of("/add")],
    ["add-error", of("/add"), async (page) => (await press(page, "add.submit"), summary(page))],
    ["more-here", of(`/mark/${here}`)],
    ["more-not-here", of(`/mark/${away}`), (page) => choose(page, en("more.question"), en("more.apologies"))],
    ["more-error", of(`/mark/${here}`), async (page) => {
      await page.getByLabel(en("more.late")).fill("12:00");
      await page.getByLabel(en("more.left")).fill("11:00");
      await press(page, "action.save");
      await summary(page);
    }],
    ["on-site", of("/on-site"), (page) => seen(page.locator(".app-onsite li").first())],
    ["notes", of("/notes")],
    ["notes-saved", of("/notes"), async (page) => {
      await page.getByLabel(en("notes.label")).fill(`Rain until eleven. ${Date.now()}`);
      await press(page, "action.save");
      await seen(page.locator(".app-state"));
    }],
    ["hand-over-choose", of("/hand-over")],
    ["person", `/app/person/${here}`],
    ["person-details-needed", `/app/person/${newcomer}`],
    ["person-change", `/app/person/${here}/change`],
    ["person-change-error", `/app/person/${newcomer}/change`, async (page) => {
      await page.locator("#name").fill("");
      await page.locator("#emergency-name").fill("Gwen");
      await page.locator("#supporter-name").fill("Owen");
      await press(page, "action.save");
      await summary(page);
    }],
    ["consent", `/app/person/${here}/consent/1`, (page) => choose(page, en("consent.by"), en("consent.attorney"))],
    ["consent-error", `/app/person/${here}/consent/5`, async (page) => (await press(page, "action.save"), summary(page))],
    ["sent", "/app/sent"],
    ["check", "/app/check", (page) => seen(page.locator(".app-check__version").first())],
    ["settings", "/app/settings"],
    ["people", "/app/settings/people", (page) => seen(page.getByText(en("lock.me")))],
    ["people-add", "/app/settings/people", (page) => press(page, "lock.add")],
    ["people-add-error", "/app/settings/people", async (page) => (await press(page, "lock.add"), await press(page, "action.continue"), summary(page))],
    ["settings-error", "/app/settings", async (page) => (await press(page, "action.save"), summary(page))],
    ["coordinator", "/app/coordinator"],
    ["coordinator-referrals", "/app/coordinator/referrals"],
    ["accident", "/app/accident", (page) => choose(page, en("accident.event"), en("accident.hurt"))],
    ["accident-of-a-person", `/app/person/${here}/accident`, (page) => seen(page.getByLabel(en("accident.person"), { exact: true }))],
    ["accident-error", "/app/accident", async (page) => (await choose(page, en("accident.event"), en("accident.hurt")), await press(page, "action.save"), summary(page))],
    ["consent-withdrawal", `/app/person/${withdrawing}/consent/1`, async (page) => (await choose(page, en("consent.answer"), en("consent.no")), await seen(page.getByText(new RegExp(en("withdrawn.follows")))))],
    ["coordinator-withdrawn", "/app/coordinator/withdrawn", (page) => seen(page.locator(".app-list__link").first())],
    ["coordinator-withdrawn-one", "/app/coordinator/withdrawn", async (page) => {
      await page.locator(".app-list__link").first().click();
      await seen(page.getByRole("button", { name: en("withdrawn.is_done") }));
    }],
    ["coordinator-accidents", "/app/coordinator/accidents", (page) => seen(page.locator(".app-list__link").first())],
    ["coordinator-accident", "/app/coordinator/accidents", (page) => (page.locator(".app-list__link").last().click(), seen(page.getByLabel(en("accident.done"), { exact: true })))],
    ["coordinator-accident-error", "/app/coordinator/accidents", async (page) => {
      await page.locator(".app-list__link").first().click();
      await seen(page.getByLabel(en("accident.done"), { exact: true }));
      await press(page, "action.save");
      await summary(page);
    }],
    ["coordinator-answers", "/app/coordinator/answers"],
    ["coordinator-answers-of-a-session", "/app/coordinator/answers", (page) => page.locator("summary").first().click()],
    ["person-needs", `/app/person/${needing}/needs`],
    ["feedback", "/app/feedback", (page) => seen(page.getByRole("article").first())],
    ["coordinator-feedback-new", "/app/coordinator/feedback/new"],
    ["coordinator-feedback-error", "/app/coordinator/feedback/new", async (page) => (await press(page, "action.save"), summary(page))],
    ["coordinator-stories", "/app/coordinator/stories"],
    ["coordinator-stories-of-a-person", `/app/coordinator/stories/${here}`],
    ["coordinator-stories-error", `/app/coordinator/stories/${here}`, async (page) => (await press(page, "stories.put_in"), summary(page))],
    ["coordinator-onward", "/app/coordinator/onward"],
    ["coordinator-onward-of-a-person", `/app/coordinator/onward/${here}`],
    ["coordinator-onward-error", `/app/coordinator/onward/${away}`, async (page) => (await press(page, "action.save"), summary(page))],
    ["coordinator-scores", "/app/coordinator/scores"],
    ["coordinator-scores-of-a-person", `/app/coordinator/scores/${here}`, async (page) => {
      for (const [field, typed] of [["tool", "Well-being Star"], ["area", "Lifestyle"], ["figure", "3"], ["lowest", "1"], ["highest", "5"], ["licence", "Mendip Link Workers"]]) {
        await page.getByLabel(en(`elsewhere.${field}`), { exact: true }).fill(typed);
      }
      if (await page.getByRole("table").count()) return;
      await page.getByLabel(en("evaluation.moment_baseline"), { exact: true }).check();
      await press(page, "action.save");
      await seen(page.getByRole("table"));
    }],
    ["coordinator-scores-error", `/app/coordinator/scores/${away}`, async (page) => (await page.getByLabel(en("elsewhere.figure"), { exact: true }).fill("a lot"), await press(page, "action.save"), summary(page))],
    ["coordinator-evaluation", "/app/coordinator/evaluation"],
    ["coordinator-story-of-change", "/app/coordinator/story-of-change"],
    ["coordinator-quality", "/app/coordinator/quality"],
    ["coordinator-quality-of-a-principle", "/app/coordinator/quality/2"],
    ["coordinator-quality-error", "/app/coordinator/quality/8", async (page) => (await choose(page, en("quality.rating"), en("quality.fully")), await press(page, "action.save"), summary(page))],
    ["coordinator-follow-up", "/app/coordinator/follow-up", (page) => page.locator("summary").first().click()],
    ["coordinator-evaluation-error", "/app/coordinator/evaluation", async (page) => (await page.getByLabel(en("evaluation.topic_mental"), { exact: true }).check(), await press(page, "action.save"), summary(page))],
    ["coordinator-report", "/app/coordinator/report", (page) => seen(page.locator(".app-finding").first())],
    ["coordinator-monitoring", "/app/coordinator/monitoring"],
    ["coordinator-monitoring-of-a-person", `/app/coordinator/monitoring/${here}`],
    ["coordinator-monitoring-error", `/app/coordinator/monitoring/${away}`, async (page) => (await page.getByLabel(en("monitoring.postcode"), { exact: true }).fill("12345"), await press(page, "action.save"), summary(page))],
    ["coordinator-link-workers", "/app/coordinator/link-workers"],
    ["coordinator-report-unfolded", "/app/coordinator/report", async (page) => {
      for (const folded of await page.locator("details").all()) await folded.locator("summary").click();
    }],
    ["coordinator-report-error", "/app/coordinator/report", async (page) => (await page.getByLabel(en("reporting.from")).fill(""), await press(page, "reporting.show"), summary(page))],
    ["coordinator-devices", "/app/coordinator/devices", async (page) => {
      await seen(page.getByRole("row", { name: /Blue tablet/ }));
      await press(page, "devices.code_tablet");
      await seen(page.locator(".app-code"));
    }],
    ["coordinator-device-lost", "/app/coordinator/devices", async (page) => {
      await page.getByRole("row", { name: /Blue tablet/ }).getByRole("link").click();
      await press(page, "lost.show");
      await seen(page.getByRole("table"));
    }],
    ["no-such-page", "/app/nowhere"],
    ["no-such-session", "/app/session/0000000000001"],
    ["no-such-person", "/app/person/0000000000001"],
  ];
}

/** Each screen as it is when it is opened without signal. What only the server knows is not there, which its screen says. */
export function staffScreensWithoutSignal(busy) {
  const said = (page) => seen(page.getByText(en("devices.no_signal")));
  const instead = { "coordinator-devices": said, "coordinator-device-lost": said };
  return staffScreens(busy)
    .filter(([name]) => !/-error$|-no-match$|-saved$/.test(name))
    .map(([name, address, act]) => [name, address, instead[name] ?? act]);
}

/** Goes to a screen of the list. */
export async function visit(page, base, [, address, act]) {
  await page.goto(base + address);
  await opened(page);
  await act?.(page);
}

/** The screens of a hand-over, one after the other. `each` looks at every one of them. */
export async function eachKioskScreen(page, base, { session }, each) {
  await page.goto(`${base}/app/session/${session}/hand-over`);
  await page.locator("button.app-list__link").nth(1).click();
  const at = async (name, key) => {
    await seen(page.getByRole("heading", { level: 1, name: en(key) }));
    await each(name);
  };
  await at("kiosk-welcome", "kiosk.give_to");
  await page.getByRole("button", { name: /Start$/ }).click();
  await at("kiosk-day", "pulse.day_question");
  await press(page, "action.continue");
  await summary(page);
  await each("kiosk-day-error");
  await answer(page, en("pulse.day_question"), en("pulse.day_good"));
  await at("kiosk-good", "pulse.good_question");
  await write(page, en("pulse.good_question"), "x".repeat(2001)).catch(() => {});
  await summary(page);
  await each("kiosk-good-error");
  await page.getByLabel(en("pulse.good_question")).fill("The trench");
  await press(page, "action.continue");
  await at("kiosk-change", "pulse.change_question");
  await press(page, "kiosk.decline");
  await at("kiosk-safe", "pulse.safe_question");
  await press(page, "kiosk.staff");
  await at("kiosk-unlock", "unlock.title");
  await page.getByLabel(en("unlock.pin")).fill("0000");
  await press(page, "unlock.submit");
  await summary(page);
  await each("kiosk-unlock-wrong");
  await press(page, "unlock.use_words");
  await seen(page.getByLabel(en("lock.words"), { exact: true }));
  await each("kiosk-unlock-words");
  await press(page, "unlock.cancel");
  await lastAnswer(page, en("pulse.felt_yes"));
  await at("kiosk-thanks", "kiosk.thanks");
}

/** The screens around the survey and those of it, one after the other. */
export async function eachSurveyScreen(page, base, each) {
  const licence = "WEMWBS-2026-0815";
  const own = "How confident are you that you can find things to do near you?";
  const comparison = "People on the waiting list, in the same weeks.";
  const topics = ["topic_wellbeing", "topic_loneliness", "topic_mental", "topic_feelings"];
  await planSurvey(page, base, { topics, licence, own, comparison });
  await each("coordinator-evaluation-planned");
  await walkIn(page, "Gwenllian", { agrees: true });
  await page.getByRole("link", { name: en("pulse.hand_over") }).click();
  await seen(dueLine(page, "Gwenllian"));
  await each("hand-over-due");
  await dueLine(page, "Gwenllian").click();
  await seen(page.getByRole("button", { name: en("evaluation.ask_give", { name: "Gwenllian" }) }));
  await each("survey-ask");
  await page.getByRole("button", { name: en("evaluation.ask_give", { name: "Gwenllian" }) }).click();
  await summary(page);
  await each("survey-ask-error");
  await linkOf(page, "Gwenllian");
  await each("survey-link");
  await page.getByRole("link", { name: en("evaluation.link_done"), exact: true }).click();
  await dueLine(page, "Gwenllian").click();
  await seen(page.getByText(en("evaluation.ask_linked", { name: "Gwenllian" })));
  await each("survey-ask-linked");
  await giveSurvey(page, "Gwenllian");
  const at = (number) => seen(page.getByText(en("kiosk.question", { number, total: 19 })));
  await at(1);
  await each("survey-scale");
  await press(page, "action.continue");
  await summary(page);
  await each("survey-scale-error");
  for (const question of ONS4) await reply(page, question, "7");
  await at(5);
  await each("survey-words");
  for (const number of [6, 7, 8, 9]) {
    await press(page, "kiosk.decline");
    await at(number);
  }
  await each("survey-licensed");
  for (const number of [10, 11, 12, 13, 14, 15, 16]) {
    await press(page, "kiosk.decline");
    await at(number);
  }
  await seen(page.getByRole("heading", { level: 1, name: own }));
  await each("survey-own");
  await press(page, "kiosk.decline");
  await at(17);
  await each("survey-times");
  await times(page, GP, "a lot");
  await summary(page);
  await each("survey-times-error");
  await press(page, "kiosk.stop");
  await seen(page.getByRole("heading", { level: 1, name: en("kiosk.thanks") }));
}

/** The public pages, one after the other. */
export async function eachPublicScreen(t, each) {
  const server = await t.server();
  const phone = await t.device({ size: SIZES.phone });
  const { page } = phone;
  await phone.open(`${server.base}/r/`);
  await seen(page.getByRole("link", { name: en("refer.start") }));
  await phone.ready();
  await each(page, "public-offer");
  await page.getByRole("link", { name: en("refer.start") }).first().click();
  const at = async (key) => {
    await seen(questionHeading(page, key));
    await each(page, `public-${key}`);
  };
  const wrong = async (key) => {
    await goOn(page);
    await summary(page);
    await each(page, `public-${key}-error`);
  };
  await at("name");
  await wrong("name");
  await page.getByLabel(en("refer.name")).fill("Nia Test");
  await goOn(page);
  await at("contact");
  await wrong("contact");
  await page.getByLabel(en("refer.by_email"), { exact: true }).check();
  await page.getByLabel(en("refer.contact_detail")).fill("nia@example.org");
  for (const key of ["access", "hopes", "supporter", "agreement"]) {
    await goOn(page);
    await at(key);
  }
  await wrong("agreement");
  await page.getByLabel(en("refer.agree"), { exact: true }).check();
  await goOn(page);
  await seen(page.getByRole("heading", { level: 1, name: en("refer.check_title") }));
  await each(page, "public-check");
  await server.stop();
  await confirm(page);
  await seen(page.getByRole("heading", { level: 1, name: en("refer.waiting_title") }));
  await each(page, "public-waiting");
  await server.start();
  await page.goto(`${server.base}/r/`);
  await page.reload();
  await fillIn(page);
  await confirm(page);
  await seen(page.getByRole("heading", { level: 1, name: en("refer.received_title") }));
  await each(page, "public-received");
  await page.reload();
  await seen(page.getByRole("heading", { level: 1, name: en("refer.nothing_title") }));
  await each(page, "public-nothing");
  await server.offer("River walks");
  await page.goto(`${server.base}/r/#offer`);
  await page.reload();
  await seen(page.getByRole("heading", { level: 1, name: en("offer.choose") }));
  await each(page, "public-offers");
  await page.getByRole("link", { name: /River walks/ }).click();
  await seen(page.getByRole("link", { name: en("offer.all") }));
  await each(page, "public-offer-of-several");

  const fresh = await t.device({ size: SIZES.phone });
  await withoutStorage(fresh.context, "null");
  // The files come from the server, the offer does not.
  await fresh.page.route("**/v1/pull**", (route) => route.abort());
  await fresh.open(`${server.base}/r/`);
  await seen(fresh.page.getByText(en("offer.no_signal")));
  await each(fresh.page, "public-no-offer");
  await fresh.page.unroute("**/v1/pull**");
  await fresh.page.getByRole("button", { name: en("action.try_again") }).click();
  await fresh.page.getByRole("link", { name: /River walks/ }).click();
  await fillIn(fresh.page);
  await server.stop();
  await confirm(fresh.page);
  await seen(fresh.page.getByText(en("refer.not_sent")));
  await each(fresh.page, "public-not-sent");

  const nothing = await t.server({ empty: true });
  await fresh.open(`${nothing.base}/r/`);
  await seen(fresh.page.getByRole("heading", { level: 1, name: en("offer.none_title") }));
  await each(fresh.page, "public-none");
}

/** The pages of a link on somebody's own phone, one after the other. */
export async function eachOwnPhoneScreen(t, each) {
  const server = await t.server();
  const computer = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  await planSurvey(computer.page, server.base, { size: "size_small", topics: ["topic_wellbeing"] });
  await walkIn(computer.page, "Gwenllian", { agrees: true });
  await openSurveyOf(computer.page, "Gwenllian");
  const link = await linkOf(computer.page, "Gwenllian");
  await goToRegister(computer.page);
  const code = await codeForPhones(computer.page);
  await each(computer.page, "pulse-code");
  const { page } = await t.device({ size: SIZES.phone });
  const at = async (key, name) => {
    await seen(page.getByRole("heading", { level: 1, name: en(key) }));
    await each(page, name);
  };
  await page.goto(`${server.base}/a/`);
  await at("own_phone.wrong_title", "own-phone-wrong");
  await page.goto(link);
  await seen(page.getByText(/Larkenhope/));
  await at("own_phone.title", "own-phone-welcome");
  await press(page, "kiosk.start");
  await summary(page);
  await each(page, "own-phone-welcome-error");
  await page.getByLabel(en("own_phone.alone"), { exact: true }).check();
  await press(page, "kiosk.start");
  await seen(page.getByRole("group", { name: ONS4[0] }));
  await each(page, "own-phone-question");
  for (const question of ONS4) await reply(page, question, "6");
  await at("own_phone.ready_title", "own-phone-ready");
  await server.stop();
  await press(page, "own_phone.send");
  await at("refer.waiting_title", "own-phone-waiting");
  await server.start();
  await press(page, "sent.send_now");
  await at("kiosk.thanks", "own-phone-thanks");

  await page.goto(code);
  await seen(page.getByText(en("own_phone.nameless")));
  await each(page, "own-phone-session-welcome");
  await page.getByLabel(en("own_phone.alone"), { exact: true }).check();
  await press(page, "kiosk.start");
  await at("pulse.day_question", "own-phone-session-day");
  await press(page, "kiosk.decline");
  await at("pulse.good_question", "own-phone-session-words");

  // A clock that is years ahead.
  const late = await t.device({ size: SIZES.phone });
  await late.page.clock.setFixedTime(Date.now() + 400 * 86_400_000);
  await late.page.goto(link);
  await seen(late.page.getByRole("heading", { level: 1, name: en("own_phone.over_title") }));
  await each(late.page, "own-phone-over");

  const forgetful = await t.device({ size: SIZES.phone });
  await withoutStorage(forgetful.context, "null");
  await forgetful.page.goto(link);
  await forgetful.page.getByLabel(en("own_phone.helped"), { exact: true }).check();
  await press(forgetful.page, "kiosk.start");
  for (const question of ONS4) await reply(forgetful.page, question, "6");
  await server.stop();
  await press(forgetful.page, "own_phone.send");
  await seen(forgetful.page.getByRole("heading", { level: 1, name: en("refer.not_sent") }));
  await each(forgetful.page, "own-phone-not-sent");
  await server.start();
}

/** Screens before and beside the app: setting up, and what cannot be opened or saved. */
export async function eachScreenBeside(t, each) {
  const server = await t.server();
  const device = await t.device();
  await device.open(`${server.base}/app/`);
  await each(device.page, "enrol");
  await press(device.page, "action.continue");
  await summary(device.page);
  await each(device.page, "enrol-errors");
  const empty = await t.device();
  await withoutStorage(empty.context, "null");
  await empty.open(`${server.base}/app/`);
  await seen(empty.page.getByRole("heading", { level: 1, name: en("store.no_start") }));
  await each(empty.page, "no-storage");
  await device.enrol(server);
  await seen(device.page.getByText(/^Today · /));
  await eventually(async () => (await device.page.locator(".app-today__card").count()) > 1);
  await each(device.page, "facilitator-today");
}
