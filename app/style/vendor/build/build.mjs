// Compiles the govuk-frontend subset, makes it brand-free and direction-neutral, and
// concatenates it with app/style/src into staff.css, public.css, answers.css and desk.css.
//   cd app/style/vendor/build && npm install && npm run build
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import postcss from "postcss";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const style = join(here, "../..");
const BUDGET = 15 * 1024;

const sheets = {
  staff: ["tokens", "base", "forms", "shell", "common", "cards", "choice", "register", "staff", "reports", "kiosk", "lock", "end"],
  answers: ["tokens", "base", "forms", "common", "choice", "kiosk", "end"],
  desk: ["tokens", "base", "forms", "shell", "common", "cards", "choice", "desk", "end"],
  public: ["tokens", "base", "forms", "shell", "common", "cards", "choice", "public", "end"],
};

// Declarations that are set once on the page instead of on each class.
const dropped = new Set(["-webkit-font-smoothing", "-moz-osx-font-smoothing", "-ms-user-select", "-webkit-clip-path", "-moz-text-size-adjust"]);

const renamed = {
  "margin-left": "margin-inline-start", "margin-right": "margin-inline-end",
  "padding-left": "padding-inline-start", "padding-right": "padding-inline-end",
  "border-left": "border-inline-start", "border-right": "border-inline-end",
  "border-left-color": "border-inline-start-color", "border-right-color": "border-inline-end-color",
  "border-left-width": "border-inline-start-width", "border-right-width": "border-inline-end-width",
  "border-left-style": "border-inline-start-style", "border-right-style": "border-inline-end-style",
  left: "inset-inline-start", right: "inset-inline-end",
  "border-top-left-radius": "border-start-start-radius", "border-top-right-radius": "border-start-end-radius",
  "border-bottom-left-radius": "border-end-start-radius", "border-bottom-right-radius": "border-end-end-radius",
};

// Colours govuk-frontend writes out in full, as our tokens.
const colours = {
  "#0f7a52": "var(--moss)", "#0b5c3e": "var(--moss-strong)", "#083d29": "var(--moss-strong)",
  "#f3f3f3": "var(--sunk)", "#cecece": "var(--line)", "#858686": "var(--edge)", "#484949": "var(--soft)",
  "#0b0c0c": "var(--ink)", "#ffffff": "var(--on-moss)", "#fff": "var(--on-moss)",
  "#ca3535": "var(--alert)", "#982828": "var(--alert)", "#651b1b": "var(--alert)",
};

function fourValues(value) {
  const parts = postcss.list.space(value);
  return parts.length === 4 && parts[1] !== parts[3] ? parts : null;
}

function logical(root) {
  root.walkDecls((d) => {
    if (renamed[d.prop]) d.prop = renamed[d.prop];
    else if (d.prop === "justify-content") d.value = d.value.replace(/^right$/, "flex-end");
    else if (d.prop === "text-align" || d.prop === "float") {
      const side = { left: "start", right: "end" }[d.value];
      if (side) d.value = d.prop === "float" ? `inline-${side}` : side;
    } else if (["margin", "padding", "border-width", "inset"].includes(d.prop)) {
      const four = fourValues(d.value);
      if (!four) return;
      const [top, end, bottom, start] = four;
      const name = (axis) => (d.prop === "border-width" ? `border-${axis}-width` : `${d.prop}-${axis}`);
      d.cloneBefore({ prop: name("block"), value: `${top} ${bottom}` });
      d.cloneBefore({ prop: name("inline"), value: `${start} ${end}` });
      d.remove();
    }
  });
}

function unbrand(root) {
  root.walkAtRules("font-face", (r) => r.remove());
  root.walkAtRules("charset", (r) => r.remove());
  root.walkAtRules("media", (r) => { if (/print|high-contrast: none|screen[^ ]+$|screen[^ ]+ and/.test(r.params)) r.remove(); });
  root.walkAtRules("media", (r) => { r.params = r.params.replace(", (-ms-high-contrast: active)", ""); });
  // Fallbacks for browsers without WebAssembly, which cannot run the client at all.
  root.walkAtRules("supports", (r) => {
    if (/^not \((text-wrap|caret-color)/.test(r.params) || /^not .*details/.test(r.params)) r.remove();
    else if (/-ms-ime-align|margin: max|padding: max|border-width: max/.test(r.params)) r.replaceWith(r.nodes);
  });
  root.walkRules((r) => {
    if (/::-moz-focus-inner|govuk-exit-this-page|x:-moz/.test(r.selector)) return r.remove();
    // Focus is drawn in one way for everything, in src/base.css.
    if (/:focus/.test(r.selector) && !/:not\(:focus\)|skip-link/.test(r.selector)) return r.remove();
    const keep = r.selectors.filter((s) => !/--(turquoise|magenta|purple|teal|pink|orange|blue|yellow|red|green|grey)\b|button--inverse|link--inverse|link-image|-from-desktop|govuk-frontend-supported|--image\b|--small\b|(radios|checkboxes)__input:.*:hover/.test(s));
    if (!keep.length) return r.remove();
    if (keep.length < r.selectors.length) r.selectors = keep;
    if (r.selector === ":root") r.remove();
  });
  root.walkDecls((d) => {
    if (dropped.has(d.prop) || (d.prop === "font-family" && d.value.includes("--app-font"))) return d.remove();
    if (d.prop === "font-weight") d.value = d.value.replace("400", "var(--weight)").replace("700", "var(--bold)");
    d.value = d.value
      .replace(/var\((--govuk-[a-z-]+), ?#[0-9a-f]+\)/g, "var($1)")
      .replace(/#[0-9a-f]{3,6}\b/gi, (hex) => colours[hex.toLowerCase()] ?? hex);
  });
}

function tidy(root) {
  // Neighbouring rules with one selector become one rule; empty rules go.
  root.walk((n) => { if (n.type === "comment") n.remove(); });
  const merge = (box) => {
    box.each((n) => {
      if (n.type === "atrule") merge(n);
      const before = n.prev();
      if (n.type === "rule" && before?.type === "rule" && before.selector === n.selector) {
        before.append(n.nodes);
        n.remove();
      }
    });
    box.each((n) => { if (n.nodes && !n.nodes.length) n.remove(); });
  };
  merge(root);
}

let failed = false;
const tokens = readFileSync(join(style, "src/tokens.css"), "utf8");
const theme = (name) => {
  const from = tokens.indexOf("{", tokens.indexOf(`@theme ${name} `)) + 1;
  return tokens.slice(from, tokens.indexOf("}", from));
};
for (const [name, parts] of Object.entries(sheets)) {
  const compiled = sass.compile(join(here, `${name}.scss`), {
    loadPaths: [join(here, "node_modules/govuk-frontend/dist")],
    quietDeps: true,
    silenceDeprecations: ["import"],
  }).css;
  const root = postcss.parse(compiled);
  unbrand(root);
  logical(root);
  tidy(root);
  const version = JSON.parse(readFileSync(join(here, "node_modules/govuk-frontend/package.json"))).version;
  const notice = `/* Contains parts of govuk-frontend ${version}, MIT, (c) 2017 Crown Copyright (Government Digital Service), changed. See licences/GOVUK-FRONTEND-LICENCE.txt */\n`;
  writeFileSync(join(style, `vendor/govuk-${name}.css`), notice + root.toString() + "\n");

  const own = parts.map((p) => readFileSync(join(style, `src/${p}.css`), "utf8")).join("\n").replace(/\/\* @copy (\w+) \*\//g, (_, name) => theme(name));
  const physical = /(?:^|[;{\s])((?:margin|padding|border|inset)-(?:left|right)|left|right)\s*:|(?:text-align|float)\s*:\s*(?:left|right)/g;
  for (const hit of own.matchAll(physical)) { failed = true; console.error(`physical property in src: ${hit[0].trim()}`); }
  const layered = `${root.toString()}\n${own}`;
  const small = sass.compileString(layered, { syntax: "css", style: "compressed" }).css.replace(/^\uFEFF|@charset "UTF-8";/g, "");
  writeFileSync(join(style, `${name}.css`), `@charset "UTF-8";${notice}${small}\n`);
  const bytes = readFileSync(join(style, `${name}.css`));
  const packed = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;
  console.log(`${name}.css  ${bytes.length} bytes, brotli ${packed}`);
  if (packed > BUDGET) { failed = true; console.error(`${name}.css is over ${BUDGET}`); }
}
process.exitCode = failed ? 1 : 0;
