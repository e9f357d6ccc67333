// What attackers and spreadsheets put into fields is text, on the phone and for the coordinator.

import assert from "node:assert/strict";
import fs from "node:fs";
import { SIZES } from "../lib/device.mjs";
import { confirm, goOn, questionHeading } from "../lib/refer.mjs";
import { test } from "../lib/runner.mjs";
import { eventually, seen } from "../lib/wait.mjs";
import { en } from "../lib/words.mjs";

const read = (name) => JSON.parse(fs.readFileSync(new URL(`../../../server/tests/fixtures/naughty/${name}.json`, import.meta.url), "utf8"));

/** As many of these as fit into fields of several lines. */
function inParagraphs(strings) {
  const paragraphs = [];
  let paragraph = "";
  for (const string of strings) {
    // A field of several lines has one kind of line end, and a text area takes no lone surrogate.
    const line = string.replaceAll(/[\r\n]+/g, " ").toWellFormed();
    if (line.length > 1_800) continue;
    if (paragraph.length + line.length > 1_800) {
      paragraphs.push(paragraph);
      paragraph = "";
    }
    paragraph += `${line}\n`;
  }
  return [...paragraphs, paragraph];
}

/** Tells what a page runs or tries to run that is none of the app's. */
async function watch(page, seenToRun) {
  page.on("dialog", (dialog) => {
    seenToRun.push(`${dialog.type()}: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.exposeFunction("seenToRun", (what) => seenToRun.push(what));
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => window.seenToRun(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
  });
}

async function refer(page, { name, contact, note, hopes, supporter }) {
  await page.getByRole("link", { name: en("refer.start") }).first().click();
  await seen(questionHeading(page, "name"));
  await page.getByLabel(en("refer.name")).fill(name);
  await goOn(page);
  await seen(questionHeading(page, "contact"));
  await page.getByLabel(en("refer.by_email"), { exact: true }).check();
  await page.getByLabel(en("refer.contact_detail")).fill(contact);
  await goOn(page);
  await seen(questionHeading(page, "access"));
  await page.getByLabel(en("person.access_note")).fill(note);
  await goOn(page);
  await seen(questionHeading(page, "hopes"));
  await page.getByLabel(en("refer.hopes")).fill(hopes);
  await goOn(page);
  await seen(questionHeading(page, "supporter"));
  await page.getByLabel(en("refer.supporter")).fill(supporter);
  await goOn(page);
  await seen(questionHeading(page, "agreement"));
  await page.getByLabel(en("refer.agree"), { exact: true }).check();
  await goOn(page);
  await seen(page.getByRole("heading", { level: 1, name: en("refer.check_title") }));
  await confirm(page);
  await seen(page.getByRole("heading", { level: 1, name: en("refer.received_title") }));
  await page.getByRole("link", { name: en("refer.to_offer") }).click();
}

test("naughty strings: typed into the form they are text for the coordinator, and nothing of them runs", async (t) => {
  const server = await t.server();
  const strings = [...read("blns"), ...read("own")];
  const paragraphs = inParagraphs(strings);
  // In single lines, those that are made to run or to be a formula.
  const lines = strings.filter((line) => /^[=+@-]|<|javascript:|\{\{/.test(line) && !/[\r\n]/.test(line) && line.trim().length <= 100);
  const ran = [];

  const phone = await t.device({ size: SIZES.smallPhone, hasTouch: true, isMobile: true });
  await watch(phone.page, ran);
  await phone.open(`${server.base}/r/`);
  const sent = Math.ceil(paragraphs.length / 2);
  for (let form = 0; form < sent; form += 1) {
    await refer(phone.page, {
      name: lines[form * 3],
      contact: `${form}'"><b>@example.org`,
      note: paragraphs[2 * form],
      hopes: paragraphs[2 * form + 1] ?? "",
      supporter: lines[form * 3 + 1],
    });
  }
  const arrived = (await server.export()).referrals.filter((referral) => referral.contact.endsWith("<b>@example.org"));
  assert.equal(arrived.length, sent);
  assert.deepEqual(
    new Set(arrived.map((referral) => referral.name)),
    new Set(Array.from({ length: sent }, (_, form) => lines[form * 3].trim().normalize("NFC"))),
  );

  const computer = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  await watch(computer.page, ran);
  await computer.page.reload();
  await computer.page.getByRole("navigation").getByRole("link", { name: en("coordinator.title") }).click();
  await computer.page.getByRole("link", { name: en("referrals.title") }).click();
  for (const referral of arrived) {
    const card = computer.page.locator("article").filter({ hasText: referral.reference });
    await seen(card);
    const shown = await card.locator("dd").evaluateAll((values) => values.map((value) => value.textContent));
    for (const key of ["contact", "access_note", "hopes", "supporter"]) {
      if (referral[key] !== null) assert.ok(shown.includes(referral[key]), `${key} of ${referral.reference}`);
    }
    assert.equal(await card.locator("h2").textContent(), referral.name);
    // Nothing of it became an element.
    assert.equal(await card.locator("script, img, iframe, svg[onload], dd *").count(), 0);
  }
  await eventually(() => assert.deepEqual(ran, []));
});

test("text becomes markup only through the gate, and what could run is refused there", async (t) => {
  const server = await t.server();
  const { page } = await t.device();
  for (const path of ["/r/", "/app/"]) {
    await page.goto(server.base + path);
    await page.locator("h1:visible").first().waitFor();
    const outcomes = await page.evaluate(() => {
      const tries = ["<b>x</b>", "<script>1</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", '<a href="javascript:alert(1)">x</a>', "<base href=//example.org>"];
      const template = document.createElement("template");
      return tries.map((markup) => {
        try {
          template.innerHTML = markup;
          return true;
        } catch {
          return false;
        }
      });
    });
    assert.deepEqual(outcomes, [true, false, false, false, false, false], path);
    const script = await page.evaluate(() => {
      try {
        document.createElement("script").src = "/app/boot.js";
        return true;
      } catch {
        return false;
      }
    });
    assert.equal(script, false, path);
  }
});
