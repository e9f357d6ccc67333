// The pages on which people sign in who have no device here: link workers, data protection, administrators.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { examine } from "../lib/accessibility.mjs";
import { byName, withFinger } from "../lib/finger.mjs";
import { test } from "../lib/runner.mjs";
import { choose, openRegister, row, sendNow } from "../lib/screens.mjs";
import { eventually, seen } from "../lib/wait.mjs";
import { cy, en } from "../lib/words.mjs";

const heading = (page, name) => seen(page.getByRole("heading", { level: 1, name, exact: true }));
const press = (page, key) => page.getByRole("button", { name: en(key), exact: true }).click();
const fill = (page, key, text) => page.getByLabel(en(key), { exact: true }).fill(text);

/** Types an invitation. */
async function join(page, base, code) {
  await page.goto(`${base}/desk/join`);
  await heading(page, en("desk.join"));
  await fill(page, "desk.invitation", code);
  await press(page, "action.continue");
  await heading(page, en("desk.choose"));
}

/** The code that an app shows: RFC 6238, worked out here from what the page says. */
function codeOf(secret, at = Date.now()) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replace(/=/g, "")].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac("sha1", key).update(counter).digest();
  const from = mac.at(-1) & 15;
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** Sets up words and an app. */
async function withWords(page, base, code) {
  await join(page, base, code);
  await press(page, "desk.take_words");
  await heading(page, en("desk.your_words"));
  const words = await page.locator("ol b").allTextContents();
  const secret = await page.locator("main code").textContent();
  return { words, secret };
}

/** Fills in everything that a link worker says of somebody. */
async function describe(page, name) {
  await fill(page, "desk.their_name", name);
  await page.getByLabel(en("refer.by_telephone"), { exact: true }).check();
  await fill(page, "desk.their_number", "01632 960 123");
  await page.getByLabel(en("need.seating"), { exact: true }).check();
  await fill(page, "desk.their_hopes", "To see people again.");
  await fill(page, "desk.support", "A seat, and a break every half hour.");
  await fill(page, "desk.emergency", "Alun, her son");
  await fill(page, "desk.emergency_phone", "01632 960 300");
}

test("desk: a link worker with a passkey refers somebody, who gets a place, and sees what becomes of it", async (t) => {
  const server = byName(await t.server());
  const surgery = await t.device();
  const { page } = surgery;
  const { keys } = await withFinger(page);
  await join(page, server.base, await server.invite("link-worker"));
  assert.deepEqual(await examine(page, "desk-choose"), []);
  await press(page, "desk.make_passkey");
  await heading(page, en("desk.referrals"));
  assert.equal((await keys()).length, 1);
  assert.deepEqual(await examine(page, "desk-referrals-none"), []);
  await press(page, "desk.sign_out");
  await heading(page, en("desk.sign_in"));
  assert.deepEqual(await examine(page, "desk-sign-in"), []);
  await press(page, "desk.with_passkey");
  await heading(page, en("desk.referrals"));

  await page.getByRole("link", { name: en("desk.refer"), exact: true }).click();
  await heading(page, en("desk.refer"));
  assert.deepEqual(await examine(page, "desk-refer"), []);
  await describe(page, "Dorothy Test");
  await press(page, "desk.send");
  await seen(page.locator(".govuk-error-summary").getByText(en("desk.agree_missing")));
  assert.deepEqual(await examine(page, "desk-refer-error"), []);
  assert.equal(await page.getByLabel(en("desk.their_name"), { exact: true }).inputValue(), "Dorothy Test", "nothing typed is lost");
  await page.getByLabel(en("desk.agree"), { exact: true }).check();
  await press(page, "desk.send");
  await heading(page, "Dorothy Test");
  await seen(page.getByText(en("desk.made")));
  await seen(page.getByText(en("desk.far_received")));
  assert.ok(!(await page.title()).includes("Dorothy"), "no name in the history of the browser");
  assert.deepEqual(await examine(page, "desk-referral"), []);

  const computer = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  await computer.page.goto(`${server.base}/app/coordinator/referrals`);
  const card = computer.page.getByRole("article").filter({ has: computer.page.getByRole("heading", { name: "Dorothy Test", exact: true }) });
  await seen(card.getByText("Priya Nair, Alder Street Surgery", { exact: false }));
  await seen(card.getByText(en("referrals.waits")));
  await card.getByRole("link", { name: en("referrals.answer") }).click();
  await seen(computer.page.getByRole("heading", { level: 1, name: /Dorothy Test/ }));
  assert.deepEqual(await examine(computer.page, "coordinator-answer-referral"), []);
  await choose(computer.page, en("referrals.answer_ask"), en("referrals.answer_not_suitable"));
  await press(computer.page, "action.save");
  await seen(computer.page.locator(".govuk-error-summary").getByText(en("referrals.note_missing")));
  assert.deepEqual(await examine(computer.page, "coordinator-answer-referral-error"), []);
  await choose(computer.page, en("referrals.answer_ask"), en("referrals.answer_joined"));
  await press(computer.page, "action.save");
  await seen(card.getByText(en("referrals.answer_joined")));
  await sendNow(computer.page);

  // Whoever runs the session has her on the register, with what she needs.
  const tablet = await t.tablet(server, { name: "Blue tablet", staff: "Siân" });
  await openRegister(tablet.page);
  await seen(row(tablet.page, "Dorothy Test"));
  await eventually(async () => {
    await page.reload();
    return page.getByText(en("desk.far_joined")).isVisible();
  });
  await seen(page.getByText(en("desk.not_told")));
  await page.getByRole("link", { name: en("desk.referrals"), exact: true }).click();
  await heading(page, en("desk.referrals"));
  assert.deepEqual(await examine(page, "desk-referrals"), []);
});

test("desk: with five words and an app somebody signs in from a browser that has no passkeys", async (t) => {
  const server = byName(await t.server());
  const { page } = await t.device();
  await page.goto(`${server.base}/desk/`);
  await heading(page, en("desk.sign_in"));
  await page.getByRole("link", { name: en("desk.have_invitation"), exact: true }).click();
  await heading(page, en("desk.join"));
  assert.deepEqual(await examine(page, "desk-join"), []);
  await fill(page, "desk.invitation", "0123-ABCD-4567");
  await press(page, "action.continue");
  await seen(page.locator(".govuk-error-summary").getByText(en("desk.invitation_wrong")));
  assert.deepEqual(await examine(page, "desk-join-error"), []);
  const { words, secret } = await withWords(page, server.base, await server.invite("link-worker"));
  assert.equal(words.length, 5);
  assert.deepEqual(await examine(page, "desk-words"), []);
  await fill(page, "desk.code", "000000");
  await press(page, "desk.finish");
  await seen(page.locator(".govuk-error-summary").getByText(en("desk.code_wrong")));
  assert.deepEqual(await examine(page, "desk-words-error"), []);
  const used = codeOf(secret);
  await fill(page, "desk.code", used);
  await press(page, "desk.finish");
  await heading(page, en("desk.referrals"));
  await press(page, "desk.sign_out");
  await heading(page, en("desk.sign_in"));
  const signIn = async (code) => {
    await fill(page, "desk.address", "priya@surgery.example");
    await fill(page, "desk.words", words.join(" "));
    await fill(page, "desk.code", code);
    await press(page, "desk.sign_in");
  };
  await signIn(used);
  await seen(page.locator(".govuk-error-summary").getByText(en("desk.not_right")));
  assert.deepEqual(await examine(page, "desk-sign-in-error"), []);
  // The code after it counts already, for clocks that are a little off.
  await signIn(codeOf(secret, Date.now() + 30_000));
  await heading(page, en("desk.referrals"));
  // Going back after signing out shows nobody's page.
  await press(page, "desk.sign_out");
  await heading(page, en("desk.sign_in"));
  await page.goBack();
  await heading(page, en("desk.sign_in"));
});

test("desk: an administrator lets people in, and the lead for data protection keeps the thirty days", async (t) => {
  const server = byName(await t.server());
  const { page } = await t.device();
  await withFinger(page);
  await join(page, server.base, await server.invite("administrator", { name: "Sadia Khan", address: "sadia@wellfield.test" }));
  await press(page, "desk.make_passkey");
  await heading(page, en("desk.people"));
  await press(page, "desk.invite");
  await seen(page.locator(".govuk-error-summary").getByText(en("desk.role_missing")));
  assert.deepEqual(await examine(page, "desk-people-error"), []);
  await page.getByLabel(en("desk.role_data_protection"), { exact: true }).check();
  await fill(page, "desk.name", "Iwan Test");
  await fill(page, "desk.contact", "01632 960 410");
  await fill(page, "desk.address", "iwan@wellfield.test");
  await press(page, "desk.invite");
  await heading(page, en("desk.invited"));
  assert.deepEqual(await examine(page, "desk-invited"), []);
  const code = await page.locator("main b code").textContent();
  await page.goto(`${server.base}/desk/people`);
  await seen(page.getByRole("link", { name: "Iwan Test", exact: true }));
  assert.deepEqual(await examine(page, "desk-people"), []);

  const lead = await t.device();
  const { secret } = await withWords(lead.page, server.base, code);
  await fill(lead.page, "desk.code", codeOf(secret));
  await press(lead.page, "desk.finish");
  await heading(lead.page, en("desk.complaints"));
  await fill(lead.page, "desk.complaint_day", "tomorrow");
  await press(lead.page, "action.save");
  await seen(lead.page.locator(".govuk-error-summary").getByText(en("desk.complaint_day_wrong")));
  assert.deepEqual(await examine(lead.page, "desk-complaints-error"), []);
  await fill(lead.page, "desk.complaint_day", "");
  await press(lead.page, "action.save");
  const first = lead.page.getByRole("article").filter({ has: lead.page.getByRole("heading", { name: "Complaint 1", exact: true }) });
  await first.getByRole("button", { name: en("desk.complaint_acknowledged") }).click();
  await seen(first.getByText(en("desk.complaint_to_answer")));
  assert.deepEqual(await examine(lead.page, "desk-complaints"), []);
  await lead.page.getByRole("link", { name: en("desk.audit"), exact: true }).click();
  await heading(lead.page, en("desk.audit"));
  await seen(lead.page.getByText("Complaint 1 was acknowledged.", { exact: false }));
  assert.deepEqual(await examine(lead.page, "desk-audit"), []);

  await page.getByRole("link", { name: "Iwan Test", exact: true }).click();
  await heading(page, "Iwan Test");
  assert.deepEqual(await examine(page, "desk-person"), []);
  await press(page, "desk.close");
  await heading(page, en("desk.people"));
  await lead.page.reload();
  await heading(lead.page, en("desk.sign_in"));
});

test("desk: in Welsh, and without a script everything but passkeys works", async (t) => {
  const server = byName(await t.server());
  const { page } = await t.device();
  await page.goto(`${server.base}/desk/sign-in`);
  await heading(page, en("desk.sign_in"));
  await page.getByRole("button", { name: cy("settings.language_name"), exact: true }).click();
  await heading(page, cy("desk.sign_in"));
  assert.deepEqual(await examine(page, "desk-sign-in-welsh"), []);
  const protocol = await page.context().newCDPSession(page);
  await protocol.send("Emulation.setScriptExecutionDisabled", { value: true });
  await page.getByRole("link", { name: cy("desk.have_invitation"), exact: true }).click();
  await page.getByLabel(cy("desk.invitation"), { exact: true }).fill(await server.invite("link-worker"));
  await page.getByRole("button", { name: cy("action.continue"), exact: true }).click();
  await heading(page, cy("desk.choose"));
  await page.getByRole("button", { name: cy("desk.take_words"), exact: true }).click();
  await heading(page, cy("desk.your_words"));
  await page.getByLabel(cy("desk.code"), { exact: true }).fill(codeOf(await page.locator("main code").textContent()));
  await page.getByRole("button", { name: cy("desk.finish"), exact: true }).click();
  await heading(page, cy("desk.referrals"));
});
