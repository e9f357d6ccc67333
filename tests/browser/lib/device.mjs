// A tablet, a computer or somebody's phone: a Chromium with a profile of its own, which can be killed.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { en } from "./words.mjs";
import { PATIENCE_MS, eventually, seen } from "./wait.mjs";

const run = promisify(execFile);

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Screens that the tests are held at. */
export const SIZES = {
  phone: { width: 360, height: 780 },
  smallPhone: { width: 360, height: 740 },
  tablet: { width: 768, height: 1024 },
};

// What the browser says when there is no signal, which is no fault of the app. A reply with a status
// above 399 is reported too; the app's own tests of bad input bring those about on purpose.
const EXPECTED = [/net::ERR_/, /Failed to load resource/, /the server responded with a status/, /ServiceWorker script/, /Failed to update a ServiceWorker/];

/**
 * Keeps developer tools off the service workers, as on a person's tablet. Playwright attaches itself to each
 * of them, and Chromium does not end an idle worker that is watched: a new version that comes while the old
 * worker starts then waits for five minutes and not for the half minute that an idle worker has
 * (docs/decisions/0002-service-worker.md, rule 8). Playwright has no setting for it, so a filter is added to
 * each of its wishes to be attached to what starts.
 */
async function leaveServiceWorkersAlone(context) {
  const root = context._connection?.toImpl?.(context)?._browser?._session;
  const connection = root?._connection;
  if (typeof connection?._rawSend !== "function") throw new Error("this Playwright keeps its connection elsewhere: lib/device.mjs has to be told where");
  const send = connection._rawSend.bind(connection);
  const toAll = [["service_worker", "browser", "tab"].map((type) => ({ type, exclude: true })), {}].flat();
  connection._rawSend = (session, method, given) => {
    const attaches = method === "Target.setAutoAttach";
    return send(session, method, attaches ? { ...given, filter: toAll } : given);
  };
  const again = { autoAttach: true, waitForDebuggerOnStart: true, flatten: true };
  await root.send("Target.setAutoAttach", again);
  for (const page of context.pages()) {
    await context._connection.toImpl(page).delegate._mainFrameSession._client.send("Target.setAutoAttach", again);
  }
}

/** A device with its profile. It outlives its browser. */
export class Device {
  #context;

  constructor(profile, options = {}) {
    this.profile = profile;
    this.options = options;
    /** The five words that open the tablet, once it was set up, and the code on its sheet. */
    this.words = undefined;
    this.sheet = undefined;
    /** Whether whoever holds the tablet types the words as soon as it asks for them. */
    this.unlocksItself = true;
    /** What the browser complained about, for the end of the test. */
    this.complaints = [];
  }

  /** Starts the browser. */
  async start() {
    const { size = SIZES.tablet, ...more } = this.options;
    this.#context = await chromium.launchPersistentContext(this.profile, {
      executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
      args: ARGUMENTS,
      headless: true,
      viewport: size,
      locale: "en-GB",
      timezoneId: "Etc/UTC",
      reducedMotion: "reduce",
      timeout: 60_000,
      ...more,
    });
    await leaveServiceWorkersAlone(this.#context);
    this.#context.setDefaultTimeout(PATIENCE_MS);
    this.#context.setDefaultNavigationTimeout(PATIENCE_MS);
    this.#context.on("weberror", (error) => this.complaints.push(`uncaught: ${error.error().stack ?? error.error()}`));
    this.#context.on("console", (message) => {
      const text = message.text();
      if (message.type() === "error" && !EXPECTED.some((pattern) => pattern.test(text))) this.complaints.push(text);
    });
    await this.#context.exposeFunction("wordsOfThisTablet", () => (this.unlocksItself ? this.words : undefined));
    await this.#context.addInitScript(typeWords);
    this.page = this.#context.pages()[0] ?? (await this.#context.newPage());
    return this;
  }

  get context() {
    return this.#context;
  }

  get isRunning() {
    return this.#context !== undefined;
  }

  /** Closes the browser as a person does. */
  async close() {
    const context = this.#context;
    this.#context = undefined;
    await context?.close();
  }

  /** Ends every process of this browser at once, as a flat battery or the system's killer does. */
  async kill() {
    const fire = await this.aim();
    await fire();
  }

  /** Finds what a kill has to end beforehand, so that the kill that it returns strikes at once. */
  async aim() {
    const processes = await processesOf(this.profile);
    if (processes.length === 0) throw new Error(`no browser runs with ${this.profile}`);
    return async () => {
      const context = this.#context;
      this.#context = undefined;
      processes.forEach(end);
      const ended = async () => {
        const left = await processesOf(this.profile);
        // Some may have been started since they were looked up.
        left.forEach(end);
        return left.length === 0;
      };
      await eventually(ended, { what: "the end of the browser" });
      await context.close().catch(() => {});
    };
  }

  /** Opens an address and waits for the app's own first screen. */
  async open(address, page = this.page) {
    await page.goto(address, { waitUntil: "commit" });
    await shown(page);
    if (this.words && this.unlocksItself) await opened(page);
    return page;
  }

  /** Sets a device up, and waits until the programme is on it and it can start without signal. */
  async enrol(server, details = {}) {
    const { page } = this;
    await this.askToEnrol(server, details);
    await seen(page.getByRole("heading", { name: en("today.title"), level: 1 }));
    await seen(page.getByText(/^Today · /));
    await this.ready();
    return this;
  }

  /** Opens the app for the first time, goes through what sets it up and sends it. */
  async askToEnrol(server, details = {}) {
    await this.fillInEnrolment(server, details);
    await this.continueEnrolment();
  }

  /** From the first page of setting up to the end of the second, if the first one is right. */
  async continueEnrolment() {
    if (await this.keepSafe()) await this.page.getByRole("button", { name: en("enrol.submit") }).click();
  }

  /** Goes to the second page of setting up and keeps what it shows. Says whether it came. */
  async keepSafe() {
    const { page } = this;
    await page.getByRole("button", { name: en("action.continue") }).click();
    const second = page.getByRole("heading", { level: 1, name: en("lock.keep_safe") });
    await seen(second.or(page.locator(".govuk-error-summary")).first());
    if (!(await second.isVisible())) return false;
    this.words = await page.locator("#drawn-words").innerText();
    // The sheet is printed; the words are not printed with it.
    await page.emulateMedia({ media: "print" });
    await page.locator("#drawn-words").waitFor({ state: "hidden" });
    await page.locator("#printed-sheet").waitFor({ state: "visible" });
    await page.emulateMedia({ media: null });
    this.sheet = await page.locator("#printed-sheet").innerText();
    await page.getByLabel(en("lead.type_words")).fill(this.words);
    return true;
  }

  /** Opens the app for the first time and fills in the form that sets it up. */
  async fillInEnrolment(server, { role = "facilitator", name = "Blue tablet", staff = "Siân", pin = "4821", code } = {}) {
    const { page } = this;
    await this.open(`${server.base}/app/`);
    await page.getByLabel(en("enrol.code"), { exact: true }).fill(code ?? (await server.code(role)));
    await page.getByLabel(en("enrol.device")).fill(name);
    await page.getByLabel(en("enrol.staff"), { exact: true }).fill(staff);
    await page.getByLabel(en("enrol.pin")).fill(pin);
    this.name = name;
    this.pin = pin;
  }

  /** Until the service worker can answer without a server. */
  async ready(page = this.page) {
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      const registration = await navigator.serviceWorker.ready;
      const { active } = registration;
      if (active.state === "activated") return;
      await new Promise((resolve) => active.addEventListener("statechange", () => active.state === "activated" && resolve()));
    });
  }
}

/** In the page: types the words of the tablet wherever it asks for them, as its owner would. */
function typeWords() {
  const asked = new WeakSet();
  const look = async () => {
    const field = document.getElementById("tablet-words");
    if (!field || asked.has(field)) return;
    asked.add(field);
    const words = await globalThis.wordsOfThisTablet();
    if (!words) return;
    field.value = words;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.form.requestSubmit();
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
}

/** Until the words were typed into a tablet whose owner does so. */
export async function opened(page) {
  await shown(page);
  await page.locator("#tablet-words").waitFor({ state: "detached", timeout: PATIENCE_MS });
  await shown(page);
}

/** Until the app shows a screen of its own. */
export async function shown(page) {
  // The file that the app is loaded by has a heading of its own, and the app opens its store before it
  // shows anything.
  for (const waiting of ["#opening", ".app-opening"]) {
    await page.locator("h1:visible").or(page.locator(".app-opening")).first().waitFor({ timeout: PATIENCE_MS });
    await page.locator(waiting).waitFor({ state: "detached", timeout: PATIENCE_MS });
  }
  await page.locator("h1:visible").first().waitFor({ timeout: PATIENCE_MS });
}

function end(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

/** The browser that runs with a profile, with everything that it started. */
async function processesOf(profile) {
  const { stdout } = await run("ps", ["-A", "-ww", "-o", "pid=,ppid=,stat=,args="], { maxBuffer: 1 << 26 });
  const all = stdout
    .split("\n")
    .map((line) => line.match(/^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/))
    .filter((fields) => fields && !fields[3].startsWith("Z"))
    .map(([, pid, parent, , command]) => ({ pid: Number(pid), parent: Number(parent), command }));
  const found = new Set(
    all.filter(({ command }) => command.split(/\s+/).includes(`--user-data-dir=${profile}`)).map(({ pid }) => pid),
  );
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}
