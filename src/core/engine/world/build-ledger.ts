// The book of one run, out of a scenario's words: its tiers, with what they cost and have to meet, and its window.
import type { Cohorts } from "../../results/ledger/cohorts.js";
import { Ledger } from "../../results/ledger/ledger.js";
import type { Scenario } from "../../scenario/schema.js";
import type { MeasuredWindow } from "../measured-window.js";

export function buildLedger(
  scenario: Scenario,
  { from, until }: Pick<MeasuredWindow, "from" | "until">,
  cohorts: Cohorts,
  hasBatches: boolean,
): Ledger {
  const paths = Object.values(scenario.paths);
  const prices = paths.map(({ price }) => price ?? null);
  const objectives = paths.map(({ objective }) => objective);
  // One tier more: calls that no path takes.
  return new Ledger(paths.length + 1, from, until, prices, hasBatches, cohorts, objectives);
}
