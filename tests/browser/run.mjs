// Runs the browser tests: the client in Chromium against the real server.
//
//   WELLFIELD_BIN  the server's binary (needed)
//   FAULT_PROXY    the binary of the proxy that lets things go wrong (needed by storm and kills)
//   CHROMIUM       the browser (default /usr/bin/chromium)
//   ONLY           runs the tests whose name contains this
//   JOBS           how many run side by side (default 2)
//   SHOTS          a folder for a picture of every screen
//   SEED           what storm and kills do by chance (default another one each time, printed)
//   KILLS          how often a browser is killed at random (default 3)
//
// Ends with `browser: N passed, N failed`.

import fs from "node:fs";
import { runAll } from "./lib/runner.mjs";

if (!process.env.WELLFIELD_BIN) {
  console.error("WELLFIELD_BIN must name the server's binary; `cargo xtask test --only browser` sets it.");
  process.exit(2);
}
const folder = new URL("./tests/", import.meta.url);
for (const file of fs.readdirSync(folder).sort()) {
  if (file.endsWith(".mjs")) await import(new URL(file, folder));
}
const failed = await runAll({ only: process.env.ONLY, jobs: Number(process.env.JOBS ?? 2) });
process.exit(failed > 0 ? 1 : 0);
