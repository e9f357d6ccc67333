// Keeps one bundle of the client on the device, so that it opens without a network.
//
// This is a template: `cargo xtask` fills in the three constants for each bundle (xtask/src/worker.rs)
// and writes the result to dist/app/sw.js and dist/r/sw.js. The decisions behind it are in
// docs/decisions/0002-service-worker.md.
//
// What the page may rely on:
//   - A new version installs beside the old one and waits. The page sees it as
//     `registration.waiting` (now) or a `statechange` to "installed" (later) and offers it.
//   - The page sends the string "SKIP_WAITING" to `registration.waiting` when the person agrees and
//     everything is saved. This is the only message.
//   - The new version then claims its pages; each page that asked for it reloads once, on
//     `controllerchange`. The first install fires that event too, so a page that did not ask must
//     not reload.
//   - Records are not here. They live in IndexedDB, which no version change touches.
"use strict";

const SCOPE = "/*scope*/";
const VERSION = "/*version*/";
// Every file of the bundle as [path, SHA-256 in hexadecimal]. The scope itself stands for index.html.
const DIGESTS = new Map([/*precache*/]);

const PREFIX = `wellfield-${SCOPE.replaceAll("/", "")}-`;
const CACHE = PREFIX + VERSION;
// The answers differ by encoding only, which the browser has undone before they are stored.
const MATCH = { ignoreVary: true };

async function has_digest(response, digest) {
  const bytes = await response.clone().arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return digest === Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// A file already held with the right digest, by an earlier version or by an install that lost the
// network half-way, is not fetched again. Anything else is fetched past the HTTP cache, and a
// captive portal's page or a file of another version fails its digest.
async function obtain(path, digest) {
  const held = await caches.match(path, MATCH);
  if (held && (await has_digest(held, digest))) return held;
  const fetched = await fetch(path, { cache: "reload", redirect: "error" });
  if (fetched.ok && (await has_digest(fetched, digest))) return fetched;
  throw new Error(`${path} is not the file of version ${VERSION}`);
}

// What a browser that knows routes does by itself, without this worker: the API is the network's, and a
// listed file is the cache's (the network's if it is missing there, as in `answer`). This is more than
// speed. In Chromium a request that wakes the old worker at the moment when a new version takes over
// leaves the new one waiting, and every request unanswered, until the old one was idle for half a minute.
function routes() {
  const file = (path) => ({ condition: { urlPattern: { pathname: path, search: "" } }, source: { cacheName: CACHE } });
  return [{ condition: { urlPattern: "/v1/*" }, source: "network" }, ...Array.from(DIGESTS.keys(), file)];
}

// All or nothing: one rejected file rejects the install, and the browser discards this worker. What
// it had stored is read by nobody but the next attempt.
async function install() {
  const cache = await caches.open(CACHE);
  await Promise.all(
    Array.from(DIGESTS, async ([path, digest]) => cache.put(path, await obtain(path, digest))),
  );
}

// Only now does no page use the earlier version of this scope. The other scope's caches are not ours.
async function activate() {
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function answer(path, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path, MATCH)) ?? fetch(request);
}

self.addEventListener("install", (event) => {
  event.addRoutes?.(routes());
  event.waitUntil(install());
});
self.addEventListener("activate", (event) => event.waitUntil(activate()));

self.addEventListener("message", (event) => {
  if (event.data === "SKIP_WAITING") event.waitUntil(self.skipWaiting());
});

// What is not answered here goes to the network as if there were no worker: the API, other origins,
// other methods and files that are not listed. A failed file is never answered with HTML.
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (DIGESTS.has(pathname)) event.respondWith(answer(pathname, request));
  else if (request.mode === "navigate" && pathname.startsWith(SCOPE)) event.respondWith(answer(SCOPE, request));
});
