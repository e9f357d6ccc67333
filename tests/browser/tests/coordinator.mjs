// The coordinator's computer.

import assert from "node:assert/strict";
import { test } from "../lib/runner.mjs";
import { openRegister, sendNow, tapHere, unmarked } from "../lib/screens.mjs";
import { eventually, gone, seen } from "../lib/wait.mjs";
import { en } from "../lib/words.mjs";

const open = async (page, key) => {
  await page.getByRole("navigation", { name: en("shell.navigation") }).getByRole("link", { name: en("coordinator.title") }).click();
  await seen(page.getByRole("heading", { level: 1, name: en("coordinator.title") }));
  if (key) {
    await page.getByRole("list").getByRole("link", { name: en(key), exact: true }).click();
    await seen(page.getByRole("heading", { level: 1, name: en(key) }));
  }
};

test("coordinator: sessions with attendance, consents, people and referrals are counted", async (t) => {
  const server = await t.server();
  const computer = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  const { page } = computer;
  await open(page);
  const arrived = await server.export();
  const stands = async (key, n) => assert.equal(Number(await page.locator(".app-stat").filter({ hasText: en(key, { n }) }).locator("dd").innerText()), n);
  await stands("coordinator.people", arrived.people.length);
  await stands("coordinator.referrals", arrived.referrals.length);
  await stands("coordinator.open_flags", arrived.pulses.filter((pulse) => pulse.needs_attention).length);
  const sessions = page.getByRole("table", { name: en("coordinator.sessions") });
  const rows = await sessions.locator("tbody tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.innerText.trim())));
  assert.equal(rows.length, arrived.sessions.length);
  for (const [index, session] of arrived.sessions.entries()) {
    const marks = arrived.register.filter((entry) => entry.session === session.id);
    const count = (status) => marks.filter((entry) => entry.status === status).length;
    // Before its day a session has no zeros: nobody can have come.
    const shown = (n) => (session.date > arrived.today.date && n === 0 ? "–" : String(n));
    assert.deepEqual(rows[index].slice(2, 4), [count("here"), count("not_here")].map(shown), `session ${session.number}`);
  }
  const consents = page.getByRole("table", { name: en("consent.title") });
  const line = await consents.getByRole("row", { name: new RegExp(en("purpose.photo_press")) }).locator("td").allInnerTexts();
  const standing = (status) => arrived.consent_status.filter((entry) => entry.purpose === "photo_press" && entry.status === status).length;
  assert.deepEqual(line.map(Number), ["given", "refused", "withdrawn", "not_asked"].map(standing));
});

test("coordinator: marks from a tablet arrive in the counts, and the devices tell what they hold", async (t) => {
  const server = await t.server();
  const computer = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  const tablet = await t.tablet(server, { name: "Blue tablet", staff: "Siân" });
  await server.stop();
  await openRegister(tablet.page);
  const [first, second] = await unmarked(tablet.page);
  await tapHere(tablet.page, first);
  await tapHere(tablet.page, second);
  await tablet.close();
  const { page } = computer;
  await open(page, "devices.title");
  await seen(page.getByText(en("devices.no_signal")));
  await server.start();
  await page.getByRole("button", { name: en("devices.refresh") }).click();
  const line = page.getByRole("row", { name: /Blue tablet/ });
  await seen(line);
  const cells = () => line.locator("td").allInnerTexts();
  assert.equal((await cells())[0], "Siân");
  assert.ok((await cells())[3].startsWith(en("devices.in_use")));
  await tablet.start();
  await tablet.open(`${server.base}/app/`);
  await sendNow(tablet.page);
  await page.getByRole("button", { name: en("devices.refresh") }).click();
  await eventually(async () => (await cells())[2] === "0");
  await seen(page.getByText(en("aside.none")));
  await sendNow(page);
  await open(page);
  const today = (await server.export()).today;
  await eventually(async () => (await page.getByRole("row", { name: new RegExp(`^${en("today.session", { number: today.number })}\\b`) }).locator("td").nth(1).innerText()) === "2");
});

test("coordinator: a new code lets another device in, with the role that was asked for", async (t) => {
  const server = await t.server();
  const computer = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  const { page } = computer;
  await open(page, "devices.title");
  for (const [button, name, role] of [["devices.code_tablet", "Green tablet", "facilitator"], ["devices.code_coordinator", "Second computer", "coordinator"]]) {
    const before = (await page.locator(".app-code").count()) ? await page.locator(".app-code").innerText() : "";
    await page.getByRole("button", { name: en(button), exact: true }).click();
    await eventually(async () => (await page.locator(".app-code").innerText({ timeout: 500 })) !== before);
    const code = await page.locator(".app-code").innerText();
    assert.match(code, /^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    const device = await t.tablet(server, { code, name, staff: "Owen" });
    const link = device.page.getByRole("navigation", { name: en("shell.navigation") }).getByRole("link", { name: en("coordinator.title") });
    assert.equal(await link.count(), role === "coordinator" ? 1 : 0);
    await page.getByRole("button", { name: en("devices.refresh") }).click();
    await seen(page.getByRole("row", { name: new RegExp(name) }));
  }
});

test("coordinator: a lost tablet is shut out from the list of devices, and whom it may harm is shown first", async (t) => {
  const server = await t.server();
  const computer = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  const tablet = await t.tablet(server, { name: "Blue tablet", staff: "Siân" });
  await sendNow(tablet.page);
  const [person] = await (async () => (await openRegister(tablet.page), unmarked(tablet.page)))();
  const { page } = computer;
  await open(page, "devices.title");
  const row = (name) => page.getByRole("row", { name: new RegExp(name) });
  await seen(row("Blue tablet"));
  await gone(row("Office computer").getByRole("link"));
  await row("Blue tablet").getByRole("link").click();
  await seen(page.getByRole("heading", { level: 2, name: "Blue tablet" }));
  // Without signal nothing is changed, and it says so.
  const shutOut = page.getByRole("button", { name: en("lost.shut_out", { name: "Blue tablet" }) });
  await server.stop();
  await shutOut.click();
  await seen(page.getByRole("alert").getByText(en("lost.no_signal")));
  await server.start();
  assert.deepEqual((await server.status()).devices.map((device) => device.revoked), [false, false]);
  await page.getByRole("button", { name: en("lost.show") }).click();
  const held = page.getByRole("table").getByRole("row", { name: new RegExp(person) });
  await seen(held);
  assert.match(await held.innerText(), new RegExp(en("lost.held_details")));
  await shutOut.click();
  await seen(page.getByText(en("lost.is_out", { name: "Blue tablet" })));
  await gone(shutOut);
  await tablet.page.evaluate(() => window.dispatchEvent(new Event("online")));
  await seen(tablet.page.getByRole("heading", { level: 1, name: en("taken_out.title") }));
  const revoked = Object.fromEntries((await server.status()).devices.map((device) => [device.name, device.revoked]));
  assert.deepEqual(revoked, { "Office computer": false, "Blue tablet": true });
  await page.getByRole("link", { name: en("action.back") }).click();
  await seen(row("Blue tablet").getByRole("link", { name: new RegExp(en("lost.what_it_held")) }));
  // Nobody finds a screen to shut themselves out.
  const own = (await server.status()).devices.find((device) => device.name === "Office computer").device;
  await page.goto(`${server.base}/app/coordinator/devices/${own}`);
  await seen(page.getByText(en("lost.not_here")));
});

test("coordinator: a facilitator's tablet has no way to the coordinator's lists", async (t) => {
  const server = await t.server();
  const { page } = await t.tablet(server);
  await gone(page.getByRole("link", { name: en("coordinator.title") }));
  for (const list of ["referrals", "answers", "devices", "devices/2", ""]) {
    await page.goto(`${server.base}/app/coordinator/${list}`);
    await seen(page.locator("h1"));
    await gone(page.getByText("Helen Marwood"));
    await gone(page.getByText("Office computer"));
  }
});
