// What answers where the server should: the sign-in page of a public wifi, and others.

import http from "node:http";

/** Answers every request on a port in its own way, until it is stopped. Counts what it was asked. */
export async function startPortal(port, answer = signIn) {
  const asked = [];
  const server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume().once("end", () => answer(request, response));
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  let stopped;
  return {
    asked,
    stop: () => (stopped ??= new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    })),
  };
}

/** "200, please sign in", as most do. */
export function signIn(_request, response) {
  response.writeHead(200, { "content-type": "text/html" });
  response.end("<!doctype html><title>Wifi</title><h1>Sign in to the wifi</h1>");
}

/** The same after being sent elsewhere. */
export function redirect(request, response) {
  if (request.url === "/login") return signIn(request, response);
  response.writeHead(302, { location: "/login" });
  response.end();
}

/** Our own media type, and nothing in it. */
export function empty(_request, response) {
  response.writeHead(200, { "content-type": "application/vnd.wellfield.sync+cbor" });
  response.end();
}

/** Our own media type around a receipt for another device, which claims to hold a great deal. */
export function stranger(_request, response) {
  response.writeHead(200, { "content-type": "application/vnd.wellfield.sync+cbor" });
  // {0: 99, 1: 1000, 2: 1, 3: h'', 4: 0}
  response.end(Buffer.from("a500186301190 3e8020103400400".replaceAll(" ", ""), "hex"));
}

/** A connection that is cut off before the answer. */
export function cutOff(_request, response) {
  response.destroy();
}
