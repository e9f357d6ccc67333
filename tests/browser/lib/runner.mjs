// A small runner: tests say what people do, run side by side, and clean up after themselves.

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Device } from "./device.mjs";
import { Server, makeTemplate } from "./server.mjs";

const tests = [];

/** Declares a test. */
export function test(name, run, { minutes = 4 } = {}) {
  tests.push({ name, run, minutes });
}

/** Where screenshots of failures go. */
const failures = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "../../../target/browser-failures");

/** What a test has at hand. Everything in it ends with the test. */
class Stage {
  #folder;
  #template;
  #devices = [];
  #servers = [];
  #closers = [];
  #allowed = [];

  constructor(folder, template) {
    this.#folder = folder;
    this.#template = template;
  }

  /** A server on a fresh copy of the sample programme, or on nothing. */
  async server({ empty = false } = {}) {
    const server = await Server.start(empty ? undefined : this.#template, path.join(this.#folder, `records-${this.#servers.length}`));
    this.#servers.push(server);
    return server;
  }

  /** A device with a profile of its own, started. */
  async device(options = {}) {
    const device = new Device(path.join(this.#folder, `profile-${this.#devices.length}`), options);
    this.#devices.push(device);
    return device.start();
  }

  /** An enrolled tablet. */
  async tablet(server, { options, ...enrolment } = {}) {
    return (await this.device(options)).enrol(server, enrolment);
  }

  /** A folder that goes with the test. */
  folder(name) {
    const folder = path.join(this.#folder, name);
    fs.mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Something to run at the end. */
  after(close) {
    this.#closers.push(close);
  }

  /** A complaint of the browser that this test brings about on purpose. */
  allow(pattern) {
    this.#allowed.push(pattern);
  }

  /** Each complaint once, without the addresses inside the module. */
  complaints() {
    const all = this.#devices
      .flatMap((device) => device.complaints)
      .filter((complaint) => !this.#allowed.some((pattern) => pattern.test(complaint)))
      .map((complaint) => complaint.split("\n").filter((line) => line.trim() && !/^\s*at |^Stack:|^Error$/.test(line)).join("\n"));
    return [...new Set(all)];
  }

  async photograph(name) {
    fs.mkdirSync(failures, { recursive: true });
    for (const [index, device] of this.#devices.entries()) {
      if (!device.isRunning) continue;
      for (const [tab, page] of device.context.pages().entries()) {
        const file = path.join(failures, `${name.replace(/[^a-z0-9]+/gi, "-").slice(0, 80)}-${index}-${tab}.png`);
        await page.screenshot({ path: file, timeout: 5_000 }).catch(() => {});
      }
    }
  }

  async end() {
    for (const close of this.#closers.reverse()) await close();
    for (const device of this.#devices) {
      if (device.isRunning) await device.kill().catch(() => {});
    }
    for (const server of this.#servers) await server.stop();
    fs.rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** Runs the tests whose name or file contains `only`; returns how many failed. */
export async function runAll({ only, jobs }) {
  const chosen = tests.filter(({ name }) => !only || name.toLowerCase().includes(only.toLowerCase()));
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "wellfield-browser-"));
  const started = Date.now();
  const failed = [];
  try {
    const template = await makeTemplate(folder);
    const waiting = chosen.map((entry, index) => ({ ...entry, folder: path.join(folder, String(index)) }));
    // The longest first, so that none is left to run alone at the end.
    waiting.sort((a, b) => b.minutes - a.minutes);
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        if (!(await runOne(next, template))) failed.push(next.name);
      }
    };
    await Promise.all(Array.from({ length: jobs }, work));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
  for (const name of failed) console.log(`failed: ${name}`);
  console.log(`The browser tests took ${Math.round((Date.now() - started) / 1000)} s.`);
  console.log(`browser: ${chosen.length - failed.length} passed, ${failed.length} failed`);
  return failed.length;
}

async function runOne({ name, run, minutes, folder }, template) {
  const stage = new Stage(folder, template);
  fs.mkdirSync(folder, { recursive: true });
  const started = Date.now();
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${minutes} minutes`)), minutes * 60_000);
  });
  let failure;
  try {
    await Promise.race([run(stage), late]);
    const complaints = stage.complaints();
    if (complaints.length > 0) throw new Error("the browser complained");
  } catch (error) {
    failure = error;
    await stage.photograph(name);
  } finally {
    clearTimeout(timer);
    await stage.end().catch((error) => (failure ??= error));
  }
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${failure ? "FAILED" : "ok    "} ${seconds.padStart(6)} s  ${name}`);
  if (failure) console.log(indent(describe(failure, stage)));
  return !failure;
}

function describe(failure, stage) {
  const complaints = stage.complaints();
  const said = complaints.length > 0 ? `\nThe browser said:\n${complaints.join("\n")}` : "";
  return (failure.stack ?? String(failure)) + said;
}

function indent(text) {
  return text
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n");
}
