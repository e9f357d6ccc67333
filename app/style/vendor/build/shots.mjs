// Pictures of chosen components: node shots.mjs <chromium> <out dir>
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { components } from "./components.mjs";
import { page } from "./docs.mjs";

const [, , chromium, out, only] = process.argv;
const style = join(dirname(fileURLToPath(import.meta.url)), "../..");
mkdirSync(out, { recursive: true });
for (const s of ["staff.css", "public.css"]) copyFileSync(join(style, s), join(out, s));
const pick = (...ids) => ids.map((id) => components.find((c) => c.id === id));
const screens = {
  register: [pick("header", "page", "register", "footer")],
  today: [pick("header", "page", "today", "notices", "footer")],
  person: [pick("header", "page", "person", "onsite", "check", "footer")],
  lists: [pick("header", "chips", "sent", "consent", "setup")],
  coordinator: [pick("header", "stats", "findings", "display")],
  forms: [pick("forms", "panel", "scale")],
  kiosk: [pick("kiosk")], give: [pick("give")], thanks: [pick("thanks")], lock: [pick("lock")],
  public: [pick("hero", "footer"), "public"],
  publicforms: [pick("forms", "scale", "panel"), "public"],
};
const sizes = { phone: [360, 780], tablet: [768, 1024], desk: [1280, 900] };
const tall = new Set(["today", "person", "lists", "coordinator", "forms", "public", "publicforms"]);
for (const [name, [parts, sheet = "staff"]] of Object.entries(screens)) {
  for (const theme of ["light", "dark", "sun"]) {
    for (const [device, [w, h]] of Object.entries(sizes)) {
      const id = `${name}-${device}-${theme}`;
      if (only && !new RegExp(only).test(id)) continue;
      const extra = { dir: process.env.DIR ?? "ltr", text: process.env.TEXT ?? "" };
      writeFileSync(join(out, `${id}.html`), page(parts, { sheet, theme, heads: false, ...extra }));
      execFileSync(chromium, ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--hide-scrollbars", `--user-data-dir=${join(out, "profile")}`, `--window-size=${w},${tall.has(name) ? (device === "phone" ? 2600 : 1900) : h}`, `--screenshot=${join(out, `${id}.png`)}`, `file://${join(out, `${id}.html`)}`], { stdio: "ignore" });
    }
  }
}
