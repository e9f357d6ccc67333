// Every screen, in every theme and size: nothing for axe-core to find, nothing too small, nothing cut off.

import assert from "node:assert/strict";
import { examine } from "../lib/accessibility.mjs";
import { SIZES } from "../lib/device.mjs";
import { busyComputer, eachKioskScreen, eachOwnPhoneScreen, eachPublicScreen, eachScreenBeside, eachSurveyScreen, staffScreens, visit } from "../lib/every-screen.mjs";
import { goOn, questionHeading } from "../lib/refer.mjs";
import { test } from "../lib/runner.mjs";
import { openRegister, row, unmarked } from "../lib/screens.mjs";
import { eventually, seen } from "../lib/wait.mjs";
import { en } from "../lib/words.mjs";

/** One line for each thing that is wrong, with the screens that it is wrong on. */
function none(wrong) {
  const kinds = new Map();
  for (const line of wrong) {
    const [, where, what] = line.match(/^(\S+ \[.*?\]) (.*)$/s);
    kinds.set(what, [...(kinds.get(what) ?? []), where]);
  }
  const lines = [...kinds].map(([what, where]) => `${what}\n      on ${where.length}: ${where.slice(0, 4).join(", ")}`);
  assert.equal(kinds.size, 0, `${kinds.size} kinds of findings:\n  ${lines.join("\n  ")}`);
}

for (const part of [0, 1]) {
  test(
    `accessibility: every screen of the staff app (${part + 1} of 2)`,
    async (t) => {
      const busy = await busyComputer(t);
      const wrong = [];
      for (const screen of staffScreens(busy).filter((_, index) => index % 2 === part)) {
        await visit(busy.page, busy.server.base, screen);
        wrong.push(...(await examine(busy.page, screen[0])));
      }
      none(wrong);
    },
    { minutes: 8 },
  );
}

test("accessibility: every page of a hand-over", async (t) => {
  const busy = await busyComputer(t);
  const wrong = [];
  await eachKioskScreen(busy.page, busy.server.base, busy, async (name) => wrong.push(...(await examine(busy.page, name))));
  none(wrong);
}, { minutes: 6 });

test("accessibility: every page of the survey", async (t) => {
  const { server, page } = await busyComputer(t);
  const wrong = [];
  await eachSurveyScreen(page, server.base, async (name) => wrong.push(...(await examine(page, name))));
  none(wrong);
}, { minutes: 6 });

test("accessibility: every page of a link on somebody's own phone", async (t) => {
  const wrong = [];
  await eachOwnPhoneScreen(t, async (page, name) => wrong.push(...(await examine(page, name))));
  none(wrong);
}, { minutes: 6 });

test("accessibility: every public page", async (t) => {
  const wrong = [];
  await eachPublicScreen(t, async (page, name) => wrong.push(...(await examine(page, name))));
  none(wrong);
}, { minutes: 6 });

test("accessibility: setting up, and what cannot be opened", async (t) => {
  const wrong = [];
  await eachScreenBeside(t, async (page, name) => wrong.push(...(await examine(page, name))));
  none(wrong);
}, { minutes: 5 });

/** Until a heading is there and has the focus. A page takes the focus once it is drawn, and whoever presses a key before sees it move. */
async function focused(heading) {
  await seen(heading);
  await eventually(() => heading.evaluate((heading) => heading === document.activeElement), { what: `the focus on ${heading}` });
}

/** Presses Tab until the focus is on something. Everything on the way has to show the focus. */
async function tabTo(page, locator, { most = 60, key = "Tab" } = {}) {
  await seen(locator);
  for (let presses = 0; presses < most; presses += 1) {
    await page.keyboard.press(key);
    const state = await page.evaluate(() => {
      const focused = document.activeElement;
      const style = getComputedStyle(focused);
      const label = focused.labels?.[0];
      const shows = (style) => (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
      const box = focused.getBoundingClientRect();
      return {
        name: (focused.innerText || focused.id || focused.tagName).slice(0, 60),
        visible: shows(style) || (label && (shows(getComputedStyle(label, "::before")) || shows(getComputedStyle(label)))),
        inView: box.bottom > 0 && box.top < innerHeight,
      };
    });
    assert.ok(state.visible, `the focus on "${state.name}" does not show`);
    assert.ok(state.inView, `the focus on "${state.name}" is out of view`);
    if (await locator.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${most} presses of ${key} do not lead to ${locator}`);
}

test("accessibility: the register by keyboard alone", async (t) => {
  const server = await t.server();
  const { page } = await t.tablet(server);
  await tabTo(page, page.locator("a.app-today__card").first());
  await page.keyboard.press("Enter");
  const title = page.getByRole("heading", { level: 1, name: /Register, session/ });
  await focused(title);
  const [first, second] = await unmarked(page);
  const here = row(page, first).getByRole("button", { name: en("register.mark_here"), exact: true });
  await tabTo(page, here);
  await page.keyboard.press("Space");
  await seen(row(page, first).locator(".app-state"));
  // The focus stays where the person is.
  assert.ok(await here.evaluate((button) => button === document.activeElement), "a mark takes the focus away");
  const undo = row(page, first).getByRole("button", { name: new RegExp(`^${en("action.undo")}`) });
  await tabTo(page, undo, { key: "Shift+Tab" });
  await page.keyboard.press("Enter");
  await eventually(async () => (await row(page, first).locator('[aria-pressed="true"]').count()) === 0);
  await eventually(() => page.evaluate(() => document.activeElement !== document.body), { what: "the focus somewhere after Undo", within: 3_000 });
  await tabTo(page, row(page, second).getByRole("link", { name: new RegExp(`^${en("register.more")}`) }));
  await page.keyboard.press("Enter");
  await focused(page.getByRole("heading", { level: 1, name: second }));
  await tabTo(page, page.getByLabel(en("register.mark_here"), { exact: true }));
  await page.keyboard.press("Space");
  await tabTo(page, page.getByLabel(en("more.note")));
  await page.keyboard.type("By keyboard");
  await tabTo(page, page.getByRole("button", { name: en("action.save") }));
  await page.keyboard.press("Enter");
  await seen(row(page, second).locator(".app-state"));
  await openedWith(page, second);
});

async function openedWith(page, name) {
  assert.equal(await row(page, name).locator('[aria-pressed="true"]').innerText(), en("register.mark_here"));
}

test("accessibility: the header leaves a phone's screen to the page", async (t) => {
  const server = await t.server();
  const { page } = await t.tablet(server, { role: "coordinator", name: "Phone", staff: "Mari", options: { size: SIZES.smallPhone } });
  const part = () => page.evaluate(() => document.querySelector(".app-header").getBoundingClientRect().height / innerHeight);
  const staff = await part();
  assert.ok(staff < 1 / 5, `the header takes ${Math.round(staff * 100)} of 100`);
  await page.goto(`${server.base}/r/`);
  await seen(page.getByRole("link", { name: en("refer.start") }));
  const open = await part();
  assert.ok(open < 1 / 8, `the public header takes ${Math.round(open * 100)} of 100`);
});

test("accessibility: the skip link leads past the navigation", async (t) => {
  const server = await t.server();
  const { page } = await t.tablet(server);
  await openRegister(page);
  await page.reload();
  await seen(page.getByRole("heading", { level: 3 }));
  // Unlocking leads to the heading, so the link lies before it.
  const skip = page.getByRole("link", { name: en("shell.skip") });
  const isThere = () => skip.evaluate((link) => link === document.activeElement);
  for (let steps = 0; steps < 30 && !(await isThere()); steps += 1) await page.keyboard.press("Shift+Tab");
  assert.ok(await isThere());
  await page.keyboard.press("Enter");
  await eventually(() => page.evaluate(() => document.activeElement?.id === "main"), { what: "the focus on the content" });
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.getElementById("main").contains(document.activeElement)), true);
});

test("accessibility: the self-referral by keyboard alone, on a phone", async (t) => {
  const server = await t.server();
  const phone = await t.device({ size: SIZES.smallPhone });
  const { page } = phone;
  await phone.open(`${server.base}/r/`);
  await tabTo(page, page.getByRole("link", { name: en("refer.start") }).first());
  await page.keyboard.press("Enter");
  const on = async (key) => {
    await focused(questionHeading(page, key));
  };
  const next = async () => {
    await tabTo(page, page.getByRole("button", { name: en("action.continue"), exact: true }));
    await page.keyboard.press("Enter");
  };
  await on("name");
  await tabTo(page, page.getByLabel(en("refer.name")));
  await page.keyboard.type("Nia Test");
  // Enter in a field goes on.
  await page.keyboard.press("Enter");
  await on("contact");
  await tabTo(page, page.getByLabel(en("refer.by_telephone"), { exact: true }));
  await page.keyboard.press("ArrowDown");
  await tabTo(page, page.getByLabel(en("refer.contact_detail")));
  await page.keyboard.type("07700 900 111");
  await next();
  await on("access");
  await tabTo(page, page.getByLabel(en("need.seating"), { exact: true }));
  await page.keyboard.press("Space");
  await next();
  for (const key of ["hopes", "supporter"]) {
    await on(key);
    await next();
  }
  await on("agreement");
  await tabTo(page, page.getByLabel(en("refer.agree"), { exact: true }));
  await page.keyboard.press("Space");
  await next();
  await focused(page.getByRole("heading", { level: 1, name: en("refer.check_title") }));
  await tabTo(page, page.getByRole("button", { name: en("refer.confirm") }));
  await page.keyboard.press("Enter");
  await focused(page.getByRole("heading", { level: 1, name: en("refer.received_title") }));
  const [referral] = (await server.export()).referrals.filter(({ name }) => name === "Nia Test");
  assert.equal(referral.contact_way, "text_message");
});
