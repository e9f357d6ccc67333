// Welsh on every screen, and nothing left in English.

import assert from "node:assert/strict";
import { busyComputer, staffScreens } from "../lib/every-screen.mjs";
import { opened } from "../lib/device.mjs";
import { test } from "../lib/runner.mjs";
import { eventually, seen } from "../lib/wait.mjs";
import { cy, en } from "../lib/words.mjs";

// Texts that are whole lines on screen; those that are the same in both languages prove nothing.
const english = new Set(
  en.keys
    .filter((key) => key !== "settings.language_name")
    .map((key) => {
      try {
        return [en(key), cy(key)];
      } catch {
        return ["", ""];
      }
    })
    .filter(([there, here]) => there !== here && there.length > 3)
    .map(([there]) => there),
);
for (const key of cy.keys) {
  try {
    english.delete(cy(key));
  } catch {
    // It takes values, and no line is equal to it.
  }
}

async function isWelsh(page, name) {
  await eventually(() => page.evaluate(() => document.documentElement.lang === "cy"), { what: `Welsh on ${name}` });
  const lines = await page.evaluate(() => [...document.body.innerText.split("\n"), document.title.split(" – ")[0]].map((line) => line.trim()));
  const left = lines.filter((line) => english.has(line));
  assert.deepEqual(left, [], `English on ${name}`);
}

test("languages: every staff screen in Welsh", async (t) => {
  const busy = await busyComputer(t);
  const { page, server } = busy;
  await page.goto(`${server.base}/app/settings`);
  await page.getByRole("button", { name: cy("settings.language_name") }).click();
  await seen(page.getByRole("heading", { level: 1, name: cy("settings.title") }));
  for (const [name, address] of staffScreens(busy)) {
    await page.goto(server.base + address);
    await opened(page);
    await isWelsh(page, name);
  }
  await page.goto(`${server.base}/app/settings`);
  await page.getByRole("button", { name: en("settings.language_name") }).click();
  await seen(page.getByRole("heading", { level: 1, name: en("settings.title") }));
  assert.match(await page.evaluate(() => document.documentElement.lang), /^en/);
}, { minutes: 5 });

test("languages: a Welsh browser starts in Welsh, set-up and public pages included", async (t) => {
  const server = await t.server();
  const device = await t.device({ locale: "cy-GB" });
  const { page } = device;
  await device.open(`${server.base}/app/`);
  await seen(page.getByRole("heading", { level: 1, name: cy("enrol.title") }));
  await isWelsh(page, "enrol");
  await page.getByRole("button", { name: cy("action.continue") }).click();
  await seen(page.getByRole("link", { name: cy("enrol.code_missing") }));
  await isWelsh(page, "enrol with errors");
  await device.open(`${server.base}/r/`);
  await seen(page.getByRole("link", { name: cy("refer.start") }));
  await isWelsh(page, "offer");
});
