// Setting a device up, and everything that can be wrong with it.

import assert from "node:assert/strict";
import { startPortal } from "../lib/portal.mjs";
import { test } from "../lib/runner.mjs";
import { eventually, seen } from "../lib/wait.mjs";
import { cy, en } from "../lib/words.mjs";

async function fill(page, { code = "", device = "Blue tablet", staff = "Siân", pin = "4821" }) {
  await page.getByLabel(en("enrol.code"), { exact: true }).fill(code);
  await page.getByLabel(en("enrol.device")).fill(device);
  await page.getByLabel(en("enrol.staff"), { exact: true }).fill(staff);
  await page.getByLabel(en("enrol.pin")).fill(pin);
}

/** The summary says this and nothing else, and has the focus. */
async function refused(page, ...texts) {
  const summary = page.locator(".govuk-error-summary");
  await eventually(async () => assert.deepEqual(await summary.getByRole("link").allInnerTexts(), texts));
  await eventually(async () => assert.equal(await page.evaluate(() => document.activeElement.className), "govuk-error-summary"));
}

test("enrolment: a device joins, and both sides know it", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server, { name: "Blue tablet", staff: "Siân" });
  await tablet.page.getByRole("link", { name: en("settings.title") }).click();
  const details = tablet.page.locator(".govuk-summary-list");
  await seen(details.getByText("Blue tablet"));
  await seen(details.getByText("Siân"));
  const [device] = (await server.status()).devices;
  assert.equal(device.name, "Blue tablet");
  assert.equal(device.staff_name, "Siân");
  assert.equal(device.role.toLowerCase(), "facilitator");
  await server.holds("Blue tablet", 1);
});

test("enrolment: the languages are one group with a name", async (t) => {
  const server = await t.server();
  const { page } = await t.device();
  await page.goto(`${server.base}/app/`);
  const group = page.getByRole("group", { name: en("settings.language") });
  await seen(group);
  assert.deepEqual(await group.getByRole("button").allInnerTexts(), [en("settings.language_name"), cy("settings.language_name")]);
  await group.getByRole("button", { name: cy("settings.language_name") }).click();
  await seen(page.getByRole("heading", { level: 1, name: cy("enrol.title") }));
});

test("enrolment: empty fields are named, the summary takes the focus and leads to them", async (t) => {
  const server = await t.server();
  const device = await t.device();
  const { page } = device;
  await page.goto(`${server.base}/app/`);
  await seen(page.getByRole("heading", { level: 1, name: en("enrol.title") }));
  await device.continueEnrolment();
  await refused(page, en("enrol.code_missing"), en("enrol.device_missing"), en("enrol.staff_missing"), en("enrol.pin_length"));
  for (const [text, label] of [["code_missing", "code"], ["device_missing", "device"], ["staff_missing", "staff"], ["pin_length", "pin"]]) {
    await page.getByRole("link", { name: en(`enrol.${text}`) }).click();
    assert.equal(await page.evaluate(() => document.activeElement.id), label);
    assert.equal(await page.locator(`#${label}`).getAttribute("aria-invalid"), "true");
    const described = await page.locator(`#${label}`).getAttribute("aria-describedby");
    assert.ok(described.split(" ").includes(`${label}-error`), described);
  }
  await fill(page, { code: "AAAA-AAAA", pin: "12ab" });
  await device.continueEnrolment();
  await refused(page, en("enrol.pin_digits"));
  assert.deepEqual((await server.status()).devices, [], "nothing was asked of the server");
});

test("enrolment: a wrong code is said, five bring a pause, also for a right one", async (t) => {
  const server = await t.server();
  const right = await server.code();
  const device = await t.device();
  const { page } = device;
  await page.goto(`${server.base}/app/`);
  await fill(page, { code: "ZZZZ-ZZZZ" });
  await device.continueEnrolment();
  await refused(page, en("enrol.wrong_code"));
  assert.equal(await page.getByLabel(en("enrol.device")).inputValue(), "Blue tablet", "what was typed stays");
  for (let tries = 2; tries <= 5; tries += 1) {
    const reply = page.waitForResponse(/\/v1\/enrol$/);
    await device.continueEnrolment();
    assert.equal((await reply).status(), 403);
    await refused(page, en("enrol.wrong_code"));
  }
  await fill(page, { code: right });
  await device.continueEnrolment();
  await refused(page, en("enrol.too_many_tries"));
});

test("enrolment: a code that another device used is refused", async (t) => {
  const server = await t.server();
  const code = await server.code();
  await t.tablet(server, { code });
  const device = await t.device();
  const { page } = device;
  await page.goto(`${server.base}/app/`);
  await fill(page, { code, device: "Red tablet" });
  await device.continueEnrolment();
  await refused(page, en("enrol.spent_code"));
});

test("enrolment: without signal and behind a wifi page it says so, and goes on when there is signal", async (t) => {
  const server = await t.server();
  const code = await server.code();
  const device = await t.device();
  const { page } = device;
  await page.goto(`${server.base}/app/`);
  // As people type it: lower case, no hyphen.
  await fill(page, { code: code.toLowerCase().replace("-", " ") });
  await device.ready();
  await server.stop();
  await device.continueEnrolment();
  await refused(page, en("enrol.no_signal"));
  const portal = await startPortal(server.port);
  t.after(() => portal.stop());
  await device.continueEnrolment();
  await refused(page, en("enrol.not_our_server"));
  await portal.stop();
  await server.start();
  await device.continueEnrolment();
  await seen(page.getByRole("heading", { level: 1, name: en("today.title") }));
  assert.equal((await server.status()).devices.length, 1);
});

for (const missing of ["worker.js", "module_bg.wasm"]) {
  test(`enrolment: signal that goes before ${missing} has come is told as no signal`, async (t) => {
    const server = await t.server();
    // The browser has not kept the app yet: everything is fetched.
    const device = await t.device({ serviceWorkers: "block" });
    const { page } = device;
    await page.goto(`${server.base}/app/`);
    await fill(page, { code: await server.code() });
    const file = `**/stretching/${missing}`;
    await page.route(file, (route) => route.abort());
    await device.continueEnrolment();
    await refused(page, en("enrol.no_signal"));
    await page.unroute(file);
    await device.continueEnrolment();
    await seen(page.getByRole("heading", { level: 1, name: en("today.title") }));
  });
}

test("enrolment: the list of words that has not come is said, and asked for again", async (t) => {
  const server = await t.server();
  const device = await t.device({ serviceWorkers: "block" });
  const { page } = device;
  const list = "**/parts/split_words*";
  t.allow(/Failed to fetch/);
  await page.route(list, (route) => route.abort());
  await page.goto(`${server.base}/app/`);
  await fill(page, { code: await server.code() });
  await page.getByRole("button", { name: en("action.continue") }).click();
  await seen(page.getByRole("heading", { level: 1, name: en("lock.keep_safe") }));
  await seen(page.getByText(en("later.text")));
  // Nobody goes on without words.
  await page.getByLabel(en("lead.type_words")).fill("five words of their own making");
  await page.getByRole("button", { name: en("enrol.submit") }).click();
  await refused(page, en("lead.words_differ"));
  await page.unroute(list);
  await page.getByRole("button", { name: en("action.try_again") }).click();
  const words = await page.locator("#drawn-words").innerText();
  assert.equal(words.split(" ").length, 5);
  await page.getByLabel(en("lead.type_words")).fill(words);
  await page.getByRole("button", { name: en("enrol.submit") }).click();
  await seen(page.getByRole("heading", { level: 1, name: en("today.title") }));
});
