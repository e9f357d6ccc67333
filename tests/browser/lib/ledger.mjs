// What the screen of a tablet called saved, to be held against what its screen says after a kill and
// against what lies at the server in the end.

import assert from "node:assert/strict";
import { identifier } from "./cbor.mjs";
import { KIND, ProtocolDevice } from "./protocol.mjs";
import { names, row, tapHere, tapNotHere } from "./screens.mjs";
import { counts, eventually, seen } from "./wait.mjs";
import { en } from "./words.mjs";

/** What can stand in a row, with what is pressed there and its number in an event. */
const MARKS = {
  here: { pressed: en("register.mark_here"), number: 1 },
  "not here": { pressed: en("register.mark_not_here"), number: 2 },
  "not marked": { pressed: null, number: 0 },
};

export class Ledger {
  #acknowledged = [];
  #standing = new Map();
  #underWay;
  #notes = 0;

  /** How many records the screen called saved. */
  get length() {
    return this.#acknowledged.length;
  }

  /** One tap on a row of the register by chance, until the screen says that it is saved. */
  async tapAnything(page, random) {
    const name = random.pick(await names(page));
    const now = this.#standing.get(name) ?? (await pressedRows(page)).get(name);
    await this.tap(page, name, random.pick(Object.keys(MARKS).filter((mark) => mark !== now)));
  }

  /** One tap on somebody's row. Should the tablet die meanwhile, the next look at its screen tells what came of it. */
  async tap(page, name, mark) {
    this.#underWay = { name, mark };
    if (mark === "here") await tapHere(page, name);
    else if (mark === "not here") await tapNotHere(page, name);
    else {
      await row(page, name).getByRole("button", { name: en("action.undo") }).click();
      await counts(row(page, name).locator('[aria-pressed="true"]'), 0);
    }
    this.#underWay = undefined;
    this.#keep(name, mark);
  }

  #keep(name, mark) {
    this.#acknowledged.push(`${name}: ${mark}`);
    this.#standing.set(name, mark);
  }

  /** Writes the first note of a session, from its address, which the app is opened at anew. */
  async note(page, address) {
    const text = `Note ${(this.#notes += 1)}`;
    await page.goto(address);
    await page.getByLabel(en("notes.label")).fill(text);
    await page.getByRole("button", { name: en("action.save") }).click();
    await seen(page.locator(".app-state"));
    this.#acknowledged.push(text);
  }

  /** Looks whether the register shows what it has to: after a kill, or on another tablet. */
  async compare(page) {
    const shown = await this.#shown(page);
    const { name, mark } = this.#underWay ?? {};
    // The screen never called this one saved. It may be, and then it counts as every other.
    if (name && shown.get(name) === mark) this.#keep(name, mark);
    this.#underWay = undefined;
    const wrong = [...this.#standing].filter(([name, mark]) => shown.get(name) !== mark);
    assert.deepEqual(wrong.map(([name, mark]) => `${name}: ${mark}, but shown as ${shown.get(name)}`), []);
  }

  /** What the register shows once everybody in the ledger has a row: a long one is drawn in parts. */
  async #shown(page) {
    const expected = [...this.#standing.keys(), ...(this.#underWay ? [this.#underWay.name] : [])];
    let shown;
    await eventually(
      async () => {
        shown = await pressedRows(page);
        return expected.every((name) => shown.has(name));
      },
      { what: "the rows of the register" },
    );
    return shown;
  }

  /** Holds it against the server's stream, which has to have exactly these records in this order. */
  async settle(server, deviceName) {
    const auditor = await ProtocolDevice.enrol(server.base, await server.code("coordinator"), "Audit");
    const { device } = (await server.status()).devices.find(({ name }) => name === deviceName);
    const people = new Map((await server.export()).people.map((person) => [identifier(person.id), person.preferred_name]));
    const events = (await auditor.delivered()).filter((event) => event.device === device);
    const numbers = events.map(({ n }) => Number(n));
    const arrived = events.filter(({ kind }) => kind !== KIND.enrolled).map((event) => line(event, people));
    const lost = without(this.#acknowledged, arrived);
    const doubled = without(arrived, this.#acknowledged);
    const counted = { acknowledged: this.#acknowledged.length, lost: lost.length, doubled: doubled.length };
    assert.deepEqual({ lost, doubled }, { lost: [], doubled: [] }, `${JSON.stringify(counted)}`);
    assert.deepEqual(arrived, this.#acknowledged, "in the order in which they were recorded");
    assert.deepEqual(numbers, numbers.map((_, index) => index + 1), "each number once");
    assert.deepEqual((await server.status()).quarantine, []);
    return counted;
  }
}

/** What stands in each row. */
async function pressedRows(page) {
  const rows = await page.locator(".app-register > li").evaluateAll((rows) =>
    rows.map((row) => [row.querySelector("h3").innerText.trim(), row.querySelector('[aria-pressed="true"]')?.innerText.trim() ?? null]),
  );
  const mark = (pressed) => Object.keys(MARKS).find((mark) => MARKS[mark].pressed === pressed);
  return new Map(rows.map(([name, pressed]) => [name, mark(pressed)]));
}

/** An event as it stands in the ledger. */
function line({ kind, subject, body }, people) {
  if (kind === KIND.note) return body.get(1);
  if (kind !== KIND.mark) return `kind ${kind}`;
  return `${people.get(BigInt(subject))}: ${Object.keys(MARKS).find((mark) => MARKS[mark].number === body.get(2))}`;
}

/** What is in one list more often than in the other. */
function without(list, other) {
  const left = [...other];
  return list.filter((entry) => {
    const at = left.indexOf(entry);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
