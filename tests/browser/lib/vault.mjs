// The rows of a tablet, opened with its words by the same code that seals them (tests/src/bin/tablet_vault.rs).

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** The rows of every store of the app as they lie on disk, in hexadecimal, with their keys. */
export async function storedRows(page, stores) {
  return page.evaluate(async (stores) => {
    const done = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    const database = await done(indexedDB.open("wellfield"));
    const reading = database.transaction(stores);
    const all = await Promise.all(
      stores.map(async (name) => {
        const store = reading.objectStore(name);
        const [keys, rows] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
        return [name, keys.map((key, index) => [key, hex(rows[index])])];
      }),
    );
    database.close();
    return Object.fromEntries(all);
  }, stores);
}

/** A tablet whose rows can be looked into. */
export class OpenedVault {
  #process;
  #answers;

  constructor(program) {
    this.#process = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** Opens the tablet in a page with the words of its owner. */
  static async open(page, words, program = process.env.TABLET_VAULT) {
    const vault = new OpenedVault(program);
    const { meta } = await storedRows(page, ["meta"]);
    const lock = meta.find(([key]) => key === "lock")[1];
    vault.device = Number(await vault.#ask(`lock ${lock} ${words.trim().split(/\s+/).join(" ")}`));
    return vault;
  }

  async #ask(...lines) {
    const answers = [];
    // So many at a time that neither pipe fills up while nobody reads.
    for (let from = 0; from < lines.length; from += 100) {
      const some = lines.slice(from, from + 100);
      this.#process.stdin.write(some.map((line) => `${line}\n`).join(""));
      for (const _ of some) answers.push((await this.#answers.next()).value);
    }
    if (answers.includes("closed")) throw new Error("a row of the tablet did not open");
    return lines.length === 1 ? answers[0] : answers;
  }

  /** What lies in a store whose rows are replaced, as pairs of key and bytes; only the rows that are wanted are opened. */
  async rows(page, store, wanted = () => true) {
    const { meta, [store]: rows } = await storedRows(page, [...new Set(["meta", store])]);
    const manifest = meta.find(([key]) => key === "manifest");
    if (manifest) await this.#ask(`manifest ${manifest[1]}`);
    const sealed = rows.filter(([key]) => !["manifest", "manifest-again", "lock", "acked"].includes(key) && wanted(key));
    const opened = [];
    for (const [key, row] of sealed) opened.push([key, Buffer.from(await this.#ask(`open ${store} ${key} ${row}`), "hex")]);
    return opened;
  }

  /** The tablet's own log, as pairs of number and bytes. */
  async own(page) {
    const { log } = await storedRows(page, ["log"]);
    const opened = [];
    for (const [n, row] of log) opened.push([n, Buffer.from(await this.#ask(`own ${n} ${row}`), "hex")]);
    return opened;
  }

  /** Rows of the tablet's own log, sealed as it seals them, in base 64. */
  async seal(events, firstN) {
    const lines = events.map((bytes, index) => `seal ${firstN + index} ${bytes.toString("hex")}`);
    return (await this.#ask(...lines)).map((row) => Buffer.from(row, "hex"));
  }

  close() {
    this.#process.kill();
  }
}
