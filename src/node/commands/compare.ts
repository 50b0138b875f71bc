// `surgefleet compare`: results, scenarios or variants of one against the first of them, measure by measure, with an
// interval around each difference. What is run is run on the same seeds, so that chance does not come in between.
import type { Command } from "commander";
import {
  type Change,
  type Comparison,
  compareResults,
  comparisonText,
  type Estimate,
  LEAST_SEEDS,
  type RunResult,
  SurgefleetError,
} from "../../core/index.js";
import { ExitCode } from "../exit-code.js";
import { kindOf } from "../files/look.js";
import { readText } from "../files/read-text.js";
import { collect, seedOf } from "../flags.js";
import { readResult } from "../results/read-result.js";
import { watchInterrupt } from "../run/interrupt.js";
import { studyProgress } from "../run/progress.js";
import { type ReplicationFlags, replicationSettings } from "../run/replication-flags.js";
import { openReplications } from "../run/replications.js";
import { runStudy } from "../run/study.js";
import { type LoadedScenario, loadScenarioFile } from "../scenario-file.js";
import { pageFor, type Terminal } from "../terminal.js";

/** The flags of `compare`, as commander hands them over. */
export interface CompareFlags extends ReplicationFlags {
  readonly variant?: readonly string[];
  readonly set?: readonly string[];
  readonly seed?: string;
  readonly metric?: readonly string[];
  readonly all?: boolean;
  readonly failOnRegression?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color: boolean;
  readonly ascii?: boolean;
}

const DEFAULT_PAIRS = 10;

/** One side of a comparison: a result, or a scenario that is yet to be run. */
type Side =
  | { readonly name: string; readonly kind: "result"; readonly result: RunResult }
  | {
      readonly name: string;
      readonly kind: "scenario";
      readonly path: string;
      readonly set: readonly string[];
    };

interface Named {
  readonly name: string;
  readonly comparison: Comparison;
}

async function compareCommand(
  targets: readonly string[],
  flags: CompareFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const sides = sidesOf(targets, flags);
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

/** Throws USAGE where there is nothing to compare with. */
function sidesOf(targets: readonly string[], { variant = [], set = [] }: CompareFlags): Side[] {
  const sides = targets.map(
    (path): Side =>
      isScenario(path)
        ? { name: path, kind: "scenario", path, set }
        : { name: path, kind: "result", result: readResult(path) },
  );
  const first = sides[0]!;
  if (variant.length > 0 && first.kind !== "scenario") {
    throw new SurgefleetError("USAGE", `--variant changes a scenario, and ${first.name} is a result`);
  }
  const variants = variant.map((text): Side => {
    const changes = text.split(";").map((one) => one.trim());
    return { name: text, kind: "scenario", path: targets[0]!, set: [...set, ...changes] };
  });
  const all = [...sides, ...variants];
  if (all.length < 2) {
    throw new SurgefleetError("USAGE", "there is nothing to compare with: name a second one, or a --variant");
  }
  return all;
}

/** A JSON file may be either; a scenario has pools, and a result estimates. */
function isScenario(path: string): boolean {
  if (kindOf(path) !== "file") return false;
  if (/\.ya?ml$/i.test(path)) return true;
  if (!/\.json$/i.test(path)) return false;
  try {
    const document: unknown = JSON.parse(readText(path));
    return (
      typeof document === "object" &&
      document !== null &&
      !("estimates" in document) &&
      ("pools" in document || "extends" in document)
    );
  } catch {
    return false;
  }
}

/** Throws as `loadScenarioFile` does, and names the variant that is at fault. */
function loadSide({ name, path, set }: Extract<Side, { readonly kind: "scenario" }>): LoadedScenario {
  try {
    return loadScenarioFile(path, set);
  } catch (error) {
    if (!(error instanceof SurgefleetError) || name === path) throw error;
    throw new SurgefleetError("USAGE", `--variant "${name}": ${error.message}`);
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
  const { plan, workers } = replicationSettings(flags);
  if (plan?.kind === "decided") {
    const why = "each side would stop at its own thresholds";
    throw new SurgefleetError("USAGE", `compare needs a number of replications: with "until" ${why}`);
  }
  refuseIdle(sides, flags);
  // One seed for all sides, whatever their files say: that is what makes pairs of them.
  const scenarios = sides.flatMap((side) =>
    side.kind === "scenario" ? [{ side, loaded: loadSide(side) }] : [],
  );
  const seed = seedOf(flags.seed, terminal.env) ?? scenarios[0]?.loaded.scenario.seed;
  const interrupt = watchInterrupt(() => {});
  const threads = openReplications(scenarios.length === 0 ? 1 : workers, {
    isInterrupted: interrupt.isRequested,
  });
  const display = studyProgress(terminal, flags.quiet === true, Number.POSITIVE_INFINITY);
  const results: RunResult[] = [];
  try {
    for (const side of sides) {
      if (side.kind === "result") {
        results.push(side.result);
        continue;
      }
      const { loaded } = scenarios.find((one) => one.side === side)!;
      const { result, finished } = await runStudy(
        loaded,
        { seed, replications: plan ?? { kind: "fixed", count: DEFAULT_PAIRS }, neverAborts: true },
        { replications: threads, onProgress: display.update, isInterrupted: interrupt.isRequested },
      );
      if (!finished || result === undefined) return undefined;
      results.push(result);
    }
    return results;
  } finally {
    display.stop();
    await threads.close();
    interrupt.release();
  }
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

function print(before: string, comparisons: readonly Named[], flags: CompareFlags, terminal: Terminal): void {
  const { output } = terminal;
  if (flags.json === true) {
    const documents = comparisons.map(({ name, comparison }) => ({ before, after: name, ...comparison }));
    output.write(`${JSON.stringify(documents, null, 2)}\n`);
    return;
  }
  const options = {
    ...pageFor(flags, terminal),
    all: flags.all === true,
    ...(output.columns === undefined ? {} : { width: output.columns }),
  };
  const texts = comparisons.map(({ name, comparison }) =>
    comparisonText(comparison, { ...options, before, after: name }),
  );
  output.write(texts.join("\n"));
}

const COMPARE_HELP = `
The first one is what the others are compared with. Scenarios and variants run on the same seeds, so that demand and
chance are the same on all sides as far as the scenarios allow it; results that share their seeds are compared in pairs
too. Results are what run writes: a folder, a summary.json or a report.html. docs/compare.md

Examples:
  surgefleet compare results/monday results/tuesday
  surgefleet compare fleet.yaml other-fleet.yaml --replications 20
  surgefleet compare fleet.yaml --variant pools.shared.replicas=5 --variant pools.shared.replicas=6
  surgefleet compare fleet.yaml --variant "pools.shared.replicas=6; retryAfter.overloaded=10s"
  surgefleet compare fleet.yaml --variant pools.shared.admission.maxQueue=20 --metric overloaded_rate --all
`;

export function addCompare(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  program
    .command("compare")
    .summary("tell how results, scenarios or variants differ, and whether that is chance")
    .description("Compares results, scenarios, or variants of one, with an interval around every difference.")
    .argument("<what...>", "results or scenario files; the first is what the others are compared with")
    .option("--variant <changes>", "the first scenario with path=value changed, several by ;", collect)
    .option("--replications <n>", `seeds of each scenario (default: ${DEFAULT_PAIRS})`)
    .option("--workers <n>", "threads (default: one for each processor)")
    .option("--seed <text>", "from which seeds are made (default: the first scenario's)")
    .option("--set <path=value>", "change a value of every scenario; may be given again", collect)
    .option("--metric <name>", "only measures that begin so; may be given again", collect)
    .option("--all", "show every measure, not only those that matter or differ")
    .option("--fail-on-regression", "exit with 99 where something is worse for certain")
    .option("--json", "print one JSON document instead of tables")
    .option("--quiet", "no progress")
    .option("--no-color", "no colours")
    .option("--ascii", "only ASCII characters")
    .addHelpText("after", COMPARE_HELP)
    .action(async (targets: string[], flags: CompareFlags) =>
      finish(await compareCommand(targets, flags, terminal)),
    );
}
