// Somebody on their own phone, with and without signal.

import assert from "node:assert/strict";
import { Canaries, found, leave } from "../lib/canary.mjs";
import { SIZES } from "../lib/device.mjs";
import { confirm, fillIn, goOn, questionHeading, reference } from "../lib/refer.mjs";
import { test } from "../lib/runner.mjs";
import { PROGRAMME } from "../lib/server.mjs";
import { eventually, gone, seen } from "../lib/wait.mjs";
import { cy, en } from "../lib/words.mjs";

const PHONE = { size: SIZES.smallPhone, hasTouch: true, isMobile: true };

async function openOffer(t, server, before = () => {}) {
  const phone = await t.device(PHONE);
  await before(phone.page);
  await phone.open(`${server.base}/r/`);
  await seen(phone.page.getByRole("link", { name: en("refer.start") }));
  await phone.ready();
  return phone;
}

const ours = async (server, name = "Nia Test") => (await server.export()).referrals.filter((referral) => referral.name === name);

test("self-referral: with signal it is received, and the coordinator sees it", async (t) => {
  const server = await t.server();
  const { page } = await openOffer(t, server);
  for (const key of ["where", "when", "getting_there", "cost", "access", "expect"]) await seen(page.getByText(en(`offer.${key}`), { exact: true }));
  await fillIn(page, { way: "by_email", contact: "nia@example.org", supporter: "My sister" });
  // Every answer can be changed, and leads back to the check page.
  await page.getByRole("link", { name: /^Change\s*: What do you hope for\?$/ }).click();
  await page.getByLabel(en("refer.hopes")).fill("Company");
  await goOn(page);
  await seen(page.getByRole("heading", { level: 1, name: en("refer.check_title") }));
  await seen(page.getByText("Company"));
  const sent = page.waitForRequest((request) => request.method() === "POST" && request.url().includes("/v1/sealed-referrals"));
  await confirm(page);
  await seen(page.getByRole("heading", { level: 1, name: en("refer.received_title") }));
  const shown = await reference(page);
  const [referral, ...more] = await ours(server);
  assert.deepEqual(more, []);
  assert.equal(referral.reference, shown);
  assert.deepEqual(
    [referral.contact_way, referral.contact, referral.access, referral.access_note, referral.hopes, referral.supporter],
    ["email", "nia@example.org", ["seating"], "Slow on stairs", "Company", "My sister"],
  );
  assert.match(referral.agreed.sha256, /^[0-9a-f]{64}$/);

  // The same form once more, as after a reply that was lost: the same answer, one referral.
  const request = await sent;
  for (let times = 0; times < 2; times += 1) {
    const reply = await fetch(request.url(), { method: "POST", headers: { "content-type": "application/vnd.wellfield.sync+cbor" }, body: request.postDataBuffer() });
    assert.equal(reply.status, 202);
  }
  assert.equal((await ours(server)).length, 1);

  const computer = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  await computer.page.getByRole("navigation").getByRole("link", { name: en("coordinator.title") }).click();
  await computer.page.getByRole("link", { name: en("referrals.title") }).click();
  const card = computer.page.getByRole("article", { name: /^Nia Test/ });
  for (const text of [shown, "nia@example.org", "Slow on stairs", "Company", "My sister", en("need.seating")]) await seen(card.getByText(text));

  // A facilitator's tablet never gets it.
  const tablet = await t.tablet(server);
  const bytes = await tablet.page.evaluate(async () => {
    const open = indexedDB.open("wellfield");
    const database = await new Promise((resolve) => (open.onsuccess = () => resolve(open.result)));
    const all = database.transaction("blocks").objectStore("blocks").getAll();
    const rows = await new Promise((resolve) => (all.onsuccess = () => resolve(all.result)));
    database.close();
    return rows.map((row) => new TextDecoder().decode(row)).join("");
  });
  assert.ok(bytes.length > 1000 && !bytes.includes("Nia Test"));
});

test("self-referral: without signal the form opens, is kept through a kill and sent once", async (t) => {
  const server = await t.server();
  const phone = await openOffer(t, server);
  await server.stop();
  await phone.page.reload();
  await fillIn(phone.page);
  await confirm(phone.page);
  await seen(phone.page.getByRole("heading", { level: 1, name: en("refer.waiting_title") }));
  const shown = await reference(phone.page);
  await phone.kill();
  // Somebody else who opens the form sees nothing of it.
  await phone.start();
  await phone.open(`${server.base}/r/`);
  await phone.page.getByRole("link", { name: en("refer.start") }).first().click();
  assert.equal(await phone.page.getByLabel(en("refer.name")).inputValue(), "");
  await server.start();
  await phone.page.goto("about:blank");
  await phone.open(`${server.base}/r/`);
  await eventually(async () => (await ours(server)).length === 1, { every: 250 });
  assert.equal((await ours(server))[0].reference, shown);
  await phone.page.reload();
  await seen(phone.page.getByRole("link", { name: en("refer.start") }));
  await phone.page.reload();
  assert.equal((await ours(server)).length, 1);
});

test("self-referral: nothing of a form that waits lies readable on the phone", async (t) => {
  const server = await t.server();
  const phone = await openOffer(t, server);
  await server.stop();
  const canaries = new Canaries();
  const [name, hopes, supporter, contact, control] = ["name", "hopes", "supporter", "contact", "control"].map((field) => canaries.draw(field, { digits: field === "contact" }));
  await fillIn(phone.page, { name, hopes, supporter, contact });
  await confirm(phone.page);
  await seen(phone.page.getByRole("heading", { level: 1, name: en("refer.waiting_title") }));
  await leave(phone.page, control);
  await phone.kill();
  assert.deepEqual(await found(phone.profile, [name, hopes, supporter, contact]), []);
  assert.notEqual((await found(phone.profile, [control])).length, 0, "what is readable is found");
  // It arrives all the same.
  await server.start();
  await phone.start();
  await phone.open(`${server.base}/r/`);
  await eventually(async () => (await ours(server, name)).length === 1, { every: 250 });
  const [referral] = await ours(server, name);
  assert.deepEqual([referral.contact, referral.hopes, referral.supporter], [contact, hopes, supporter]);
});

test("self-referral: where the phone cannot seal the form is sent at once, and kept nowhere", async (t) => {
  const server = await t.server();
  const { page } = await openOffer(t, server, (page) => page.route("**/v1/sealing-key", (route) => route.abort()));
  const sent = page.waitForRequest((request) => request.method() === "POST" && request.url().includes("/v1/referrals"));
  await fillIn(page);
  await confirm(page);
  await sent;
  await seen(page.getByRole("heading", { level: 1, name: en("refer.received_title") }));
  assert.equal((await ours(server)).length, 1);
});

test("self-referral: the page that is left open sends when signal is back and says so", async (t) => {
  const server = await t.server();
  const phone = await openOffer(t, server);
  await server.stop();
  await phone.context.setOffline(true);
  await fillIn(phone.page);
  await confirm(phone.page);
  await seen(phone.page.getByRole("heading", { level: 1, name: en("refer.waiting_title") }));
  const shown = await reference(phone.page);
  await server.start();
  await phone.context.setOffline(false);
  await seen(phone.page.getByRole("heading", { level: 1, name: en("refer.received_title") }));
  assert.equal(await reference(phone.page), shown);
  assert.equal((await ours(server)).length, 1);
});

test("self-referral: a page left open sends by itself once the server answers again", async (t) => {
  const server = await t.server();
  const phone = await openOffer(t, server);
  await server.stop();
  await fillIn(phone.page);
  await confirm(phone.page);
  await seen(phone.page.getByRole("heading", { level: 1, name: en("refer.waiting_title") }));
  await server.start();
  // The phone had signal all along, so nothing tells the page that the server is back.
  await eventually(async () => (await phone.page.getByRole("heading", { level: 1, name: en("refer.received_title") }).count()) === 1, { within: 90_000, what: "the form to be sent" });
  assert.equal((await ours(server)).length, 1);
});

test("self-referral: what is missing or wrong is said, and what was typed stays", async (t) => {
  const server = await t.server();
  const { page } = await openOffer(t, server);
  const says = async (text) => {
    await eventually(async () => assert.deepEqual(await page.locator(".govuk-error-summary").getByRole("link").allInnerTexts(), [text]));
    await eventually(async () => assert.equal(await page.evaluate(() => document.activeElement.className), "govuk-error-summary"));
  };
  // An address in the middle leads to the beginning while nothing is typed.
  await page.goto(`${server.base}/r/#check`);
  await seen(questionHeading(page, "name"));
  await goOn(page);
  await says(en("refer.name_missing"));
  await page.getByLabel(en("refer.name")).fill("x".repeat(101));
  await goOn(page);
  await says(en("form.too_long", { max: 100 }));
  await page.getByLabel(en("refer.name")).fill("Nia Test");
  await goOn(page);
  await seen(questionHeading(page, "contact"));
  await gone(page.locator(".govuk-error-summary"));
  await goOn(page);
  await says(en("refer.way_missing"));
  await page.getByLabel(en("refer.by_telephone"), { exact: true }).check();
  await goOn(page);
  await says(en("refer.contact_missing"));
  await page.getByLabel(en("refer.contact_detail")).fill("123");
  await goOn(page);
  await says(en("refer.phone_too_short"));
  await page.getByLabel(en("refer.by_email"), { exact: true }).check();
  await page.getByLabel(en("refer.contact_detail")).fill("nia at example");
  await goOn(page);
  await says(en("refer.not_an_email"));
  assert.equal(await page.getByLabel(en("refer.contact_detail")).inputValue(), "nia at example");
  await page.getByLabel(en("refer.contact_detail")).fill("nia@example.org");
  for (const key of ["access", "hopes", "supporter", "agreement"]) {
    await goOn(page);
    await seen(questionHeading(page, key));
  }
  await goOn(page);
  await says(en("refer.agreement_missing"));
  // Back through the browser keeps what was typed.
  await page.goBack();
  await page.goBack();
  await page.goBack();
  await page.goBack();
  await seen(questionHeading(page, "contact"));
  assert.equal(await page.getByLabel(en("refer.contact_detail")).inputValue(), "nia@example.org");
  assert.equal((await ours(server)).length, 0);
});

test("self-referral: what waits does not look done, and can be sent by hand", async (t) => {
  const server = await t.server();
  const phone = await openOffer(t, server);
  const { page } = phone;
  const shape = () => page.locator("main .app-icon--big use").getAttribute("href");
  await server.stop();
  await fillIn(page);
  await confirm(page);
  await seen(page.getByRole("heading", { level: 1, name: en("refer.waiting_title") }));
  assert.equal(await shape(), "#i-clock", "a tick would say that it has arrived");
  // It still waits, and says so, when the page is opened anew. The page tries once by itself; by hand is after that.
  const tried = page.waitForEvent("requestfailed", (request) => request.url().includes("/v1/sealed-referrals"));
  await page.reload();
  await seen(page.getByRole("heading", { level: 1, name: en("refer.waiting_title") }));
  await tried;
  await server.start();
  await page.getByRole("button", { name: en("sent.send_now") }).click();
  await seen(page.getByRole("heading", { level: 1, name: en("refer.received_title") }));
  assert.equal(await shape(), "#i-tick-solid");
  await gone(page.getByRole("button", { name: en("sent.send_now") }));
  assert.equal((await ours(server)).length, 1);
  // What was sent has left the phone, and the page claims nothing about it.
  await page.reload();
  await seen(page.getByRole("heading", { level: 1, name: en("refer.nothing_title") }));
});

test("self-referral: without signal or without a programme the page says what to do and tries again", async (t) => {
  const server = await t.server({ empty: true });
  const { page } = await t.device(PHONE);
  const tryAgain = () => page.getByRole("button", { name: en("action.try_again") }).click();
  const title = (key) => page.getByRole("heading", { level: 1, name: en(key) });
  await page.route("**/v1/pull**", (route) => route.abort());
  await page.goto(`${server.base}/r/`);
  await seen(title("offer.no_signal_title"));
  await seen(page.getByText(en("offer.ask_somebody")));
  await tryAgain();
  await seen(title("offer.no_signal_title"));
  await page.unroute("**/v1/pull**");
  await tryAgain();
  await seen(title("offer.none_title"));
  await seen(page.getByText(en("offer.ask_somebody")));
  await server.offer("River walks");
  await tryAgain();
  await seen(page.getByRole("heading", { level: 1, name: "River walks" }));
});

test("self-referral: of two programmes one is chosen, and the form goes there", async (t) => {
  const server = await t.server();
  await server.offer("River walks");
  const { page } = await t.device(PHONE);
  const list = page.getByRole("heading", { level: 1, name: en("offer.choose") });
  const chosen = page.getByRole("heading", { level: 1, name: "River walks" });
  await page.goto(`${server.base}/r/`);
  await seen(list);
  const links = await page.locator("main").getByRole("link").allInnerTexts();
  assert.deepEqual(links.map((text) => text.split("\n")[0]), [PROGRAMME, "River walks"]);
  await page.getByRole("link", { name: /River walks/ }).click();
  await seen(chosen);
  await eventually(() => page.evaluate(() => document.activeElement?.tagName === "H1"), { what: "the focus on the programme" });
  // Back and forth, by the page's link and by the browser, and a reload stays.
  await page.getByRole("link", { name: en("offer.all") }).click();
  await seen(list);
  await page.goBack();
  await seen(chosen);
  await page.goBack();
  await seen(list);
  await page.goForward();
  await seen(chosen);
  await page.reload();
  await seen(chosen);
  await fillIn(page);
  await confirm(page);
  await seen(page.getByRole("heading", { level: 1, name: en("refer.received_title") }));
  const shown = await reference(page);
  const there = (await server.export("River walks")).referrals;
  assert.deepEqual(there.map(({ name, reference }) => [name, reference]), [["Nia Test", shown]]);
  assert.deepEqual(await ours(server), []);
});

test("self-referral: whoever turns to another programme agrees anew, and types nothing twice", async (t) => {
  const server = await t.server();
  await server.offer("River walks");
  const { page } = await t.device(PHONE);
  await page.goto(`${server.base}/r/`);
  await page.getByRole("link", { name: new RegExp(PROGRAMME) }).click();
  await fillIn(page);
  await page.locator(".app-header__name").click();
  await page.getByRole("link", { name: /River walks/ }).click();
  await page.getByRole("link", { name: en("refer.start") }).first().click();
  await seen(questionHeading(page, "name"));
  assert.equal(await page.getByLabel(en("refer.name")).inputValue(), "Nia Test");
  for (const key of ["contact", "access", "hopes", "supporter", "agreement"]) {
    await goOn(page);
    await seen(questionHeading(page, key));
  }
  // The agreement names who keeps the answers, and that is somebody else now.
  await seen(page.getByText(/River walks Trust/).first());
  assert.equal(await page.getByLabel(en("refer.agree"), { exact: true }).isChecked(), false);
});

test("self-referral: in Welsh from the first page, and a change of language keeps the answers", async (t) => {
  const server = await t.server();
  const { page } = await openOffer(t, server);
  await page.getByRole("button", { name: cy("settings.language_name") }).click();
  await seen(page.getByRole("link", { name: cy("refer.start") }));
  assert.equal(await page.evaluate(() => document.documentElement.lang), "cy");
  await fillIn(page, { words: cy });
  await page.getByRole("button", { name: en("settings.language_name") }).click();
  await seen(page.getByRole("heading", { level: 1, name: en("refer.check_title") }));
  await seen(page.getByText("Nia Test"));
  await page.getByRole("button", { name: cy("settings.language_name") }).click();
  // The agreement was given to the English words, so it is asked for again in Welsh.
  await confirm(page, cy);
  await seen(questionHeading(page, "agreement", cy));
  await seen(page.getByRole("alert").getByText(cy("refer.agreement_missing")));
  await page.getByLabel(cy("refer.agree"), { exact: true }).check();
  await goOn(page, cy);
  await confirm(page, cy);
  await seen(page.getByRole("heading", { level: 1, name: cy("refer.received_title") }));
  const [referral] = await ours(server);
  assert.deepEqual([referral.language, referral.agreed.language], ["cy", "cy"]);
});

test("self-referral: the phone does a sum before it sends, and its form is among the others", async (t) => {
  const server = await t.server();
  const { page } = await openOffer(t, server);
  await fillIn(page);
  const sent = page.waitForRequest((request) => request.method() === "POST" && request.url().includes("/v1/sealed-referrals"));
  const asked = page.waitForResponse((response) => response.url().includes("/v1/referrals/challenge"));
  await confirm(page);
  assert.equal((await asked).status(), 200);
  await sent;
  await seen(page.getByRole("heading", { level: 1, name: en("refer.received_title") }));
  const [referral] = await ours(server);
  // A test fills in faster than a person, which alone is no reason to doubt.
  assert.deepEqual([referral.tray, referral.doubts], ["list", []]);
});

test("self-referral: a page that cannot do the sum sends all the same", async (t) => {
  const server = await t.server();
  const { page } = await openOffer(t, server);
  await page.route("**/v1/referrals/challenge**", (route) => route.abort());
  await fillIn(page);
  await confirm(page);
  await seen(page.getByRole("heading", { level: 1, name: en("refer.received_title") }));
  assert.equal((await ours(server)).length, 1);
});

test("self-referral: what may not be from a person lies apart, and the coordinator moves it and moves it back", async (t) => {
  const server = await t.server();
  const { page } = await openOffer(t, server);
  // What fills in every field fills in the one that people do not see.
  await page.getByRole("link", { name: en("refer.start") }).first().click();
  await page.getByLabel(en("refer.name")).fill("Nia Test");
  await goOn(page);
  await seen(questionHeading(page, "contact"));
  const trap = page.locator("#website");
  assert.deepEqual(await trap.evaluate((field) => [field.tabIndex, field.autocomplete, field.closest("[aria-hidden]") !== null]), [-1, "off", true]);
  await trap.evaluate((field) => {
    field.value = "https://example.org";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await page.getByLabel(en("refer.by_telephone"), { exact: true }).check();
  await page.getByLabel(en("refer.contact_detail")).fill("01632 960 123");
  for (const key of ["access", "hopes", "supporter", "agreement"]) {
    await goOn(page);
    await seen(questionHeading(page, key));
  }
  await page.getByLabel(en("refer.agree"), { exact: true }).check();
  await goOn(page);
  await confirm(page);
  // It is told what everybody is told.
  await seen(page.getByRole("heading", { level: 1, name: en("refer.received_title") }));

  const computer = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  await computer.page.getByRole("navigation").getByRole("link", { name: en("coordinator.title") }).click();
  await computer.page.getByRole("link", { name: en("referrals.title") }).click();
  const apart = computer.page.getByRole("region", { name: en("referrals.check_title") });
  const card = apart.getByRole("article", { name: /^Nia Test/ });
  await seen(card.getByText(en("referrals.doubt_trap")));
  await card.getByRole("button", { name: en("referrals.to_list") }).click();
  await gone(apart);
  const listed = computer.page.getByRole("article", { name: /^Nia Test/ });
  await seen(listed);
  await eventually(async () => assert.equal((await ours(server))[0].tray, "list"), { every: 250 });
  await listed.getByRole("button", { name: en("referrals.to_check") }).click();
  await seen(card);
  await eventually(async () => assert.equal((await ours(server))[0].tray, "check"), { every: 250 });
});
