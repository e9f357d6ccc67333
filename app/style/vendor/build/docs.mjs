// Writes app/style/preview.html (staff), preview-public.html and the contract part of README.md.
//   node docs.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { table } from "../../check-contrast.mjs";
import { components } from "./components.mjs";

const style = join(dirname(fileURLToPath(import.meta.url)), "../..");
const icons = JSON.parse(readFileSync(join(style, "icons.json"), "utf8"));

const drawn = (name, extra = "") => {
  if (!icons[name]) throw new Error(`no icon ${name}`);
  return name === "name-mark"
    ? `<svg class="${extra || "app-icon"}" viewBox="0 0 32 32" aria-hidden="true" focusable="false">${icons[name]}</svg>`
    : `<svg class="app-icon${extra ? ` ${extra}` : ""}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${icons[name]}</svg>`;
};
const named = (name, extra = "") => `{icon ${name}${extra ? ` .${extra}` : ""}}`;

// A page of components; the two previews hold the whole set, in the reader's own theme.
export function page(parts, { sheet = "staff", theme = "auto", text = "", dir = "ltr", heads = true } = {}) {
  const blocks = [];
  for (const c of parts) {
    const html = c.html(drawn);
    const title = heads ? `<h2 class="govuk-heading-m app-space" id="${c.id}">${c.title}</h2>\n` : "";
    if (c.bare) blocks.push(heads ? { in: title } : null, { out: html });
    else blocks.push({ in: title + html });
  }
  let body = "", open = false;
  for (const b of blocks.filter(Boolean)) {
    if (b.in && !open) body += `<div class="app-main">\n`;
    if (b.out && open) body += `</div>\n`;
    open = Boolean(b.in);
    body += (b.in ?? b.out) + "\n\n";
  }
  if (open) body += "</div>";
  return `<!doctype html>
<html lang="en-GB" dir="${dir}" data-theme="${theme}"${text ? ` data-text="${text}"` : ""}>
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"><title>Wellfield: ${sheet} components</title><link rel="stylesheet" href="${sheet}.css"></head>
<body>
${body}
</body>
</html>
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const set = (sheet) => components.filter((c) => c.sheet === sheet || c.sheet === "both");
  const gallery = { id: "icons", title: "Icons", html: () => `<ul class="app-plain-list app-line">${Object.keys(icons).map((k) => `<li class="app-tag">${drawn(k)} ${k}</li>`).join("")}</ul>` };
  writeFileSync(join(style, "preview.html"), page([...set("staff"), gallery]));
  writeFileSync(join(style, "preview-public.html"), page(set("public"), { sheet: "public" }));

  const contract = components.map((c) => `### ${c.title}\n\nIn ${c.sheet === "both" ? "both sheets" : `${c.sheet}.css`}.${c.note ? ` ${c.note}` : ""}\n\n\`\`\`html\n${(c.short ?? c.html)(named)}\n\`\`\`\n`).join("\n");
  const readme = join(style, "README.md");
  const text = readFileSync(readme, "utf8");
  const list = Object.keys(icons).map((k) => `\`${k}\``).join(", ");
  writeFileSync(readme, text
    .replace(/(<!-- contract -->)[\s\S]*(<!-- \/contract -->)/, (_, a, b) => `${a}\n\n${contract}\n${b}`)
    .replace(/(<!-- contrast -->)[\s\S]*(<!-- \/contrast -->)/, (_, a, b) => `${a}\n\n${table}\n\n${b}`)
    .replace(/(<!-- icons -->)[\s\S]*(<!-- \/icons -->)/, (_, a, b) => `${a}\n${list}\n${b}`));
}
