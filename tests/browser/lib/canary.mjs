// Strings that are typed once and must then be found nowhere.

import fs from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Draws strings that occur nowhere else, and remembers them. */
export class Canaries {
  /** What was drawn, by what it was typed into. */
  drawn = new Map();

  /** Another one, for a field of this kind. */
  draw(field, { digits = false } = {}) {
    const number = crypto.getRandomValues(new Uint32Array(2)).reduce((text, part) => text + String(part).padStart(10, "0"), "");
    // Digits that pass for a telephone number; letters that pass for a name.
    const text = digits ? `07${number.slice(0, 9)}` : `Zq${[...number].map((digit) => "bcdfghjklm"[digit]).join("")}`;
    this.drawn.set(text, field);
    return text;
  }
}

/** Types a string of its own into every field that is on a page. Returns how many there were. */
export async function fillEveryField(page, canaries, screen) {
  const fields = page.locator("input:visible, textarea:visible");
  let filled = 0;
  for (let at = 0; at < (await fields.count()); at += 1) {
    const field = fields.nth(at);
    const { type, id, mode, max } = await field.evaluate((field) => ({ type: field.type, id: field.id, mode: field.inputMode, max: field.maxLength }));
    if (["file", "radio", "checkbox", "time", "date", "button", "submit"].includes(type)) continue;
    const digits = type === "tel" || mode === "tel" || mode === "numeric";
    const text = canaries.draw(`${screen} #${id}`, { digits });
    await field.fill(max > 0 ? text.slice(0, max) : text).catch((failure) => {
      throw new Error(`${screen} #${id}: ${failure.message}`, { cause: failure });
    });
    filled += 1;
  }
  return filled;
}

/** Every file below a folder. */
function* files(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* files(file);
    else if (entry.isFile()) yield file;
  }
}

/** Where strings stand in the files below a folder, in UTF-8 and in UTF-16 of either order. */
export async function found(folder, texts) {
  const hits = [];
  const wanted = texts.flatMap((text) => {
    const little = Buffer.from(text, "utf16le");
    return [Buffer.from(text), little, Buffer.from(little).swap16()].map((bytes) => ({ text, bytes }));
  });
  for (const file of files(folder)) {
    const held = fs.readFileSync(file);
    for (const { text, bytes } of wanted) {
      if (held.includes(bytes)) hits.push({ file: path.relative(folder, file), text });
    }
    await pause();
  }
  return hits;
}

/** Leaves strings on the disk of a browser where a page can leave them, as a control for {@link found}. */
export async function leave(page, text) {
  await page.evaluate(async (text) => {
    const opening = indexedDB.open("control", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("rows");
    const database = await new Promise((resolve) => (opening.onsuccess = () => resolve(opening.result)));
    const writing = database.transaction("rows", "readwrite", { durability: "strict" });
    writing.objectStore("rows").put(new TextEncoder().encode(`${text}-bytes`), 1);
    writing.objectStore("rows").put(`${text}-text`, 2);
    await new Promise((resolve) => (writing.oncomplete = resolve));
    database.close();
    localStorage.setItem("control", `${text}-setting`);
  }, text);
}
