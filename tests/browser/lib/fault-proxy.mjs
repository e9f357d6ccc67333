// The proxy that lets things go wrong between browsers and the server (tests/src/fault_proxy/).

import { spawn } from "node:child_process";
import readline from "node:readline";
import { eventually } from "./wait.mjs";

/** Every fault that may strike by chance, and how many in a thousand requests each strikes. */
export const STORM = { delay: 100, cut_before: 100, cut_after: 100, truncate: 100, shorten: 100, duplicate: 100, login: 100 };

/** A proxy in front of a server. It has an address of its own, which stays while the server comes and goes. */
export class FaultProxy {
  #process;
  #address;
  #waiting = [];

  /** Starts it before a server, until the test ends. Nothing goes wrong yet. */
  static async start(t, server, { seed = 1 } = {}) {
    const binary = process.env.FAULT_PROXY;
    if (!binary) throw new Error("FAULT_PROXY must name the proxy's binary; `cargo xtask test --only browser` sets it");
    const proxy = new FaultProxy();
    proxy.server = server;
    proxy.#process = spawn(binary, ["--to", `127.0.0.1:${server.port}`, "--seed", String(seed)], { stdio: ["pipe", "pipe", "inherit"] });
    t.after(() => proxy.stop());
    proxy.#process.once("exit", () => proxy.#waiting.splice(0).forEach(({ reject }) => reject(new Error("the fault proxy ended"))));
    const first = proxy.#answer();
    readline.createInterface({ input: proxy.#process.stdout }).on("line", (line) => proxy.#waiting.shift()?.resolve(line));
    proxy.#address = (await first).replace("listening on ", "");
    return proxy;
  }

  get base() {
    return `http://${this.#address}`;
  }

  /** A one-time code of the server behind it, so that a tablet can be enrolled through the proxy. */
  code(role) {
    return this.server.code(role);
  }

  #answer() {
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  async #order(line) {
    const answer = this.#answer();
    this.#process.stdin.write(`${line}\n`);
    const report = JSON.parse(await answer);
    if (report.error) throw new Error(report.error);
    return report;
  }

  /** From now on these faults strike by chance what is asked under a path, and no others do. */
  rates(under, permille = {}) {
    return this.#order(["rates", under, ...Object.entries(permille).map(([fault, rate]) => `${fault}=${rate}`)].join(" "));
  }

  /** The next request of this kind is struck, or so many of them. */
  next(method, path, fault, times = 1) {
    return this.#order(`next ${method} ${path} ${fault} ${times}`);
  }

  /** Lets go of what is held. */
  release() {
    return this.#order("release");
  }

  /** From now on nothing goes wrong, and nothing is held. */
  clear() {
    return this.#order("clear");
  }

  /** So many requests came in, so many are held, and what struck which of them how often. */
  counts() {
    return this.#order("counts");
  }

  /** Until something is asked that was not asked before `act` began, or there is nobody left to ask. */
  async hears(act, { orElse = () => false } = {}) {
    const before = await this.counts();
    await act();
    await eventually(async () => orElse() || (await this.counts()).requests > before.requests, { what: "a request" });
  }

  /** Until it holds so many requests back. */
  async holds(requests = 1) {
    await eventually(async () => (await this.counts()).held === requests, { what: `${requests} requests that are held` });
  }

  /** How often a fault has struck requests of a kind, as `POST /v1/push`. */
  async struck(fault, asked) {
    return (await this.counts()).struck[fault]?.[asked] ?? 0;
  }

  async stop() {
    const child = this.#process;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    // It ends with its input.
    child.stdin.end();
    await ended;
  }
}
