// The worker in which passphrases are stretched, once for each that somebody types. It says nothing where
// its module does not start or refuses what it was given.
import start, { stretch } from "./stretch.js";

const started = start();

addEventListener("message", async ({ data: [passphrase, salt, memory, passes] }) => {
  await started;
  postMessage(stretch(passphrase, salt, memory, passes) ?? null);
});
