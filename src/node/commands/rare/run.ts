// `surgefleet rare`: estimates a shed rate that is too small for a plain run to see, by splitting.
import type { RareOptions } from "../../../core/index.js";
import { RareEstimation, rareText } from "../../../core/internal.js";
import { openRealm } from "../../code/open-realm.js";
import { ExitCode } from "../../exit-code.js";
import { seedOf } from "../../flags/seed.js";
import { printDocument } from "../../print.js";
import { drive } from "../../run/drive.js";
import { liveLines } from "../../run/progress.js";
import { traceReader } from "../../run/trace-reader.js";
import { watched } from "../../run/watched.js";
import { loadScenarioFile } from "../../scenario-file.js";
import type { Terminal } from "../../terminal.js";
import { headline } from "./text.js";

/** Shares and times are the library's to read, which has the same units as scenarios. */
export interface RareFlags extends Pick<RareOptions, "tier" | "event" | "seed" | "trials"> {
  readonly allowCode?: boolean | undefined;
  readonly until?: string | undefined;
  readonly warmup?: string | undefined;
  readonly window?: string | undefined;
  readonly set?: readonly string[] | undefined;
  readonly json?: boolean | undefined;
}

export async function rareCommand(path: string, flags: RareFlags, terminal: Terminal): Promise<ExitCode> {
  const { set = [], allowCode, json, ...options } = flags;
  const { scenario, traces } = loadScenarioFile(path, set, { allowCode });
  const estimation = new RareEstimation(scenario, {
    ...options,
    seed: seedOf(flags.seed, terminal.env),
    readTrace: traceReader(traces),
    openRealm,
  });
  const display = liveLines<RareEstimation>(terminal, false, (state) => ({ headline: headline(state) }));
  const finished = await watched(display, ({ isInterrupted, update }) =>
    // One trajectory at a time: one that takes long is finished first.
    drive(() => !estimation.advance(), { onSlice: () => update(estimation), isInterrupted }),
  );
  const result = estimation.result({ partial: !finished });
  printDocument({ json }, terminal, { document: () => result, report: () => rareText(result) });
  return finished ? ExitCode.ok : ExitCode.interrupted;
}
