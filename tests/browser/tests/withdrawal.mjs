// Somebody withdraws a consent in the field, and what the coordinator does because of it.

import assert from "node:assert/strict";
import { test } from "../lib/runner.mjs";
import { choose, consentLine, openPerson, openRegister, recordConsent, sendNow, unmarked } from "../lib/screens.mjs";
import { seen } from "../lib/wait.mjs";
import { en } from "../lib/words.mjs";

test("withdrawal: what is left to do stands on the coordinator's list until it is done", async (t) => {
  const server = await t.server();
  const { page } = await t.tablet(server);
  await server.stop();
  await openRegister(page);
  const [name] = await unmarked(page);
  await openPerson(page, name);
  await recordConsent(page, "photo_press", { yes: true });
  await consentLine(page, "photo_press").getByRole("link").click();
  await choose(page, en("consent.answer"), en("consent.no"));
  await seen(page.getByText(new RegExp(`${en("withdrawn.follows")}.*${en("withdrawn.by_itself_photos")}`)));
  await page.goBack();
  await recordConsent(page, "photo_press", { yes: false });
  await seen(consentLine(page, "photo_press").getByText(en("consent.withdrawn")));
  await server.start();
  await sendNow(page);

  const computer = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  const office = computer.page;
  await office.goto(`${server.base}/app/coordinator`);
  await office.getByRole("link", { name: new RegExp(`^${en("withdrawn.title")}`) }).click();
  const line = office.getByRole("link", { name: new RegExp(`^${name}: ${en("purpose.photo_press")}`) });
  await seen(line.getByText(new RegExp(en("withdrawn.photos_down").slice(0, 20))));
  await line.click();
  await seen(office.getByText(en("withdrawn.photos_down")));
  await office.getByLabel(en("withdrawn.note"), { exact: true }).fill("Told the Echo.");
  await office.getByRole("button", { name: en("withdrawn.is_done") }).click();
  await seen(line.getByText(new RegExp(en("withdrawn.done"))));
  await sendNow(office);
  const arrived = await server.export();
  const person = arrived.person(name).id;
  const done = arrived.withdrawals_seen_to.filter((one) => one.person === person);
  assert.deepEqual(done.map((one) => one.note), ["Told the Echo."]);
});
