// The report of a programme with many answers, on a coordinator's computer.

import { randomBytes } from "node:crypto";
import { identifier } from "../lib/cbor.mjs";
import { KIND, ProtocolDevice, event } from "../lib/protocol.mjs";
import { sendNow } from "../lib/screens.mjs";
import { eventually, seen } from "../lib/wait.mjs";

const MOMENT = { baseline: 1, end: 5 };
/** What the sample programme asks, and how many items each has. */
const INSTRUMENTS = [["ons4", 4], ["ucla3", 3], ["ons-loneliness", 1], ["service-use", 5]];
const A_DAY = 86_400_000;
const random = () => randomBytes(8).readBigUInt64BE();
const julian = (date) => Math.floor(Date.parse(date) / A_DAY) + 2_440_588;

/** The evaluation's consent as somebody of the sample gave it, to be given by others. */
async function agreement(seeder) {
  const all = await seeder.delivered();
  const given = all.find(({ kind, body }) => kind === KIND.consent && body.get(1) === 3 && body.get(2) === 1);
  if (!given) throw new Error("nobody of the sample agreed to the evaluation");
  return given.body;
}

/** So many people who agreed, came to every session so far, and answered everything twice. Returns how many items they answered. */
async function answerMuch(seeder, { sessions, first, last, answers }) {
  const agreed = await agreement(seeder);
  const each = INSTRUMENTS.reduce((sum, [, items]) => sum + items, 0) * 2;
  const { people } = await seeder.populate({ sessions: 1, people: Math.ceil(answers / each) });
  const at = Date.parse(first) - A_DAY;
  const events = [];
  const write = (kind, person, body, room) => events.push(event({ device: seeder.device, n: seeder.n + events.length + 1, at: at + events.length, kind, programme: seeder.programme, room, subject: person, by: seeder.staff, body: new Map(body) }));
  people.forEach((person, index) => {
    write(KIND.consent, person, [...agreed].map(([key, value]) => (key === 0 ? [0, person] : [key, value])));
    for (const session of sessions) write(KIND.mark, person, [[0, identifier(session.id)], [1, person], [2, 1]]);
    for (const [name, day] of [["baseline", first], ["end", last]]) {
      for (const [instrument, items] of INSTRUMENTS) {
        const replies = Array.from({ length: items }, (_, item) => 1 + ((index * 7 + item * 3 + MOMENT[name]) % 3));
        write(KIND.measure, person, [[0, random()], [1, person], [2, MOMENT[name]], [4, instrument], [5, 1], [6, 1], [7, 1], [8, julian(day)], [9, 570], [10, true], [11, replies]], "casework");
      }
    }
  });
  await seeder.push(events);
  return people.length * each;
}

/** Asks for the report of these last days in turn, and times it: runs in the page. */
async function ask([times, days]) {
  const form = document.querySelector("form");
  const status = () => document.querySelector("main [role=status]").innerText;
  const to = document.querySelector("#to");
  const measured = [];
  for (let time = 0; time < times; time += 1) {
    // The page says which days it is about, so that is how one sees that it was drawn anew.
    to.value = days[time % days.length];
    to.dispatchEvent(new Event("input", { bubbles: true }));
    const before = status();
    const drawn = new Promise((resolve) => {
      const look = () => requestAnimationFrame(() => (status() === before ? look() : resolve(performance.now())));
      look();
    });
    const began = performance.now();
    form.requestSubmit();
    const worked = performance.now() - began;
    measured.push({ worked, drawn: (await drawn) - began });
  }
  return measured;
}

export function report({ newServer, newDevice, tell, round, median, answers }) {
  return async (template) => {
    const server = await newServer(template);
    const { sessions, today } = await server.export();
    const past = sessions.filter((session) => session.date < today.date);
    const seeder = await ProtocolDevice.enrol(server.base, await server.code("coordinator"), "Seeder");
    const given = await answerMuch(seeder, { sessions: past, first: past[0].date, last: past.at(-1).date, answers });
    const computer = await (await newDevice()).enrol(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
    const { page } = computer;
    await sendNow(page);
    await page.goto(`${server.base}/app/coordinator/report`);
    await seen(page.locator(".app-finding").first());
    // Everything has come once the report counts everybody.
    const people = () => page.locator(".app-finding td").first().innerText();
    await eventually(async () => {
      await page.evaluate(() => document.querySelector("form").requestSubmit());
      return Number((await people()).replaceAll(",", "")) * 26 >= given;
    }, { within: 120_000, every: 500, what: "everybody in the report" });
    const measured = await page.evaluate(ask, [9, [past.at(-1).date, today.date]]);
    tell(`a report over ${given} answers in the browser: worked out, median of 9`, round(median(measured.map((one) => one.worked))), "ms", "≤ 100");
    tell(`the same, until its page is drawn`, round(median(measured.map((one) => one.drawn))), "ms");
    await computer.close();
    await server.stop();
  };
}
