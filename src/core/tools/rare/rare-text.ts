// The report of a rare-event estimate as text: the rate, the levels on the way to it, and what it took. ASCII only.
import { caveatBlock } from "../../report/text/caveats.js";
import * as format from "../../report/text/format.js";
import { PLAIN } from "../../report/text/style.js";
import type { RareResult } from "./rare-result.js";

/** Splitting that gains less than this is not worth its trouble. */
const WORTHWHILE = 2;
const WIDTH = 110;
const HEAD = ["level", "inside or in queue", "copies", "times a run gets there", "of the level before"];

/** Lines end in LF, the last one too. */
export function rareText(result: RareResult): string {
  const caveats = caveatBlock(result.caveats, { style: PLAIN, width: WIDTH });
  const lines = [headline(result), "", ...(caveats.length === 0 ? [] : [...caveats, ""])];
  if (result.levels.length > 0) lines.push(...levelTable(result), "");
  const { warmup, length } = result.window;
  const trials = `${format.count(result.trials)}, ${format.count(result.trialsWithEvent)} of them with the event`;
  lines.push(
    `window   ${format.span(length)}, after ${format.span(warmup)} of warm-up`,
    `trials   ${trials}; ${format.count(result.trajectories)} trajectories`,
    `events   ${format.short(result.events)}, of them ${format.short(result.pilotEvents)} to place the levels`,
    `plain    ${plainLine(result)}`,
  );
  return `${lines.join("\n")}\n`;
}

function headline({ metric, value, low, high, confidence, method, partial, trials }: RareResult): string {
  const note = partial ? "  (partial: interrupted)" : "";
  if (value === null) return `${metric} is unknown: no attempts in ${format.count(trials)} trials${note}`;
  if (low === null || high === null)
    return `${metric} = ${rareRate(value)}, too few trials with the event for an interval${note}`;
  const basis = method === "zero-events" ? ", no event: rule of three over the trials" : "";
  const sure = `${format.percent(confidence)}${basis}`;
  return `${metric} = ${rareRate(value)} [${rareRate(low)}, ${rareRate(high)}]  ${sure}${note}`;
}

/** Rates below what percentages show well are written with an exponent. */
function rareRate(rate: number): string {
  if (rate === 0) return "0";
  return rate < 1e-4 ? rate.toExponential(2) : format.percent(rate);
}

function levelTable({ levels }: RareResult): string[] {
  const rows = levels.map(({ crowding, factor, reached, given }, level) => [
    String(level + 1),
    format.count(crowding),
    String(factor),
    reached < 1e-3 ? reached.toExponential(2) : format.number(reached),
    format.number(given),
  ]);
  const widths = HEAD.map((_, column) => Math.max(...[HEAD, ...rows].map((row) => row[column]!.length)));
  return [HEAD, ...rows].map((row) => row.map((cell, column) => cell.padStart(widths[column]!)).join("  "));
}

function plainLine({ plain }: RareResult): string {
  if (plain === null) return "unknown, as no trial has seen the event";
  const needed = `about ${format.short(plain.events)} events for the same interval`;
  const gain = format.number(plain.gain, 2);
  if (plain.gain >= WORTHWHILE) return `${needed}: splitting gains ${gain} times (estimate)`;
  return `${needed} (estimate, ${gain} times those of splitting): surgefleet run will do`;
}
