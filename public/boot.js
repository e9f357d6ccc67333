// Starts the client: loads the module named in this script's own tag, then asks for the service
// worker of the same scope. It is a file, not an inline script, so that the page runs under
// `script-src 'self' 'wasm-unsafe-eval'`. Every word a person can read stays in the HTML.
const { base, module, wasm } = document.querySelector("script[data-module]").dataset;

// The one gate through which text becomes markup or the address of a script, where a browser knows
// gates (`require-trusted-types-for 'script'`). Leptos sends the fixed parts of its views through it;
// nothing that anybody typed has a way there. What could run is refused, and a string never becomes a
// script at all.
const RUNS = /<\/?(?:script|iframe|object|embed|base|meta|link)\b|[\s"'/]on[a-z]+\s*=|javascript:/i;
const WORKERS = ["sw.js", "stretching/worker.js", "sealing/worker.js"];
globalThis.trustedTypes?.createPolicy("default", {
  createHTML(html) {
    if (RUNS.test(html)) throw new TypeError("markup that could run");
    return html;
  },
  createScriptURL(url) {
    const { href } = new URL(url, location);
    if (!WORKERS.some((worker) => href === new URL(base + worker, location).href)) throw new TypeError("not our worker");
    return url;
  },
});

try {
  const { default: start } = await import(module);
  // `start` resolves when the client's `main` has returned, so its first screen is in the page.
  await start({ module_or_path: wasm });
  document.getElementById("opening").remove();
} catch (failure) {
  console.error(failure);
  document.getElementById("opening-wait").hidden = true;
  document.getElementById("opening-failed").hidden = false;
}

// Registered after a failure too: the worker may bring the version that mends it. Without a secure
// origin there is no `serviceWorker`; the client tells people whether it is ready to work offline.
navigator.serviceWorker
  ?.register(`${base}sw.js`, { scope: base, updateViaCache: "none" })
  .catch((failure) => console.error(failure));
