// The coordinator's pages, as a coordinator goes to them.

import { seen } from "./wait.mjs";
import { en } from "./words.mjs";

/** The first of the coordinator's pages. */
export async function openOverview(page) {
  await page.getByRole("navigation", { name: en("shell.navigation") }).getByRole("link", { name: en("coordinator.title") }).click();
}

/** A page of the coordinator's, from the list on the first of them. */
export async function openFromOverview(page, key) {
  await openOverview(page);
  await page.getByRole("list").getByRole("link", { name: en(key), exact: true }).click();
  await seen(page.getByRole("heading", { level: 1, name: en(key) }));
}

/** The cells of a table of the report by its caption, row by row. */
export async function reported(page, caption) {
  await openFromOverview(page, "reporting.title");
  const table = page.getByRole("table", { name: en(caption), exact: true });
  await seen(table);
  return table.locator("tbody tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent.trim())));
}
