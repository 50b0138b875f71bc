// `surgefleet compare`: results, scenarios or variants of one against the first of them, measure by measure, with an
// interval around each difference. What is run is run on the same seeds, so that chance does not come in between.
import { compareResults, type RunResult, SurgefleetError } from "../../../core/index.js";
import { baselineRecord, LEAST_SEEDS, regressions, type SeedPlan, seedsOf } from "../../../core/internal.js";
import { ExitCode } from "../../exit-code.js";
import { measuresNamed } from "../../flags/metrics.js";
import { seedOf } from "../../flags/seed.js";
import { watchedStudies } from "../../run/watched.js";
import type { Terminal } from "../../terminal.js";
import { loadSide, type Side, sidesOf, type Variant } from "./sides.js";
import { type Named, print } from "./text.js";

export interface CompareFlags {
  readonly allowCode?: boolean | undefined;
  readonly seeds?: number | undefined;
  readonly workers?: number | undefined;
  readonly variant?: readonly Variant[] | undefined;
  readonly set?: readonly string[] | undefined;
  readonly seed?: string | undefined;
  readonly metric?: readonly string[] | undefined;
  readonly all?: boolean | undefined;
  readonly failOnRegression?: boolean | undefined;
  readonly margin: number;
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
  const sides = sidesOf(targets, flags.variant ?? [], flags.set ?? [], flags);
  const results = await resultsOf(sides, flags, terminal);
  if (results === undefined) {
    terminal.errors.write("interrupted: half of a comparison says nothing\n");
    return ExitCode.interrupted;
  }
  const first = results[0]!;
  const only = measuresNamed(flags.metric, first.estimates);
  // Several comparisons with one first side: none of all their intervals may miss.
  const confidence = 1 - 0.05 / (results.length - 1);
  const { margin, metric } = flags;
  const judged = { margin, confidence, ...(metric === undefined ? {} : { only }) };
  const comparisons = results.slice(1).map((result, index): Named => {
    const name = sides[index + 1]!.name;
    const comparison = compareResults(first, result, { only, confidence });
    const { caveats } = result;
    if (flags.failOnRegression !== true) return { name, comparison, caveats };
    return { name, comparison, caveats, gate: regressions(baselineRecord(first), result, judged) };
  });
  assertDecidable(comparisons);
  print({ name: sides[0]!.name, caveats: first.caveats }, comparisons, flags, terminal);
  const isWorse = comparisons.some(({ gate }) => gate !== undefined && gate.regressions.length > 0);
  return isWorse ? ExitCode.thresholdFailed : ExitCode.ok;
}

/** Throws USAGE where an exit code would say of a comparison what it cannot tell. */
function assertDecidable(comparisons: readonly Named[]): void {
  for (const { name, comparison, gate } of comparisons) {
    if (gate === undefined || gate.compared > 0 || gate.isCopies) continue;
    const most = Math.max(0, ...comparison.changes.map(({ n }) => n));
    const least = gate.unseen?.seeds ?? LEAST_SEEDS;
    const message = `--fail-on-regression needs at least ${least} seeds on both sides, and ${name} has ${most}`;
    throw new SurgefleetError("USAGE", `${message}: so few say too little of chance`);
  }
}

/** Throws USAGE for flags that say how to run, where nothing is to be run. */
function refuseIdle(sides: readonly Side[], flags: CompareFlags): void {
  if (sides.some(({ kind }) => kind === "scenario")) return;
  const idle = (["set", "seed", "seeds"] as const).find((name) => flags[name] !== undefined);
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
  const replications = { kind: "fixed", count: flags.seeds ?? DEFAULT_PAIRS } as const;
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
