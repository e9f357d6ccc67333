// Measures targets and reflow in Chromium, over every component: node audit.mjs <chromium>
// Fails on a target under 48px (56 on the register and in hand-over), on overflow at 320px,
// and on targets nearer than 8px. Links inside a sentence are not counted (WCAG 2.5.8, inline).
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { components } from "./components.mjs";
import { page } from "./docs.mjs";

const chromium = process.argv[2];
const style = join(dirname(fileURLToPath(import.meta.url)), "../..");
const dir = mkdtempSync(join(tmpdir(), "wellfield-audit-"));
for (const s of ["staff.css", "public.css"]) copyFileSync(join(style, s), join(dir, s));
const inside = `
const big = document.querySelector(".app-register, .app-kiosk, .app-lock");
const found = [];
const box = (el) => { const id = el.id && document.querySelector('label[for="' + el.id + '"]'); const r = el.getBoundingClientRect();
  if (el.type === "radio" || el.type === "checkbox") { const l = id.getBoundingClientRect(); return { left: Math.min(r.left, l.left), right: Math.max(r.right, l.right), top: Math.min(r.top, l.top), bottom: Math.max(r.bottom, l.bottom) }; }
  return { left: r.left, right: r.right, top: r.top, bottom: r.bottom }; };
const all = [...document.querySelectorAll("a, button, input, select, textarea, summary")].filter((el) => !el.matches(".govuk-skip-link") && el.getClientRects().length).map((el) => [el, box(el)]);
for (const [el, b] of all) {
  const need = big && el.closest(".app-register, .app-tools, .app-kiosk, .app-lock") ? 56 : 48;
  const w = b.right - b.left, h = b.bottom - b.top;
  if (h < need - .5 || w < Math.min(need, 48) - .5) found.push("small " + Math.round(w) + "x" + Math.round(h) + " needs " + need + ": " + el.className + " " + el.textContent.trim().slice(0, 30));
  if (b.right > innerWidth + 1 || b.left < -1) found.push("outside " + Math.round(b.left) + " to " + Math.round(b.right) + ": " + el.className);
}
for (let i = 0; i < all.length; i++) for (let j = i + 1; j < all.length; j++) {
  const [a, x] = all[i], [c, y] = all[j];
  if (a.contains(c) || c.contains(a) || a.closest("nav") || a.closest(".app-footer")) continue;
  const dx = Math.max(x.left - y.right, y.left - x.right), dy = Math.max(x.top - y.bottom, y.top - x.bottom);
  if (dx < 7.5 && dy < 7.5 && !(a.closest(".app-list") || a.matches(".app-row__undo") || c.matches(".app-row__undo"))) found.push("near " + Math.max(dx, dy).toFixed(1) + "px: " + a.className + " | " + c.className + " " + c.textContent.trim().slice(0, 20));
  if (dx < -.5 && dy < -.5) found.push("overlap: " + a.className + " | " + c.className);
}
if (document.documentElement.scrollWidth > innerWidth) found.push("page scrolls sideways: " + document.documentElement.scrollWidth + " > " + innerWidth + " " + [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.className.baseVal ?? e.className).slice(0, 5));
document.title = "AUDIT" + JSON.stringify([innerWidth, found]);`;
let bad = 0, runs = 0;
for (const c of components) {
  for (const sheet of c.sheet === "both" ? ["staff", "public"] : [c.sheet]) {
    for (const [width, theme, text, direction] of [[320, "light", "", "ltr"], [320, "sun", "largest", "ltr"], [768, "light", "", "ltr"], [768, "sun", "large", "rtl"], [1280, "dark", "", "ltr"]]) {
      const html = page([c], { sheet, theme, text, dir: direction, heads: false });
      writeFileSync(join(dir, "frame.html"), html.replace("</body>", `<script>${inside}</script></body>`));
      writeFileSync(join(dir, "top.html"), `<!doctype html><title>wait</title><style>iframe{border:0;width:${width}px;height:1024px}</style><iframe src="frame.html"></iframe><script>onload=()=>{document.title=frames[0].document.title}</script>`);
      const out = execFileSync(chromium, ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--allow-file-access-from-files", "--hide-scrollbars", `--user-data-dir=${join(dir, "profile")}`, "--window-size=1400,1100", "--dump-dom", `file://${join(dir, "top.html")}`], { stdio: ["ignore", "pipe", "ignore"] }).toString();
      const hit = /<title>AUDIT(.*?)<\/title>/s.exec(out);
      runs += 1;
      if (!hit) { bad += 1; console.log(`${c.id} ${sheet} ${width}: not measured`); continue; }
      const [inner, found] = JSON.parse(hit[1].replaceAll("&gt;", ">").replaceAll("&lt;", "<").replaceAll("&amp;", "&"));
      for (const f of new Set(found)) { bad += 1; console.log(`${c.id} ${sheet}.css ${inner}px ${theme} ${text} ${direction}: ${f}`); }
    }
  }
}
rmSync(dir, { recursive: true, force: true });
console.log(`${runs} pages measured, ${bad} findings`);
process.exitCode = bad ? 1 : 0;
