// A worker: it has its module do one thing with what it is sent, and answers. It answers null where the module
// refuses what it was given, and "not fetched" where the module does not come.
import start, { work } from "./module.js";

const started = start().then(
  () => true,
  () => false,
);

addEventListener("message", async ({ data }) => {
  const came = await started;
  postMessage(came ? (work(...data) ?? null) : "not fetched");
});
