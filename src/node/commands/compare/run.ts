// `surgefleet compare`: results, scenarios or variants of one against the first of them, measure by measure, with an
// interval around each difference. What is run is run on the same seeds, so that chance does not come in between.
import {
  type Change,
  compareResults,
  type Estimate,
  type RunResult,
  SurgefleetError,
} from "../../../core/index.js";
import { LEAST_SEEDS, type SeedPlan, seedsOf } from "../../../core/internal.js";
import { ExitCode } from "../../exit-code.js";
import { seedOf } from "../../flags/seed.js";
import { watchedStudies } from "../../run/watched.js";
import type { Terminal } from "../../terminal.js";
import { loadSide, type Side, sidesOf, type Variant } from "./sides.js";
import { type Named, print } from "./text.js";

export interface CompareFlags {
  readonly replications?: number | undefined;
  readonly workers?: number | undefined;
  readonly variant?: readonly Variant[] | undefined;
  readonly set?: readonly string[] | undefined;
  readonly seed?: string | undefined;
  readonly metric?: readonly string[] | undefined;
  readonly all?: boolean | undefined;
  readonly failOnRegression?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly color: boolean;
  readonly ascii?: boolean | undefined;
}

export const DEFAULT_PAIRS = 10;

export async function compareCommand(
  targets: readonly string[],
  flags: CompareFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const sides = sidesOf(targets, flags.variant ?? [], flags.set ?? []);
  const results = await resultsOf(sides, flags, terminal);
  if (results === undefined) {
    terminal.errors.write("interrupted: half of a comparison says nothing\n");
    return ExitCode.interrupted;
  }
  const only = wanted(flags.metric ?? [], results);
  // Several comparisons with one first side: none of all their intervals may miss.
  const confidence = 1 - 0.05 / (results.length - 1);
  const comparisons = results.slice(1).map((result, index) => ({
    name: sides[index + 1]!.name,
    comparison: compareResults(results[0]!, result, { only, confidence }),
  }));
  if (flags.failOnRegression === true) assertDecidable(comparisons);
  print(sides[0]!.name, comparisons, flags, terminal);
  const isWorse = ({ verdict, n }: Change) => verdict === "worse" && n >= LEAST_SEEDS;
  const worse = comparisons.some(({ comparison }) => comparison.changes.some(isWorse));
  return worse && flags.failOnRegression === true ? ExitCode.thresholdFailed : ExitCode.ok;
}

/** Throws USAGE where an exit code would say of a comparison what it cannot tell. */
function assertDecidable(comparisons: readonly Named[]): void {
  for (const { name, comparison } of comparisons) {
    const most = Math.max(0, ...comparison.changes.map(({ n }) => n));
    if (most >= LEAST_SEEDS) continue;
    const message = `--fail-on-regression needs at least ${LEAST_SEEDS} seeds on both sides, and ${name} has ${most}`;
    throw new SurgefleetError("USAGE", `${message}: so few say too little of chance`);
  }
}

/** Throws USAGE for flags that say how to run, where nothing is to be run. */
function refuseIdle(sides: readonly Side[], flags: CompareFlags): void {
  if (sides.some(({ kind }) => kind === "scenario")) return;
  const idle = (["set", "seed", "replications"] as const).find((name) => flags[name] !== undefined);
  if (idle === undefined) return;
  throw new SurgefleetError(
    "USAGE",
    `--${idle} is for scenarios, and these are results that were run already`,
  );
}

/** Undefined where it was interrupted. */
async function resultsOf(
  sides: readonly Side[],
  flags: CompareFlags,
  terminal: Terminal,
): Promise<RunResult[] | undefined> {
  refuseIdle(sides, flags);
  // One seed for all sides, whatever their files say: that is what makes pairs of them.
  const scenarios = sides.flatMap((side) =>
    side.kind === "scenario" ? [{ side, loaded: loadSide(side) }] : [],
  );
  const seed = seedOf(flags.seed, terminal.env) ?? scenarios[0]?.loaded.scenario.seed;
  const workers = scenarios.length === 0 ? 1 : flags.workers;
  const replications = { kind: "fixed", count: flags.replications ?? DEFAULT_PAIRS } as const;
  return watchedStudies({ workers, quiet: flags.quiet }, terminal, async (runStudy) => {
    const results: RunResult[] = [];
    let seeds: SeedPlan | undefined;
    for (const side of sides) {
      if (side.kind === "result") {
        results.push(side.result);
        continue;
      }
      const { loaded } = scenarios.find((one) => one.side === side)!;
      const study = await runStudy(loaded, { seed, seeds, replications, neverAborts: true });
      if (study === undefined) return undefined;
      // Which of the seeds are run may depend on the demand: they are the first one's.
      seeds ??= seedsOf(study.result);
      results.push(study.result);
    }
    return results;
  });
}

/** Measures whose names begin with one of the words given. Throws USAGE for a word that none begins with. */
function wanted(words: readonly string[], results: readonly RunResult[]): (estimate: Estimate) => boolean {
  const names = results[0]!.estimates.map(({ metric }) => metric);
  for (const word of words) {
    if (names.some((name) => name.startsWith(word))) continue;
    const known = [...new Set(names.map((name) => name.split("{")[0]!))].join(", ");
    throw new SurgefleetError("USAGE", `--metric ${word}: no measure begins so; there are ${known}`);
  }
  return ({ metric }) => words.length === 0 || words.some((word) => metric.startsWith(word));
}
