// Draws the name mark and every icon, and writes app/style/icons.json, public/icons/*.svg and,
// with Chromium, the PNG icons.   node brand.mjs [path to chromium]
import { execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const style = join(here, "../..");
const publicIcons = join(style, "../../public/icons");
const n = (x) => String(Math.round(x * 100) / 100);

// The mark, 32 x 32, one colour. Above: a sunrise that is also ripples in a well and the rings
// of a ditch. Below: furrows running to the horizon, cut by the round mouth of the well.
function mark() {
  const c = 16, R = 15, horizon = 15.4, field = 18;
  const ring = (outer, inner) => {
    const y = horizon;
    const reach = (r) => Math.sqrt(r * r - (y - c) ** 2);
    const o = reach(outer);
    if (!inner) return `M${n(c - o)} ${n(y)}A${n(outer)} ${n(outer)} 0 0 1 ${n(c + o)} ${n(y)}Z`;
    const i = reach(inner);
    return `M${n(c - o)} ${n(y)}A${n(outer)} ${n(outer)} 0 0 1 ${n(c + o)} ${n(y)}H${n(c + i)}A${n(inner)} ${n(inner)} 0 0 0 ${n(c - i)} ${n(y)}Z`;
  };
  // Furrows: wedges between lines through a vanishing point above the horizon.
  const eye = { x: 16, y: 12.2 };
  const onCircle = (slope) => {
    // x = eye.x + slope * t, y = eye.y + t; find t where it meets the circle.
    const a = slope * slope + 1, b = 2 * (slope * (eye.x - c) + (eye.y - c)), k = (eye.x - c) ** 2 + (eye.y - c) ** 2 - R * R;
    const t = (-b + Math.sqrt(b * b - 4 * a * k)) / (2 * a);
    return [eye.x + slope * t, eye.y + t];
  };
  const atField = (slope) => [eye.x + slope * (field - eye.y), field];
  const edge = Math.sqrt(R * R - (field - c) ** 2);
  const wedge = (from, to) => {
    const p0 = from === null ? [c - edge, field] : atField(from);
    const p1 = to === null ? [c + edge, field] : atField(to);
    const q1 = to === null ? p1 : onCircle(to);
    const q0 = from === null ? p0 : onCircle(from);
    return `M${n(p0[0])} ${n(p0[1])}L${n(p1[0])} ${n(p1[1])}${to === null ? "" : `L${n(q1[0])} ${n(q1[1])}`}A${R} ${R} 0 0 1 ${n(q0[0])} ${n(q0[1])}Z`;
  };
  return [ring(15, 12), ring(9.4, 6.6), ring(4), wedge(null, -1.5), wedge(-1.08, -0.5), wedge(-0.2, 0.2), wedge(0.5, 1.08), wedge(1.5, null)].join("");
}
const MARK = `<path fill="currentColor" stroke="none" d="${mark()}"/>`;

const p = (d) => `<path d="${d}"/>`;
const solid = (d) => `<path fill="currentColor" stroke="none" fill-rule="evenodd" d="${d}"/>`;
const disc = "M12 2a10 10 0 1 1 0 20 10 10 0 0 1 0-20Z";
const face = (mouth) => `<circle cx="12" cy="12" r="9.5"/><path d="M8.6 9.2v.9M15.4 9.2v.9"/><path d="${mouth}"/>`;
const icons = {
  "tick": p("M4.5 12.8 9.6 18 19.5 6.8"),
  "tick-outline": p("M12 2.8a9.2 9.2 0 1 1 0 18.4 9.2 9.2 0 0 1 0-18.4Z") + p("M7.6 12.4 10.8 15.6 16.4 9.2"),
  "tick-solid": solid(`${disc}M10.9 17.2 17.5 9.6 15.8 8.1 10.75 13.9 8.15 11.3 6.55 12.9Z`),
  "ring": `<circle cx="12" cy="12" r="8.5"/>`,
  "cross": p("M6 6 18 18M18 6 6 18"),
  "triangle-alert": p("M12 3.2 22 20.4H2Z") + p("M12 9.6v5") + solid("M12 16.2a1.15 1.15 0 1 1 0 2.3 1.15 1.15 0 0 1 0-2.3Z"),
  "info": `<circle cx="12" cy="12" r="9.5"/>` + p("M12 11v6") + solid("M12 6.2a1.3 1.3 0 1 1 0 2.6 1.3 1.3 0 0 1 0-2.6Z"),
  "clock": `<circle cx="12" cy="12" r="9.2"/>` + p("M12 6.5V12l3.8 2.4"),
  "phone": p("M5 3.5h3.6l1.7 4.6-2.2 1.7a12.5 12.5 0 0 0 6.1 6.1l1.7-2.2 4.6 1.7V19a2 2 0 0 1-2 2C10.5 21 3 13.5 3 5.5a2 2 0 0 1 2-2Z"),
  "person": `<circle cx="12" cy="7.6" r="4.1"/>` + p("M4.2 21c.3-5 3.3-7.6 7.8-7.6s7.5 2.6 7.8 7.6"),
  "people": `<circle cx="8.8" cy="8.2" r="3.5"/>` + p("M2.2 20.2c.2-4.4 2.8-6.6 6.6-6.6s6.4 2.2 6.6 6.6M16 5.2a3.3 3.3 0 0 1 0 6.3M18 14.2c2.3.8 3.6 2.8 3.8 6"),
  "search": `<circle cx="10.5" cy="10.5" r="6.8"/>` + p("M15.6 15.6 21 21"),
  "plus": p("M12 4.5v15M4.5 12h15"),
  "note": p("M5 3h9.5L19 7.5V21H5ZM14 3v5h5M8.5 12.5h7M8.5 16.5h5"),
  "hand-over": `<rect x="8" y="2.5" width="8" height="11" rx="1.5"/>` + p("M2.5 15.5h3.3l3 1.7h4a1.6 1.6 0 0 1 0 3.2H9.5M14.2 18.8l5.3-2.5a1.5 1.5 0 0 1 1.3 2.7L13.5 22.2H8l-2.2-1H2.5"),
  "camera": p("M3 7.5h4L8.8 4.8h6.4L17 7.5h4v12H3Z") + `<circle cx="12" cy="13.2" r="3.6"/>`,
  "camera-off": p("M8.5 5.2 8.8 4.8h6.4L17 7.5h4V18M17.5 19.5H3v-12h3.5M9.3 10.8a3.6 3.6 0 0 0 5 5.1M3 2.5l18.5 19"),
  "access": `<circle cx="10.5" cy="4" r="1.7"/>` + p("M10.5 8.2v6h5.3l2.7 5.3 1.7-.9M10.5 10.8h4.5M8 11.6a5.3 5.3 0 1 0 6.6 7.2"),
  "ear": p("M6.5 10a5.8 5.8 0 1 1 11.5.6c0 3.7-3.2 4.4-4 7.1-.6 2-1.7 3.5-3.6 3.5a3.3 3.3 0 0 1-3.2-2.6M9.8 10.2a2.6 2.6 0 1 1 5 .9c-.5 1.5-2.3 1.9-2.8 3.7"),
  "eye": p("M1.8 12C4 7.7 7.7 5.4 12 5.4s8 2.3 10.2 6.6c-2.2 4.3-5.9 6.6-10.2 6.6S4 16.3 1.8 12Z") + `<circle cx="12" cy="12" r="3.1"/>`,
  "heart": p("M12 20.5C5.5 16 2.5 12.4 2.5 8.8a4.9 4.9 0 0 1 9.5-1.6 4.9 4.9 0 0 1 9.5 1.6c0 3.6-3 7.2-9.5 11.7Z"),
  "send": p("M12 20V4.5M5.5 11 12 4.5 18.5 11"),
  "tablet": `<rect x="4.5" y="2.5" width="15" height="19" rx="2"/>` + p("M10.5 18.2h3"),
  "no-signal": p("M4 18.5v1M9 14.5v5M14 10v9.5M19 5v8M3 3l18 18"),
  "lock": `<rect x="4.5" y="10.5" width="15" height="10.5" rx="2"/>` + p("M8 10.5V7a4 4 0 0 1 8 0v3.5M12 14.7v2.3"),
  "key": `<circle cx="7.5" cy="12" r="4.5"/>` + p("M12 12h9.5v4M17.5 12v3"),
  "settings": p("M3 7h9M17.5 7H21M3 17h3.5M12 17h9") + `<circle cx="14.7" cy="7" r="2.7"/><circle cx="9.2" cy="17" r="2.7"/>`,
  "calendar": `<rect x="3" y="5" width="18" height="16" rx="2"/>` + p("M3 10h18M8 2.5V7M16 2.5V7"),
  "map-pin": p("M12 21.8C7.6 17 5.2 13.3 5.2 9.5a6.8 6.8 0 0 1 13.6 0c0 3.8-2.4 7.5-6.8 12.3Z") + `<circle cx="12" cy="9.5" r="2.4"/>`,
  "pound": p("M17.5 7.5A4.6 4.6 0 0 0 8.7 9.3c0 3.4 1.2 5.5.8 8.2-.2 1.4-.9 2.3-2.5 3h11M6 13.2h8.5"),
  "bus": `<rect x="4" y="3" width="16" height="15" rx="2.5"/>` + p("M4 11.5h16M12 3v8.5M7 18v3M17 18v3M7.8 14.8h.1M16.2 14.8h.1"),
  "speech": p("M3.5 4h17v12.5H12L7 21v-4.5H3.5Z"),
  "listen": p("M3 9.5h3.8L12 5v14l-5.2-4.5H3ZM15.5 9a4.2 4.2 0 0 1 0 6M18.3 6.2a8.2 8.2 0 0 1 0 11.6"),
  "arrow-right": p("M4 12h15.5M13 5.5l6.5 6.5-6.5 6.5"),
  "arrow-left": p("M20 12H4.5M11 5.5 4.5 12l6.5 6.5"),
  "undo": p("M8.5 4.5 4 9l4.5 4.5M4 9h10.5a5.5 5.5 0 0 1 0 11H8.5"),
  "home": p("M3 11.5 12 3.5l9 8M5.5 9.5V20.5h13V9.5M10 20.5v-6h4v6"),
  "flag": p("M5 21.5V3.5M5 4.5h13.5l-3 4.5 3 4.5H5"),
  "shield": p("M12 2.8 20 5.6v5.6c0 5-3.2 8.3-8 10.2-4.8-1.9-8-5.2-8-10.2V5.6Z"),
  "sun": `<circle cx="12" cy="12" r="4.2"/>` + p("M12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M4.9 4.9l1.8 1.8M17.3 17.3l1.8 1.8M4.9 19.1l1.8-1.8M17.3 6.7l1.8-1.8"),
  "moon": p("M20.3 14.3A8.8 8.8 0 1 1 9.7 3.7a7 7 0 0 0 10.6 10.6Z"),
  "trowel": p("M14.5 9.5 4 20c-1-4 .5-9.5 6.5-12.5ZM12.5 11.5l4-4M16 5l3 3 2-2a2.1 2.1 0 0 0-3-3Z"),
  "cup": p("M4 8.5h13V15a4.5 4.5 0 0 1-4.5 4.5h-4A4.5 4.5 0 0 1 4 15ZM17 10h1.5a2.5 2.5 0 0 1 0 5.5H17M8 3.5V5.5M12.5 3.5V5.5"),
  "toilet": `<circle cx="7" cy="4.5" r="1.8"/><circle cx="17" cy="4.5" r="1.8"/>` + p("M12 3v18M7 8.5 4.3 15.5h5.4ZM7 15.5V21M15 9h4v6.5h-4ZM17 15.5V21"),
  "face-1": face("M8 16.8c1-1.7 2.3-2.5 4-2.5s3 .8 4 2.5"),
  "face-2": face("M8.3 16.2c1.1-.8 2.3-1.2 3.7-1.2s2.6.4 3.7 1.2"),
  "face-3": face("M8.3 15.6h7.4"),
  "face-4": face("M8.3 14.9c1.1.9 2.3 1.3 3.7 1.3s2.6-.4 3.7-1.3"),
  "face-5": face("M7.6 14.3c1 2 2.5 3 4.4 3s3.4-1 4.4-3"),
};

writeFileSync(join(style, "icons.json"), JSON.stringify({ ...icons, "name-mark": MARK }, null, 2) + "\n");

const paint = { paper: "#f6f1e7", moss: "#3f5229", ochre: "#ffc53a", ink: "#2a2018" };
mkdirSync(publicIcons, { recursive: true });
const tile = (size, scale, radius) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512" width="${size}" height="${size}"><rect width="512" height="512" rx="${radius}" fill="${paint.moss}"/><g transform="translate(256 256) scale(${scale}) translate(-16 -16)" color="${paint.paper}">${MARK}</g></svg>`;
writeFileSync(join(publicIcons, "favicon.svg"), `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" color="${paint.moss}"><style>:root{color:${paint.moss}}@media (prefers-color-scheme:dark){:root{color:#bdd08f}}</style>${MARK}</svg>\n`);
writeFileSync(join(publicIcons, "name-mark.svg"), `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" color="${paint.moss}">${MARK}</svg>\n`);
const sizes = [["icon-192.png", 192, 12, 96], ["icon-512.png", 512, 12, 96], ["icon-512-maskable.png", 512, 9.6, 0], ["apple-touch-icon.png", 180, 11.4, 0]];
const chromium = process.argv[2];
if (chromium) {
  const dir = mkdtempSync(join(tmpdir(), "wellfield-icons-"));
  for (const [name, size, scale, radius] of sizes) {
    const html = join(dir, "icon.html");
    writeFileSync(html, `<!doctype html><style>html,body{margin:0;background:transparent}svg{display:block}</style>${tile(size, scale, radius)}`);
    execFileSync(chromium, ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", `--user-data-dir=${join(dir, "profile")}`, "--default-background-color=00000000", "--hide-scrollbars", "--force-device-scale-factor=1", `--window-size=${size},${size}`, `--screenshot=${join(publicIcons, name)}`, `file://${html}`], { stdio: "ignore" });
    console.log(name, readFileSync(join(publicIcons, name)).length);
  }
  rmSync(dir, { recursive: true, force: true });
}
