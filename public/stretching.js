// The worker in which passphrases are stretched, once for each that somebody types. It answers null where
// its module refuses what it was given, and fails where its module does not come.
import start, { stretch } from "./stretch.js";

const started = start();
started.catch(reportError);

addEventListener("message", async ({ data: [passphrase, salt, memory, passes] }) => {
  await started;
  postMessage(stretch(passphrase, salt, memory, passes) ?? null);
});
