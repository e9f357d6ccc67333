// Writes icons.svg, the sprite that both pages carry inline, from icons.json.
import { readFileSync, writeFileSync } from "node:fs";

const style = new URL("../../", import.meta.url);
const icons = JSON.parse(readFileSync(new URL("icons.json", style), "utf8"));
const symbols = Object.entries(icons).map(([name, body]) => {
  const side = name === "name-mark" ? 32 : 24;
  return `<symbol id="i-${name}" viewBox="0 0 ${side} ${side}">${body}</symbol>`;
});
writeFileSync(
  new URL("icons.svg", style),
  `<svg xmlns="http://www.w3.org/2000/svg" hidden aria-hidden="true">${symbols.join("")}</svg>\n`,
);
