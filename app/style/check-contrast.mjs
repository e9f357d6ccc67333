// Measures every pair of colours the style uses, in each theme, and fails below what is promised:
// body text 7:1 (sun 15:1), other text 4.5:1, borders of controls, icons and focus 3:1.
//   node app/style/check-contrast.mjs [--table]
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const css = readFileSync(join(here, "src/tokens.css"), "utf8");
const themes = Object.fromEntries([...css.matchAll(/@theme (\w+) \*\/([\s\S]*?)@end/g)].map(([, name, body]) => [
  name,
  Object.fromEntries([...body.matchAll(/--([a-z-]+):\s*(#[0-9a-f]{3,6});/gi)].map(([, k, v]) => [k, v])),
]));

const channel = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
function luminance(hex) {
  const h = hex.length === 4 ? [...hex.slice(1)].map((x) => x + x).join("") : hex.slice(1);
  const [r, g, b] = [0, 2, 4].map((i) => channel(parseInt(h.slice(i, i + 2), 16)));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
const ratio = (a, b) => {
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (hi + 0.05) / (lo + 0.05);
};

const grounds = ["page", "card", "sunk"];
const tints = ["moss-tint", "clay-tint", "ochre-tint", "alert-tint"];
const pairs = [
  ...grounds.concat(tints).map((g) => ["ink", g, "body", "Body text"]),
  ...grounds.map((g) => ["soft", g, "body", "Captions, hints, placeholders"]),
  ["soft", "moss-tint", "text", "Hint in a chosen answer"],
  ...["page", "card"].map((g) => ["link", g, "body", "Links"]),
  ...["sunk", "moss-tint", "clay-tint", "ochre-tint", "alert-tint"].map((g) => ["link", g, "text", "Links on tints"]),
  ...["page", "card", "sunk"].map((g) => ["link-strong", g, "body", "Links, hover"]),
  ...["page", "card"].map((g) => ["visited", g, "text", "Links, visited"]),
  ["on-moss", "moss", "body", "Main button, Here pressed, panel"],
  ["on-moss", "moss-strong", "body", "Main button, hover"],
  ["on-umber", "umber", "body", "Not here pressed, call button, count"],
  ["on-alert", "alert", "body", "Warning button"],
  ...["page", "card"].map((g) => ["moss", g, "text", "Sent, Given, step number"]),
  ["moss-strong", "moss-tint", "body", "Chip: all sent"],
  ["moss-strong", "card", "body", "Current page in the menu"],
  ...["page", "card", "clay-tint"].map((g) => ["clay", g, "text", "Check this, Refused"]),
  ...["page", "card", "alert-tint"].map((g) => ["alert", g, "text", "Error message"]),
  ["focus-ink", "focus", "body", "Focused link"],
  ["ink", "page", "body", "Warning icon"],
  ...["page", "card", "sunk"].map((g) => ["edge", g, "edge", "Border of a control"]),
  ...["page", "card"].map((g) => ["moss", g, "edge", "Border and dot when chosen"]),
  ["moss", "moss-tint", "edge", "Border when chosen, inner side"],
  ...["card", "page", "ochre-tint"].map((g) => ["ochre", g, "edge", "Border of the chip and of a warning"]),
  ["umber", "card", "edge", "Not here pressed against the row"],
  ["clay", "clay-tint", "edge", "Border of a flag"],
  ["alert", "alert-tint", "edge", "Border of an error"],
  ...["page", "card", "sunk", "moss-tint"].map((g) => ["ring", g, "edge", "Focus ring"]),
  ["ring", "halo", "edge", "Focus ring against its halo"],
];
const floors = {
  light: { body: 7, text: 4.5, edge: 3 },
  dark: { body: 7, text: 4.5, edge: 3 },
  sun: { body: 15, text: 15, edge: 15 },
};

let worst = 0;
const rows = pairs.map(([fg, bg, kind, use]) => {
  const cells = Object.keys(floors).map((t) => {
    const [a, b] = [themes[t][fg], themes[t][bg]];
    if (!a || !b) throw new Error(`${t}: no --${a ? bg : fg}`);
    const r = ratio(a, b);
    const ok = r >= floors[t][kind];
    if (!ok) { worst += 1; console.error(`${t}: --${fg} on --${bg} is ${r.toFixed(2)}, needs ${floors[t][kind]} (${use})`); }
    return r.toFixed(1);
  });
  return `| ${use} | ${fg} on ${bg} | ${kind} | ${cells.join(" | ")} |`;
});
export const table = ["| Use | Tokens | Kind | Light | Dark | Sun |", "|---|---|---|--:|--:|--:|", ...rows].join("\n");
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--table")) console.log(table);
  console.log(`${pairs.length} pairs in 3 themes, ${worst} below the floor`);
  process.exitCode = worst ? 1 : 0;
}
