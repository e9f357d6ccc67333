// Waiting for what a person would wait for.

/** How long anything may take. Generous, because tests share the machine; nothing waits it out. */
export const PATIENCE_MS = Number(process.env.PATIENCE_MS ?? 30_000);

// A page that is gone does not come back.
const CLOSED = /page, context or browser has been closed/;

/** Runs `check` until it does not throw and does not return `false`. The last reason is reported. */
export async function eventually(check, { within = PATIENCE_MS, every = 50, what = "the condition" } = {}) {
  const deadline = Date.now() + within;
  let reason;
  for (;;) {
    try {
      const result = await check();
      if (result !== false) return result;
      reason = new Error("it stayed false");
    } catch (error) {
      if (CLOSED.test(error.message)) throw error;
      reason = error;
    }
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${within} ms: ${reason.message}`, { cause: reason });
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}

/** Until a locator is on screen. */
export async function seen(locator) {
  await locator.first().waitFor({ state: "visible", timeout: PATIENCE_MS });
  return locator;
}

/** Until a locator is not on screen. */
export async function gone(locator) {
  await eventually(async () => (await locator.count()) === 0, { what: `the absence of ${locator}` });
}

/** Until a locator's text is as expected, by equality or pattern. */
export async function reads(locator, expected) {
  const matches = (text) => (expected instanceof RegExp ? expected.test(text) : text === expected);
  let text;
  await eventually(
    async () => {
      text = (await locator.innerText({ timeout: 1_000 })).trim().replace(/\s+/g, " ");
      if (!matches(text)) throw new Error(`it reads "${text}"`);
    },
    { what: `"${expected}" in ${locator}` },
  );
  return text;
}

/** Until a locator matches so many elements. */
export async function counts(locator, expected) {
  await eventually(
    async () => {
      const count = await locator.count();
      if (count !== expected) throw new Error(`there are ${count}`);
    },
    { what: `${expected} of ${locator}` },
  );
}
