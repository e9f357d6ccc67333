// The texts on screen, from the files that the client is built from, so that a test finds things by
// the words a person reads.

import fs from "node:fs";

const folder = new URL("../../../app/wording/", import.meta.url);

/** A function from a key and its values to a text: `en("register.here", { n: 3 })`. */
function language(tag) {
  const texts = new Map();
  let section = "";
  for (const line of fs.readFileSync(new URL(`${tag}.toml`, folder), "utf8").split("\n")) {
    const heading = line.match(/^\[(\w+)\]$/);
    if (heading) section = heading[1];
    const entry = line.match(/^(\w+) = (".*"|\{.*\})$/);
    if (entry) texts.set(`${section}.${entry[1]}`, value(entry[2]));
  }
  const rules = new Intl.PluralRules(tag);
  const words = (key, values = {}) => {
    const text = texts.get(key);
    if (text === undefined) throw new Error(`no text "${key}" in ${tag}.toml`);
    const form = typeof text === "string" ? text : (text[rules.select(values.n)] ?? text.other);
    return form.replace(/\{(\w+)\}/g, (_, name) => {
      if (!(name in values)) throw new Error(`"${key}" needs {${name}}`);
      return values[name];
    });
  };
  words.tag = tag;
  words.keys = [...texts.keys()];
  return words;
}

/** A TOML string, or an inline table of strings. */
function value(toml) {
  if (toml.startsWith('"')) return JSON.parse(toml);
  return Object.fromEntries([...toml.matchAll(/(\w+) = ("(?:[^"\\]|\\.)*")/g)].map(([, key, text]) => [key, JSON.parse(text)]));
}

export const en = language("en");
export const cy = language("cy");

/** A pattern for a text of which some values are not known: `pattern("chip.all_sent_at", "when")`. */
export function pattern(words, key, ...unknown) {
  const mark = "\u0000";
  const text = words(key, Object.fromEntries(unknown.map((name) => [name, mark])));
  return new RegExp(`^${text.split(mark).map(escape).join(".+")}$`);
}

function escape(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
