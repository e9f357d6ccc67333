// An accident in the field, and what the coordinator makes of it.

import assert from "node:assert/strict";
import { test } from "../lib/runner.mjs";
import { choose, openPerson, openRegister, sendNow, unmarked } from "../lib/screens.mjs";
import { gone, seen } from "../lib/wait.mjs";
import { en } from "../lib/words.mjs";

const heading = (page, name) => page.getByRole("heading", { level: 1, name });
const press = (page, key) => page.getByRole("button", { name: en(key), exact: true }).click();
const write = (page, key, text) => page.getByLabel(en(key), { exact: true }).fill(text);

test("accidents: reported without signal, read by the coordinator alone, and dealt with", async (t) => {
  const server = await t.server();
  const tablet = await t.tablet(server);
  const { page } = tablet;
  await server.stop();
  await openRegister(page);
  const [name] = await unmarked(page);
  await openPerson(page, name);
  await page.locator("main").getByRole("link", { name: en("accident.link") }).click();
  await seen(heading(page, en("accident.title")));
  await press(page, "action.save");
  for (const key of ["event_missing", "place_missing", "what_missing"]) await seen(page.getByRole("link", { name: en(`accident.${key}`) }));
  await choose(page, en("accident.event"), en("accident.hurt"));
  // Whoever's page it was is chosen.
  assert.equal(await page.getByLabel(en("accident.person"), { exact: true }).evaluate((list) => list.selectedOptions[0].text), name);
  await write(page, "accident.time", "11:20");
  await write(page, "accident.place", "Steps of trench 2");
  await write(page, "accident.what", "Slipped on the second step.");
  await choose(page, en("accident.care"), en("accident.care_hospital"));
  await press(page, "action.save");
  await seen(page.getByRole("link", { name: en("accident.injury_missing") }));
  await write(page, "accident.injury", "A twisted ankle");
  await press(page, "action.save");
  await seen(page.getByText(en("accident.saved")));
  // Nothing of it is left on the screen, and there is no way to read it on this tablet.
  await gone(page.getByText("A twisted ankle"));
  await page.goto(`${server.base}/app/coordinator/accidents`);
  await seen(heading(page, en("shell.not_found")));
  await tablet.kill();
  await tablet.start();
  await tablet.open(`${server.base}/app/`);
  await server.start();
  await sendNow(tablet.page);

  const computer = await t.tablet(server, { role: "coordinator", name: "Office computer", staff: "Mari" });
  const office = computer.page;
  await office.goto(`${server.base}/app/coordinator`);
  await office.getByRole("link", { name: new RegExp(`^${en("accident.list_title")}`) }).click();
  const line = office.getByRole("link", { name: /Steps of trench 2/ });
  await seen(line.getByText(new RegExp(en("accident.reportable_short"))));
  await line.click();
  await seen(office.getByText(en("accident.reportable")));
  await seen(office.getByText(new RegExp(`^${name} `)));
  await press(office, "action.save");
  await seen(office.getByRole("link", { name: en("accident.done_missing") }));
  await write(office, "accident.done", "A handrail was put up.");
  await write(office, "accident.reported", "HSE 4711");
  await press(office, "action.save");
  await seen(line.getByText(new RegExp(en("accident.followed"))));
  await sendNow(office);
  const arrived = await server.export();
  const all = arrived.accidents.filter((one) => one.place === "Steps of trench 2");
  assert.deepEqual(
    all.map((one) => [one.person, one.event, one.time, one.injury, one.care, one.done, one.reported]),
    [[arrived.person(name).id, "accident", "11:20", "A twisted ankle", "hospital", "A handrail was put up.", "HSE 4711"]],
  );
});
