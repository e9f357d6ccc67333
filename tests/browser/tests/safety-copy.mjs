// What a tablet cannot send: it says so, hands it over as a file, and another tablet takes it in.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "../lib/runner.mjs";
import { openRegister, openToday, sendNow, tapHere, unmarked } from "../lib/screens.mjs";
import { cutNewestRecord } from "../lib/storage.mjs";
import { counts, gone, seen } from "../lib/wait.mjs";
import { en } from "../lib/words.mjs";

const openSent = async (page) => {
  await page.getByRole("link", { name: en("sent.title") }).click();
  await seen(page.getByRole("heading", { level: 1, name: en("sent.title") }));
};

/** Has the tablet make the file, and keeps it. */
async function makeCopy(t, page) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: en("copy.make") }).click(),
  ]);
  const file = path.join(t.folder("copy"), download.suggestedFilename());
  await download.saveAs(file);
  return file;
}

test("safety copy: another tablet takes it in, and what the first one sends later counts once", async (t) => {
  const server = await t.server();
  const blue = await t.tablet(server, { name: "Blue tablet", staff: "Siân" });
  const red = await t.tablet(server, { name: "Red tablet", staff: "Owen" });
  await server.stop();
  await openRegister(blue.page);
  const [first, second] = await unmarked(blue.page);
  await tapHere(blue.page, first);
  await tapHere(blue.page, second);
  await openSent(blue.page);
  const file = await makeCopy(t, blue.page);
  assert.match(path.basename(file), /^wellfield-\d+-\d{4}-\d\d-\d\d\.wellfield$/);

  // Without signal nothing is lost; another file is told from a safety copy.
  await openSent(red.page);
  const input = red.page.getByLabel(en("take_in.label"));
  await input.setInputFiles(file);
  await seen(red.page.getByRole("alert").getByText(en("take_in.later")));
  const other = path.join(path.dirname(file), "letter.wellfield");
  fs.writeFileSync(other, "Dear all");
  await input.setInputFiles(other);
  await seen(red.page.getByRole("alert").getByText(en("take_in.other_file")));
  const changed = path.join(path.dirname(file), "changed.wellfield");
  const bytes = fs.readFileSync(file);
  bytes[bytes.length - 3] ^= 1;
  fs.writeFileSync(changed, bytes);

  await blue.close();
  await server.start();
  await input.setInputFiles(changed);
  await seen(red.page.getByRole("alert").getByText(en("take_in.refused")));
  await input.setInputFiles(file);
  await seen(red.page.getByRole("status").getByText(en("take_in.new", { n: 2 })));
  await gone(red.page.getByText(en("take_in.refused")));
  assert.equal((await server.export()).mark(first).versions.length, 1);
  await input.setInputFiles(file);
  await seen(red.page.getByRole("status").getByText(en("take_in.held", { n: 2 })));

  await blue.start();
  await blue.open(`${server.base}/app/`);
  await sendNow(blue.page);
  const arrived = await server.export();
  for (const name of [first, second]) assert.equal(arrived.mark(name).versions.length, 1, name);
  await counts(blue.page.locator(".app-row--check"), 0);
});

test("safety copy: a damaged record is shown with what is left of it, and the rest is sent", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  const { page } = tablet;
  await server.stop();
  await page.getByRole("link", { name: en("notes.title") }).click();
  await page.getByLabel(en("notes.label")).fill("The red trowel is back in the tent");
  await page.getByRole("button", { name: en("action.save") }).click();
  await seen(page.locator(".app-state"));
  await page.goto(`${server.base}/app/`);
  await cutNewestRecord(page, 12);
  await tablet.open(`${server.base}/app/`);
  await openRegister(page);
  const [first] = await unmarked(page);
  await tapHere(page, first);
  await openToday(page);
  await openSent(page);
  await seen(page.getByRole("heading", { name: en("damaged.title") }));
  await seen(page.getByText(/The red trowel is back/));
  await server.start();
  await page.getByRole("button", { name: en("sent.send_now") }).click();
  await seen(page.getByText(en("sent.unsent", { n: 0 })));
  await seen(page.getByText(en("sent.set_aside", { n: 1 })));
  await seen(page.getByText(/The red trowel is back/));
  const arrived = await server.export();
  assert.equal(arrived.mark(first).versions.length, 1);
  assert.equal((await server.status()).quarantine.length, 1);
});

test("safety copy: records that wait for more than two days call for a person", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  await server.stop();
  await openRegister(tablet.page);
  const [first] = await unmarked(tablet.page);
  await tapHere(tablet.page, first);
  const later = await tablet.context.newPage();
  // Only what the clock says is other, not how timers run.
  await later.addInitScript((skew) => {
    const Real = Date;
    globalThis.Date = class extends Real {
      constructor(...given) {
        super(...(given.length > 0 ? given : [Real.now() + skew]));
      }
      static now() {
        return Real.now() + skew;
      }
    };
  }, 49 * 3_600_000);
  await tablet.open(`${server.base}/app/`, later);
  await seen(later.getByText(en("chip.stuck")));
  await openSent(later);
  await seen(later.getByRole("alert").getByText(en("sent.stuck")));
});

test("safety copy: a device that is nearly full says so before it is", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  await gone(tablet.page.getByText(en("store.low")));
  // Not every browser tells how much is left, so this one is told what to tell.
  await tablet.context.addInitScript(() => {
    StorageManager.prototype.estimate = async () => ({ quota: 60_000_000, usage: 45_000_000 });
  });
  await tablet.open(`${server.base}/app/`);
  await seen(tablet.page.getByRole("alert").getByText(en("store.low")));
});
