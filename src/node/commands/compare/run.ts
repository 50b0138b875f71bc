// `surgefleet compare`: results, scenarios or variants of one against the first of them, measure by measure, with an
// interval around each difference. What is run is run on the same seeds, so that chance does not come in between.
import { compareResults, type Estimate, type RunResult, SurgefleetError } from "../../../core/index.js";
import {
  askedOf,
  baselineRecord,
  LEAST_SEEDS,
  questionOf,
  type RankEnds,
  rankEndsOf,
  regressions,
  type SeedPlan,
  seedsOf,
} from "../../../core/internal.js";
import { ExitCode } from "../../exit-code.js";
import { measuresNamed } from "../../flags/metrics.js";
import { seedOf } from "../../flags/seed.js";
import { reportClientFiles } from "../../package-files.js";
import { watchedStudies } from "../../run/watched.js";
import { inputsOf, type LoadedScenario } from "../../scenario-file.js";
import type { Terminal } from "../../terminal.js";
import { CHOICE_FLAGS, type Choice } from "./choices.js";
import { openPage } from "./page.js";
import { loadSide, type Side, sidesOf, type Variant } from "./sides.js";
import { answersOf, type Named, print } from "./text.js";

export interface CompareFlags {
  readonly allowCode?: boolean | undefined;
  readonly seeds?: number | undefined;
  readonly workers?: number | undefined;
  readonly variant?: readonly Variant[] | undefined;
  readonly policies?: readonly Choice[] | undefined;
  readonly limits?: readonly Choice[] | undefined;
  readonly rules?: readonly Choice[] | undefined;
  readonly pool?: string | undefined;
  readonly html?: string | undefined;
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
  files = reportClientFiles(),
): Promise<ExitCode> {
  const choices = CHOICE_FLAGS.flatMap((flag) => flags[flag] ?? []);
  if (flags.pool !== undefined && choices.length === 0) {
    const message = `--pool goes with ${CHOICE_FLAGS.map((flag) => `--${flag}`).join(", ")}: give one of them`;
    throw new SurgefleetError("USAGE", message);
  }
  const more = {
    variant: flags.variant ?? [],
    choices,
    pool: flags.pool,
    set: flags.set ?? [],
    allowCode: flags.allowCode,
  };
  const sides = sidesOf(targets, more).map((side) => ({ side, loaded: loadedOf(side) }));
  const asks = choices.length > 0 || flags.html !== undefined;
  const writePage =
    flags.html === undefined ? undefined : openPage(flags.html, sides.flatMap(inputsOfSide), files);
  const results = await resultsOf(sides, asks, flags, terminal);
  if (results === undefined) {
    terminal.errors.write("interrupted: half of a comparison says nothing\n");
    return ExitCode.interrupted;
  }
  const first = results[0]!;
  const isNamed = measuresNamed(flags.metric, first.estimates);
  // What is asked for by name is all that is compared, for fewer measures see more.
  const isAnswer = choices.length > 0 && flags.all !== true && flags.metric === undefined;
  const only = isAnswer ? (one: Estimate) => questionOf(one) !== undefined : isNamed;
  // Several comparisons with one first side: none of all their intervals may miss.
  const confidence = 1 - 0.05 / (results.length - 1);
  const { margin, metric } = flags;
  const judged = { margin, confidence, ...(metric === undefined ? {} : { only }) };
  const comparisons = results.slice(1).map((result, index): Named => {
    const name = sides[index + 1]!.side.name;
    const comparison = compareResults(first, result, { only, confidence });
    const { caveats } = result;
    if (flags.failOnRegression !== true) return { name, comparison, caveats };
    return { name, comparison, caveats, gate: regressions(baselineRecord(first), result, judged) };
  });
  assertDecidable(comparisons);
  const before = { name: sides[0]!.side.name, caveats: first.caveats };
  const answered = answersOf(before.name, comparisons, endsOf(sides[0]!, first, flags.pool));
  const compared = { before, comparisons, answered, asks: choices.length > 0 };
  if (writePage !== undefined) {
    writePage(first.scenario, compared);
    terminal.errors.write(`wrote ${flags.html}\n`);
  }
  print(compared, flags, terminal);
  const isWorse = comparisons.some(({ gate }) => gate !== undefined && gate.regressions.length > 0);
  return isWorse ? ExitCode.thresholdFailed : ExitCode.ok;
}

/** A side with its scenario, where it is yet to be run. */
interface OpenSide {
  readonly side: Side;
  readonly loaded: LoadedScenario | undefined;
}

function inputsOfSide({ side, loaded }: OpenSide): readonly string[] {
  if (side.kind === "result") return side.sources;
  return loaded === undefined ? [] : inputsOf(loaded);
}

function loadedOf(side: Side): LoadedScenario | undefined {
  return side.kind === "scenario" ? loadSide(side) : undefined;
}

/** By the ranks of the first side's paths; none of a result, which does not say them. */
function endsOf({ loaded }: OpenSide, { tiers }: RunResult, pool: string | undefined): RankEnds[] {
  if (loaded === undefined) return [];
  const attempts = new Map(tiers.map((row) => [row.tier, row.attempts]));
  const paths = Object.entries(loaded.scenario.paths).filter(
    ([, path]) => pool === undefined || path.pool === pool,
  );
  return rankEndsOf(Object.fromEntries(paths), (path) => attempts.get(path) ?? 0);
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
function refuseIdle(sides: readonly OpenSide[], flags: CompareFlags): void {
  if (sides.some(({ loaded }) => loaded !== undefined)) return;
  const idle = (["set", "seed", "seeds"] as const).find((name) => flags[name] !== undefined);
  if (idle === undefined) return;
  throw new SurgefleetError(
    "USAGE",
    `--${idle} is for scenarios, and these are results that were run already`,
  );
}

/** Undefined where it was interrupted. `asks`: whether they have to answer the questions of ways to run a fleet. */
async function resultsOf(
  sides: readonly OpenSide[],
  asks: boolean,
  flags: CompareFlags,
  terminal: Terminal,
): Promise<RunResult[] | undefined> {
  refuseIdle(sides, flags);
  // One seed for all sides, whatever their files say: that is what makes pairs of them.
  const scenarios = sides.flatMap(({ loaded }) => (loaded === undefined ? [] : [loaded.scenario]));
  const seed = seedOf(flags.seed, terminal.env) ?? scenarios[0]?.seed;
  const workers = scenarios.length === 0 ? 1 : flags.workers;
  const replications = { kind: "fixed", count: flags.seeds ?? DEFAULT_PAIRS } as const;
  return watchedStudies({ workers, quiet: flags.quiet }, terminal, async (runStudy) => {
    const results: RunResult[] = [];
    let seeds: SeedPlan | undefined;
    for (const { side, loaded } of sides) {
      if (loaded === undefined) {
        if (side.kind === "result") results.push(side.result);
        continue;
      }
      const asked = asks ? askedOf(Object.keys(loaded.scenario.paths)) : undefined;
      const study = await runStudy(loaded, { seed, seeds, replications, neverAborts: true, asked });
      if (study === undefined) return undefined;
      // Which of the seeds are run may depend on the demand: they are the first one's.
      seeds ??= seedsOf(study.result);
      results.push(study.result);
    }
    return results;
  });
}
