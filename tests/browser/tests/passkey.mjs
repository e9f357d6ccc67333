// A passkey in the place of the five words: the tablet's own finger, face or PIN.

import assert from "node:assert/strict";
import { examine } from "../lib/accessibility.mjs";
import { byName, withFinger } from "../lib/finger.mjs";
import { test } from "../lib/runner.mjs";
import { openRegister, openToday, row, tapHere, unmarked } from "../lib/screens.mjs";
import { gone, seen } from "../lib/wait.mjs";
import { en } from "../lib/words.mjs";

const heading = (page, key) => seen(page.getByRole("heading", { level: 1, name: en(key), exact: true }));
const press = (page, key) => page.getByRole("button", { name: en(key), exact: true }).click();
const button = (page, key) => page.getByRole("button", { name: en(key), exact: true });

async function openByWords(page, tablet) {
  await page.getByLabel(en("lock.words"), { exact: true }).fill(tablet.words);
  await press(page, "lock.open");
}

async function askToSetUp(page, base, words) {
  await page.goto(`${base}/app/settings/people`);
  await seen(page.getByRole("heading", { level: 2, name: en("lock.passkey_title") }));
  await press(page, "lock.passkey_set_up");
  await page.getByLabel(en("lock.own_words"), { exact: true }).fill(words);
  await press(page, "lock.passkey_set_up");
}

test("passkey: it opens the tablet without signal, wrong fingers do not, and taken away it opens nothing", async (t) => {
  const server = byName(await t.server());
  const tablet = await t.device();
  const { page } = tablet;
  const { finger, keys } = await withFinger(page);
  await tablet.enrol(server, { staff: "Siân" });
  await askToSetUp(page, server.base, "five words of somebody else");
  await seen(page.locator(".govuk-error-summary").getByText(en("lock.wrong")));
  assert.deepEqual(await examine(page, "passkey-set-up-error"), []);
  assert.equal((await keys()).length, 0, "nothing is made before the words are right");
  await page.getByLabel(en("lock.own_words"), { exact: true }).fill(tablet.words);
  await press(page, "lock.passkey_set_up");
  await seen(page.getByText(en("lock.passkey_made")));
  await seen(page.getByText(en("lock.passkey_there")));
  assert.deepEqual(await examine(page, "passkey-there"), []);
  assert.equal((await keys()).length, 1);

  tablet.unlocksItself = false;
  await tablet.ready();
  await server.stop();
  await press(page, "lock.now");
  await heading(page, "lock.title");
  assert.deepEqual(await examine(page, "locked-passkey"), []);
  await press(page, "lock.passkey_use");
  await heading(page, "lock.people");
  await openToday(page);
  await openRegister(page);
  const [name] = await unmarked(page);
  await tapHere(page, name);
  await seen(row(page, name).getByText(en("state.saved_here")));
  await page.reload();
  await heading(page, "lock.title");
  await press(page, "lock.passkey_use");
  await seen(row(page, name).getByText(en("state.saved_here")));

  // A finger that the tablet does not know opens nothing, and the words still do.
  await page.reload();
  await heading(page, "lock.title");
  await finger(false);
  await press(page, "lock.passkey_use");
  await seen(page.locator(".govuk-error-summary").getByText(en("lock.passkey_failed")));
  assert.deepEqual(await examine(page, "locked-passkey-error"), []);
  await openByWords(page, tablet);
  await seen(row(page, name).getByText(en("state.saved_here")));

  await page.goto(`${server.base}/app/settings/people`);
  await openByWords(page, tablet);
  await press(page, "lock.passkey_remove");
  await seen(page.getByText(en("lock.passkey_removed")));
  await press(page, "lock.now");
  await heading(page, "lock.title");
  await gone(button(page, "lock.passkey_use"));
  await openByWords(page, tablet);
  await heading(page, "lock.people");
  await server.start();
});

test("passkey: where the tablet gives out no secret it says so, and the words go on opening", async (t) => {
  const server = byName(await t.server());
  const tablet = await t.device();
  const { page } = tablet;
  await withFinger(page, { hasPrf: false });
  await tablet.enrol(server);
  await askToSetUp(page, server.base, tablet.words);
  await seen(page.locator(".govuk-error-summary").getByText(en("lock.passkey_none")));
  await press(page, "action.back");
  await heading(page, "lock.people");
  await seen(button(page, "lock.passkey_set_up"));
});
