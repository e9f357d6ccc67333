// The real server: its own process, its own records, and a port that stays the same when it comes back.

import { execFile, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { eventually } from "./wait.mjs";

const run = promisify(execFile);
const EXAMPLE = new URL("../../../docs/offer-example.json", import.meta.url);

/** The server's binary. */
export const BINARY = process.env.WELLFIELD_BIN ?? "";

// Below the ports that connections take by themselves, so that a stopped server finds its port free.
const PORTS = { from: 20_000, to: 32_000 };

function anyPort() {
  return PORTS.from + Math.floor(Math.random() * (PORTS.to - PORTS.from));
}

/** What the sample programme is called. */
export const PROGRAMME = "Dig for Wellbeing at Larkenhope Farm";

/** Makes the sample programme once; every test starts from a copy of it. */
export async function makeTemplate(folder) {
  const server = new Server(path.join(folder, "template"));
  const { said } = await server.launch(["demo"]);
  for (const line of ["Staff app: http://localhost:", "Public pages: http://localhost:", "Enrolment code for a tablet: "]) {
    if (!said.includes(line)) throw new Error(`\`wellfield demo\` did not print "${line}"`);
  }
  await server.stop("SIGTERM");
  return server.data;
}

/** Copies records, and the keys that lie beside them. */
function copy(from, to) {
  fs.cpSync(from, to, { recursive: true });
  for (const beside of [".keys", ".keys.head"]) if (fs.existsSync(from + beside)) fs.cpSync(from + beside, to + beside);
}

/** One server with its records. */
export class Server {
  #process;
  #port;

  constructor(data) {
    this.data = data;
  }

  /** A server on a copy of the sample programme, or without one on nothing. */
  static async start(template, data) {
    if (template) copy(template, data);
    const server = new Server(data);
    await server.start();
    return server;
  }

  /** Its address. */
  get base() {
    return `http://127.0.0.1:${this.#port}`;
  }

  get port() {
    return this.#port;
  }

  get pid() {
    return this.#process?.pid;
  }

  /** Starts it, on the port that it had before if it had one. */
  async start() {
    return this.launch(["serve"]);
  }

  async launch(command) {
    for (let attempt = 0; ; attempt += 1) {
      const port = this.#port ?? anyPort();
      const started = await this.#try([...command, "--data", this.data, "--listen", `127.0.0.1:${port}`]);
      if (started.listening) {
        this.#port = port;
        return started;
      }
      if (attempt === 20) throw new Error(`the server does not start: ${started.said}`);
      // Somebody else has the port, perhaps only for a moment.
      if (this.#port) await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  #try(arguments_) {
    const child = spawn(BINARY, arguments_, { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", () => {
        if (this.#process === child) this.#process = undefined;
        resolve({ listening: false, said });
      });
      const hear = (chunk) => {
        said += chunk;
        if (/^listening on /m.test(said)) {
          this.#process = child;
          resolve({ listening: true, said });
        }
      };
      child.stdout.setEncoding("utf8").on("data", hear);
      child.stderr.setEncoding("utf8").on("data", hear);
    });
  }

  /** Stops it, by default as a power cut would. From here on there is no signal. */
  async stop(signal = "SIGKILL") {
    const child = this.#process;
    if (!child) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await ended;
    this.#process = undefined;
  }

  /** Stops it and copies its records, as a backup does; then it goes on. */
  async keep(folder) {
    await this.stop("SIGTERM");
    fs.cpSync(this.data, folder, { recursive: true });
    await this.start();
  }

  /** Puts records back that were copied before. */
  async putBack(folder) {
    await this.stop("SIGTERM");
    fs.rmSync(this.data, { recursive: true });
    fs.cpSync(folder, this.data, { recursive: true });
    await this.start();
  }

  async #ask(...arguments_) {
    const { stdout } = await run(BINARY, [...arguments_, "--data", this.data], { maxBuffer: 1 << 28 });
    return stdout;
  }

  /** A one-time code. */
  async code(role = "facilitator", minutes = 60) {
    const said = await this.#ask("enrol", "--programme", PROGRAMME, "--role", role, "--minutes", String(minutes));
    return said.trim();
  }

  /** Invites somebody to sign in on the server's pages. */
  async invite(role, { name = "Priya Nair, Alder Street Surgery", address = "priya@surgery.example", contact = "01632 960 200" } = {}) {
    const into = role === "link-worker" ? ["--programme", PROGRAMME] : [];
    const said = await this.#ask("account", "invite", "--role", role, "--name", name, "--contact", contact, "--sign-in", address, ...into);
    return said.match(/: ([0-9A-Z-]{14})$/m)[1];
  }

  /** Another programme, with a public page of this name in both languages. */
  async offer(name) {
    const file = (ending, text) => {
      const there = `${this.data}-${ending}`;
      fs.writeFileSync(there, text);
      return there;
    };
    const people = file("people.csv", "name\nGwen Hedd\n");
    const sessions = file("sessions.csv", "date,starts,ends,place\n2026-05-11,10:00,12:00,The river\n");
    await this.#ask("import", people, sessions, "--programme", name, "--organisation", `${name} Trust`);
    const offer = JSON.parse(fs.readFileSync(EXAMPLE, "utf8"));
    for (const text of offer.texts) text.name = name;
    await this.#ask("offer", file("offer.json", JSON.stringify({ ...offer, organisation: `${name} Trust` })), "--programme", name);
  }

  /** Everything that arrived, as the outsider sees it. */
  async export(programme = PROGRAMME) {
    return new Export(JSON.parse(await this.#ask("export", "--programme", programme)));
  }

  /** The report of a programme, as JSON. */
  async report(programme = PROGRAMME) {
    return JSON.parse(await this.#ask("report", "--programme", programme, "--format", "json"));
  }

  async status() {
    return JSON.parse(await this.#ask("status", "--json"));
  }

  /** Erases somebody, as whoever runs the server does. */
  async erase(person) {
    await this.#ask("erase", "--person", person);
  }

  async revoke(device) {
    await this.#ask("revoke", "--device", String(device));
  }

  /** Until the server holds every record that a device made, exactly. */
  async holds(deviceName, records) {
    await eventually(
      async () => {
        const device = (await this.status()).devices.find((device) => device.name === deviceName);
        if (device?.max_n !== records) throw new Error(`it holds ${device?.max_n}`);
      },
      { what: `${records} records of ${deviceName} at the server`, every: 200 },
    );
  }
}

/** An export, with the questions that tests ask of it. */
export class Export {
  constructor(json) {
    Object.assign(this, json);
  }

  /** The session of today. */
  get today() {
    const today = new Date().toISOString().slice(0, 10);
    return this.sessions.find((session) => session.date === today);
  }

  person(name) {
    const found = this.people.filter((person) => person.preferred_name === name);
    if (found.length !== 1) throw new Error(`there are ${found.length} of ${name} in the export`);
    return found[0];
  }

  /** What stands in the register for somebody at a session. */
  mark(name, session = this.today) {
    const person = this.person(name).id;
    const found = this.register.filter((entry) => entry.session === session.id && entry.person === person);
    if (found.length > 1) throw new Error(`${name} is on the register ${found.length} times`);
    return found[0];
  }

  consent(name, purpose) {
    const person = this.person(name).id;
    return this.consent_status.find((entry) => entry.person === person && entry.purpose === purpose)?.status;
  }

  /** The events of a device that stand in the export, whatever they say. */
  eventsOf(device) {
    const events = [];
    const walk = (value) => {
      if (Array.isArray(value)) value.forEach(walk);
      else if (value && typeof value === "object") {
        if (value.device === device && typeof value.event === "string") events.push(value.event);
        Object.values(value).forEach(walk);
      }
    };
    walk(this);
    return events;
  }
}
