// What happened to the fleet, in a few lines of the text report: the whole list is in the result and on the page.
import type { RunResult } from "../../results/shape/result.js";
import type { RunEvent } from "../../results/shape/run-events.js";
import * as format from "./format.js";
import type { Style } from "./style.js";
import { leftAligned, rightAligned, widest } from "./width.js";

const MOST_LINES = 12;
const INDENT = "  ";

/** Nothing where nothing happened. */
export function eventBlock(
  { timeline: events = [], replications }: RunResult,
  { style }: { style: Style },
): string[] {
  if (events.length === 0) return [];
  const rest = events.length - MOST_LINES;
  const shown = rest > 1 ? events.slice(0, MOST_LINES) : events;
  const times = shown.map(timeOf);
  const pools = shown.map(({ pool }) => pool ?? "");
  const [time, pool] = [widest(times), widest(pools)];
  const lines = shown.map(({ text }, index) => {
    const words = [rightAligned(times[index]!, time), leftAligned(pools[index]!, pool), text];
    return `${INDENT}${words.join(INDENT)}`;
  });
  const seed = replications.length > 1 ? `  seed ${replications[0]!.seed}` : "";
  return [
    `${style.bold("EVENTS")}${seed}`,
    ...lines,
    ...(rest > 1 ? [style.dim(`${INDENT}and ${format.count(rest)} more in the result`)] : []),
  ];
}

function timeOf({ at, until }: RunEvent): string {
  return until > at ? `${format.span(at)} to ${format.span(until)}` : format.span(at);
}
