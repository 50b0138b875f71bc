// `surgefleet check`: runs many scenarios on several seeds each, quietly, and says which thresholds are not met and
// what is worse than the committed results. Made for CI: its exit code is the answer.
import { join } from "node:path";
import { SurgefleetError } from "../../../core/index.js";
import {
  type BaselineRecord,
  type BaselineWindow,
  LEAST_SEEDS,
  parseBaseline,
  regressions,
  toSeconds,
} from "../../../core/internal.js";
import { type CheckedScenario, statusOf } from "../../ci/checked.js";
import { checkLines } from "../../ci/lines.js";
import { baselineJson, type OutputFlags, outputPaths, summaryPath, writeOutputs } from "../../ci/outputs.js";
import { describeError } from "../../describe-error.js";
import { ExitCode } from "../../exit-code.js";
import { kindOf } from "../../files/look.js";
import { assertNotRead, assertWritable, type NamedOutput } from "../../files/output-path.js";
import { readText } from "../../files/read-text.js";
import { scenarioFiles } from "../../files/scenario-files.js";
import { readTogether } from "../../files/settled-read.js";
import { writeWhole } from "../../files/write-whole.js";
import {
  type ReplicationFlags,
  type ReplicationSettings,
  replicationSettings,
} from "../../flags/replications.js";
import { seedOf } from "../../flags/seed.js";
import { assertThresholds } from "../../run/study.js";
import { type RunStudy, watchedStudies } from "../../run/watched.js";
import { inputsOf, type LoadedScenario, loadCheckedScenario } from "../../scenario-file.js";
import { pageFor, type Terminal } from "../../terminal.js";

export interface CheckFlags extends ReplicationFlags, OutputFlags {
  readonly set?: readonly string[] | undefined;
  readonly seed?: string | undefined;
  readonly baseline?: string | undefined;
  readonly margin: number;
  readonly update?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly color: boolean;
  readonly ascii?: boolean | undefined;
}

/** Seeds of a scenario where neither a flag nor the scenario says how many. */
export const DEFAULT_REPLICATIONS = 8;
const BASELINE_FILE = "check.json";
const DEFAULT_FOLDER = "scenarios";

interface Loaded extends LoadedScenario {
  readonly path: string;
  /** The committed result; undefined where none is compared with. */
  readonly baseline: BaselineRecord | undefined;
}

export async function checkCommand(
  targets: readonly string[],
  flags: CheckFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const settings = replicationSettings(flags);
  const loaded = loadAll(scenarioFiles(targets.length === 0 ? [DEFAULT_FOLDER] : targets), flags, terminal);
  if (loaded === undefined) return ExitCode.invalidInput;
  assertComparable(loaded, settings, flags);
  for (const one of loaded) assertThresholds(one, settings.plan);
  const inputs = loaded.flatMap(inputsOf);
  const baselines = baselinesOf(loaded, flags);
  const taken = [...inputs, ...baselines.map(({ path }) => path)];
  // Those that are updated are written, and those that are compared with are read.
  if (flags.update === true) assertWritable([...outputPaths(flags), ...baselines], inputs);
  else assertWritable(outputPaths(flags), taken);
  const summary = summaryPath(flags, terminal.env);
  // What it is added to would be gone if a flag named it, too.
  if (summary !== undefined)
    assertNotRead([summary], [...taken, ...outputPaths(flags).map(({ path }) => path)]);
  const { checked, finished } = await runAll(loaded, settings, flags, terminal);
  if (finished && flags.update === true) updateBaselines(checked, loaded, baselines, inputs, terminal);
  const unchecked = loaded.slice(checked.length).map(({ path, scenario: { name } }) => ({ path, name }));
  writeOutputs(checked, unchecked, flags, terminal, taken);
  if (!finished) {
    terminal.errors.write(`interrupted: ${checked.length} of ${loaded.length} scenarios were checked\n`);
    return ExitCode.interrupted;
  }
  return exitCode(checked, flags);
}

/** Throws USAGE where a baseline is to be written or compared with on fewer seeds than a build may depend on. */
function assertComparable(
  loaded: readonly Loaded[],
  { plan }: ReplicationSettings,
  { baseline }: CheckFlags,
): void {
  if (baseline === undefined) return;
  if (plan?.kind === "decided") {
    const why = "until stops when the thresholds are decided, which says nothing of the other measures";
    throw new SurgefleetError("USAGE", `--baseline needs a number of replications: ${why}`);
  }
  for (const { path, scenario } of loaded) {
    const asked = plan === null ? scenarioSeeds(scenario) : plan.count;
    if (asked >= LEAST_SEEDS) continue;
    const message = `${path}: --baseline needs at least ${LEAST_SEEDS} replications, and this is ${asked}`;
    throw new SurgefleetError("USAGE", `${message}: so few say too little of chance`);
  }
}

function scenarioSeeds({ check }: LoadedScenario["scenario"]): number {
  return check.replications ?? DEFAULT_REPLICATIONS;
}

function exitCode(checked: readonly CheckedScenario[], { failOnUndecided }: CheckFlags): ExitCode {
  const statuses = checked.map(statusOf);
  if (statuses.includes("fail")) return ExitCode.thresholdFailed;
  return statuses.includes("undecided") && failOnUndecided === true ? ExitCode.undecided : ExitCode.ok;
}

/** Every problem of every scenario is told before anything runs; undefined where there is one. */
function loadAll(paths: readonly string[], flags: CheckFlags, terminal: Terminal): Loaded[] | undefined {
  const loaded: Loaded[] = [];
  let isValid = true;
  for (const path of paths) {
    try {
      const one = loadCheckedScenario(path, flags.set ?? []);
      const twin = loaded.find(({ scenario }) => scenario.name === one.scenario.name);
      if (twin !== undefined) {
        const message = `${path} and ${twin.path} are both named "${one.scenario.name}": give each a name of its own`;
        throw new SurgefleetError("INVALID_SCENARIO", message);
      }
      loaded.push({ ...one, path, baseline: committedResult(one, flags) });
    } catch (error) {
      if (!(error instanceof SurgefleetError)) throw error;
      isValid = false;
      terminal.errors.write(describeError(error));
    }
  }
  return isValid ? loaded : undefined;
}

function windowOf({ scenario: { duration, warmup, findsWarmup } }: LoadedScenario): BaselineWindow {
  return {
    duration: duration === undefined ? null : toSeconds(duration),
    warmup: findsWarmup ? null : toSeconds(warmup),
  };
}

/** One for each scenario, in their order. */
function baselinesOf(loaded: readonly Loaded[], { baseline }: CheckFlags): NamedOutput[] {
  if (baseline === undefined) return [];
  return loaded.map(({ scenario: { name } }) => ({ flag: "--baseline", path: baselinePath(baseline, name) }));
}

function baselinePath(folder: string, name: string): string {
  return join(folder, name, BASELINE_FILE);
}

/** Throws where the file is not what it should be, and USAGE where there is none and none is to be written. */
function committedResult(
  { scenario }: LoadedScenario,
  { baseline, update }: CheckFlags,
): BaselineRecord | undefined {
  if (baseline === undefined || update === true) return undefined;
  const path = baselinePath(baseline, scenario.name);
  if (kindOf(path) === undefined) {
    throw new SurgefleetError("USAGE", `there is no ${path} to compare with; write it with --update`);
  }
  return parseBaseline(
    readTogether([path], () => readText(path)),
    path,
  );
}

function runAll(
  loaded: readonly Loaded[],
  settings: ReplicationSettings,
  flags: CheckFlags,
  terminal: Terminal,
): Promise<{ checked: CheckedScenario[]; finished: boolean }> {
  const { workers } = settings;
  return watchedStudies({ workers, quiet: flags.quiet }, terminal, async (runStudy) => {
    const checked: CheckedScenario[] = [];
    for (const one of loaded) {
      const done = await checkOne(one, settings, flags, terminal.env, runStudy);
      if (done === undefined) return { checked, finished: false };
      checked.push(done);
      if (flags.json !== true) terminal.output.write(checkLines(done, pageFor(flags, terminal)));
    }
    return { checked, finished: true };
  });
}

/** Undefined where it was interrupted. */
async function checkOne(
  one: Loaded,
  { plan, maxSeconds }: ReplicationSettings,
  flags: CheckFlags,
  env: Terminal["env"],
  runStudy: RunStudy,
): Promise<CheckedScenario | undefined> {
  const { scenario, path, thresholdPlaces } = one;
  const { margin } = flags;
  const started = performance.now();
  const study = await runStudy(one, {
    seed: seedOf(flags.seed, env),
    replications: plan ?? { kind: "fixed", count: scenarioSeeds(scenario) },
    maxSeconds,
    // A comparison needs all the seeds.
    neverAborts: flags.baseline !== undefined,
  });
  if (study === undefined) return undefined;
  const { result, ended } = study;
  const against = one.baseline && regressions(one.baseline, result, { margin, window: windowOf(one) });
  const seconds = (performance.now() - started) / 1000;
  const aborted = ended === "aborted";
  return { path, name: scenario.name, result, aborted, seconds, places: thresholdPlaces, against };
}

function updateBaselines(
  checked: readonly CheckedScenario[],
  loaded: readonly Loaded[],
  baselines: readonly NamedOutput[],
  inputs: readonly string[],
  terminal: Terminal,
): void {
  const files = checked.map(({ result }, index) => ({
    ...baselines[index]!,
    text: `${baselineJson(result, windowOf(loaded[index]!))}\n`,
  }));
  writeWhole(files, inputs);
  terminal.errors.write(`${files.map(({ path }) => `wrote ${path}`).join("\n")}\n`);
}
