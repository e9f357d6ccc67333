// The real server with the next version of the client in front of it: the page differs by a comment,
// and the service worker names the new page's digest, as a new build would.

import { createHash } from "node:crypto";
import http from "node:http";
import { PATIENCE_MS, eventually } from "./wait.mjs";

const MARK = "the next version";

/** Whether a page was made from the next version's file. */
export function isNextVersion(page) {
  return page.evaluate((mark) => {
    const comments = document.createTreeWalker(document, NodeFilter.SHOW_COMMENT);
    while (comments.nextNode()) if (comments.currentNode.data === mark) return true;
    return false;
  }, MARK);
}

/**
 * Until a page is of the next version. Chromium may leave it waiting until the old worker was idle for half
 * a minute (docs/decisions/0002-service-worker.md), and that is not what a test is impatient with.
 */
export function becomesNextVersion(page, isNext = () => isNextVersion(page)) {
  return eventually(isNext, { what: "the page of the new version", within: PATIENCE_MS + OLD_WORKER_IDLE_MS });
}

const OLD_WORKER_IDLE_MS = 30_000;

/** Answers for the server from a port of its own. `next()` brings out the new version. */
export async function startNewerServer(server, scope = "/app/") {
  let isNewer = false;
  const mark = `<!--${MARK}-->`;
  const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
  const original = Buffer.from(await (await fetch(server.base + scope)).arrayBuffer());
  const changed = Buffer.concat([original, Buffer.from(mark)]);

  const front = http.createServer((request, response) => {
    const headers = { ...request.headers, "accept-encoding": "identity" };
    const onward = http.request({ port: server.port, host: "127.0.0.1", path: request.url, method: request.method, headers }, (reply) => {
      const chunks = [];
      reply.on("data", (chunk) => chunks.push(chunk));
      reply.on("end", () => {
        let body = Buffer.concat(chunks);
        if (isNewer && sha256(body) === sha256(original)) body = changed;
        if (isNewer && request.url === `${scope}sw.js`) {
          body = Buffer.from(body.toString().replace(sha256(original), sha256(changed)).replace(/const VERSION = "[^"]*"/, 'const VERSION = "next"'));
        }
        const { "content-length": _, "transfer-encoding": __, ...kept } = reply.headers;
        response.writeHead(reply.statusCode, { ...kept, "content-length": body.length });
        response.end(body);
      });
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  await new Promise((resolve) => front.listen(0, "127.0.0.1", resolve));
  let stopped;
  return {
    base: `http://127.0.0.1:${front.address().port}`,
    port: front.address().port,
    code: (role) => server.code(role),
    mark,
    next: () => {
      isNewer = true;
    },
    stop: () => (stopped ??= new Promise((resolve) => {
      front.close(resolve);
      front.closeAllConnections();
    })),
  };
}
