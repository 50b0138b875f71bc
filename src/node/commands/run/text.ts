// What `surgefleet run` prints: the report or the summary on stdout, and on stderr what differs between two equal runs.
import { type RunResult, textReport } from "../../../core/index.js";
import { format } from "../../../core/internal.js";
import { summaryJson } from "../../results/summary-files.js";
import { pageFor, type Terminal } from "../../terminal.js";
import { type RunFlags, type RunSettings, repeatCommand } from "./settings.js";
import type { FinishedRun } from "./simulate.js";

export function print(result: RunResult, flags: RunFlags, terminal: Terminal): void {
  const { output } = terminal;
  if (flags.json === true) {
    output.write(summaryJson(result));
    return;
  }
  const report = textReport(result, {
    ...pageFor(flags, terminal),
    ...(output.columns === undefined ? {} : { width: output.columns }),
  });
  output.write(report);
}

/** What differs between two equal runs, and so is said on stderr and never written to a file. */
export function notes(
  path: string | undefined,
  flags: RunFlags,
  settings: RunSettings,
  run: FinishedRun,
  { program = "surgefleet" }: Terminal,
): string[] {
  const { result, wallSeconds, requests } = run;
  const speed = wallSeconds > 0 ? `, ${format.count(requests / wallSeconds)} requests/s` : "";
  const { epochs, steps } = result.work;
  const each = (count: number) => format.number(count / requests);
  const effort = epochs > 0 ? `, ${each(epochs)} epochs (${each(steps)} steps) a request` : "";
  const lines = [
    "",
    `seed     ${result.seed}`,
    `took     ${format.time(wallSeconds)}${speed}${effort}`,
    `results  ${settings.folder ?? "not written (--no-out)"}`,
    `repeat   ${repeatCommand(program, path, flags, settings, result.seed)}`,
  ];
  if (result.thresholds.length === 0) lines.push("no thresholds defined: nothing was judged");
  return lines;
}
