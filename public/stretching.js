// The worker in which passphrases are stretched, once for each that somebody types. It answers null where
// its module refuses what it was given, and "not fetched" where its module does not come.
import start, { stretch } from "./stretch.js";

const started = start().then(
  () => true,
  () => false,
);

addEventListener("message", async ({ data: [passphrase, salt, memory, passes] }) => {
  const came = await started;
  postMessage(came ? (stretch(passphrase, salt, memory, passes) ?? null) : "not fetched");
});
