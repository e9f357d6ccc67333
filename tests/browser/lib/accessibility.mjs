// What is measured on every screen: axe-core, the size of what is tapped, and reflow.

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { SIZES } from "./device.mjs";

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export const THEMES = ["light", "dark", "sun"];

/** What axe-core finds on the page as it is. */
export async function axe(page) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
  const violations = await page.evaluate(async (tags) => {
    const { violations } = await globalThis.axe.run(document, {
      runOnly: { type: "tag", values: tags },
      rules: { "target-size": { enabled: true } },
      resultTypes: ["violations"],
    });
    return violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary.split("\n")[1]?.trim() ?? ""}`) }));
  }, TAGS);
  return violations.map(({ id, help, nodes }) => `axe ${id} (${help}) on ${nodes.length}: ${nodes[0]}`);
}

/**
 * Controls that are too small to tap: 48 px square, 56 on the register and in a participant's hands.
 * What counts is where a tap arrives, which may be more than the box. Links inside a sentence are text.
 */
export async function smallTargets(page) {
  return page.evaluate(() => {
    const small = new Set();
    const controls = 'a[href], button, input:not([type="hidden"]), select, textarea, summary, [role="button"], [tabindex="0"]';
    for (const control of document.querySelectorAll(controls)) {
      const style = getComputedStyle(control);
      if (!control.checkVisibility() || style.visibility !== "visible" || style.pointerEvents === "none") continue;
      const box = control.getBoundingClientRect();
      const labels = [...(control.labels ?? [])].filter((label) => label.checkVisibility());
      const isChoice = control.matches('[type="radio"], [type="checkbox"]');
      // What only a screen reader meets, and what shows itself only with the focus.
      if (box.width <= 1 || box.height <= 1 || /inset\(50%\)|rect\(0/.test(style.clipPath + style.clip)) continue;
      if (control.matches(".govuk-skip-link")) continue;
      const sentence = control.parentElement.innerText.trim().length > control.innerText?.trim().length + 1;
      if (control.matches("a") && style.display === "inline" && sentence) continue;
      const mine = (element) => element && (control.contains(element) || (isChoice && labels.some((label) => label.contains(element))));
      const boxes = isChoice ? [box, ...labels.map((label) => label.getBoundingClientRect())] : [box];
      let width = Math.max(...boxes.map(({ right }) => right)) - Math.min(...boxes.map(({ left }) => left));
      let height = Math.max(...boxes.map(({ bottom }) => bottom)) - Math.min(...boxes.map(({ top }) => top));
      const least = control.closest(".app-register, .app-tools, .app-kiosk, .app-lock, .app-page__actions, .app-summary") ? 56 : 48;
      if (width < least - 0.5 || height < least - 0.5) {
        control.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
        const now = control.getBoundingClientRect();
        const [x, y] = [now.left + now.width / 2, now.top + now.height / 2];
        const reach = (dx, dy) => {
          let steps = 0;
          while (steps < 60 && mine(document.elementFromPoint(x + dx * (steps + 1), y + dy * (steps + 1)))) steps += 1;
          return steps;
        };
        width = Math.max(width, reach(-1, 0) + reach(1, 0) + 1);
        height = Math.max(height, reach(0, -1) + reach(0, 1) + 1);
      }
      if (width < least - 0.5 || height < least - 0.5) {
        const name = (control.innerText || control.getAttribute("aria-label") || control.id).trim().replace(/\s+/g, " ").slice(0, 40);
        small.add(`small: ${control.tagName.toLowerCase()}.${control.className} "${name}" takes taps on ${Math.round(width)}×${Math.round(height)} of ${least}`);
      }
    }
    // One of a kind is enough to see what is wrong.
    const kinds = new Map();
    for (const line of small) kinds.set(line.replace(/".*?"/, "").replace(/\d+×/, ""), line);
    return [...kinds.values()];
  });
}

/** What sticks out to the side. */
export async function overflow(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const clipped = (element) => {
      for (let box = element.parentElement; box; box = box.parentElement) {
        if (/auto|scroll|hidden|clip/.test(getComputedStyle(box).overflowX) && box !== document.body && box !== document.documentElement) return true;
      }
      return false;
    };
    const out = [...document.querySelectorAll("body *")].filter((element) => element.getBoundingClientRect().right > width + 1 && !clipped(element));
    const inner = out.filter((element) => !out.some((other) => other !== element && element.contains(other)));
    return inner.slice(0, 3).map((element) => `overflow: ${element.tagName.toLowerCase()}.${element.className} "${element.innerText?.trim().slice(0, 30)}" ends at ${Math.round(element.getBoundingClientRect().right)} of ${width}`);
  });
}

const look = (page, name, value) =>
  page.evaluate(([name, value]) => document.documentElement.setAttribute(name, value), [name, value]);

/** Measures one screen in every size and theme; returns what is wrong with it. */
export async function examine(page, name) {
  const wrong = [];
  // The buttons of a hand-over take no taps for the moment in which a page appears.
  await page.waitForFunction(() => !document.querySelector("button[disabled]"));
  const note = (where, findings) => wrong.push(...findings.map((finding) => `${name} [${where}] ${finding}`));
  const kept = await page.evaluate(() => ["data-theme", "data-text"].map((key) => document.documentElement.getAttribute(key)));
  const active = page.viewportSize();
  for (const [size, viewport] of [["phone", SIZES.phone], ["tablet", SIZES.tablet]]) {
    await page.setViewportSize(viewport);
    for (const theme of THEMES) {
      await look(page, "data-theme", theme);
      note(`${size} ${theme}`, await axe(page));
      if (theme === "light") await shoot(page, `${name}-${size}`);
      if (theme !== "dark") note(`${size} ${theme}`, await smallTargets(page));
    }
  }
  await look(page, "data-theme", "light");
  await page.setViewportSize({ width: 320, height: 640 });
  note("320 px", await overflow(page));
  await look(page, "data-text", "largest");
  note("320 px, largest text", await overflow(page));
  if (process.env.SHOTS_LARGEST) await shoot(page, `${name}-largest`);
  for (const [index, key] of ["data-theme", "data-text"].entries()) await look(page, key, kept[index]);
  await page.setViewportSize(active);
  return wrong;
}

/** A picture of the whole page, where pictures are wanted. */
async function shoot(page, name) {
  if (!process.env.SHOTS) return;
  fs.mkdirSync(process.env.SHOTS, { recursive: true });
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: path.join(process.env.SHOTS, `${name}.png`), fullPage: true });
}
