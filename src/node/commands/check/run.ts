// `surgefleet check`: runs many scenarios on several seeds each, quietly, and says which thresholds are not met and
// what is worse than the committed results. Made for CI: its exit code is the answer.
import { type RunResult, SurgefleetError } from "../../../core/index.js";
import {
  type BaselineRecord,
  isOnlyRun,
  regressions,
  seedsOf,
  thresholdsOf,
} from "../../../core/internal.js";
import { type CheckedScenario, type CheckReport, orphanText, reportStatus } from "../../ci/checked.js";
import { checkLines, orphanLine } from "../../ci/lines.js";
import { notesOf } from "../../ci/notes.js";
import { type OutputFlags, outputPaths, summaryPath, writeOutputs } from "../../ci/outputs.js";
import { describeError } from "../../describe-error.js";
import { ExitCode } from "../../exit-code.js";
import { kindOf } from "../../files/look.js";
import { assertNotRead, assertWritable } from "../../files/output-path.js";
import { scenarioFiles } from "../../files/scenario-files.js";
import { measuresNamed } from "../../flags/metrics.js";
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
import {
  assertComparable,
  baselinePath,
  committedResult,
  originOf,
  orphansOf,
  seedCount,
  seedsNeeded,
  updateBaselines,
} from "./baselines.js";

export interface CheckFlags extends ReplicationFlags, OutputFlags {
  readonly allowCode?: boolean | undefined;
  readonly set?: readonly string[] | undefined;
  readonly seed?: string | undefined;
  readonly baseline?: string | undefined;
  readonly margin: number;
  readonly metric?: readonly string[] | undefined;
  readonly update?: boolean | undefined;
  readonly allowUndecided?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly color: boolean;
  readonly ascii?: boolean | undefined;
}

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
  const asked = targets.length === 0 ? [DEFAULT_FOLDER] : targets;
  const loaded = loadAll(scenarioFiles(asked), flags, terminal);
  if (loaded === undefined) return ExitCode.invalidInput;
  assertGate(loaded, settings, flags);
  const inputs = loaded.flatMap(inputsOf);
  const { baseline: folder, update = false, allowUndecided = false } = flags;
  const baselines =
    folder === undefined
      ? []
      : loaded.map(({ scenario: { name } }) => ({ flag: "--baseline", path: baselinePath(folder, name) }));
  const taken = [...inputs, ...baselines.map(({ path }) => path)];
  // Those that are updated are written, and those that are compared with are read.
  if (update) assertWritable([...outputPaths(flags), ...baselines], inputs);
  else assertWritable(outputPaths(flags), taken);
  const summary = summaryPath(flags, terminal.env);
  // What it is added to would be gone if a flag named it, too.
  if (summary !== undefined)
    assertNotRead([summary], [...taken, ...outputPaths(flags).map(({ path }) => path)]);
  const { checked, finished } = await runAll(loaded, settings, flags, terminal);
  // Where single files were named, other baselines are not their business.
  const isWhole = folder !== undefined && asked.some((target) => kindOf(target) === "folder");
  const orphans = isWhole ? orphansOf(folder, loaded) : [];
  if (finished && update) {
    terminal.errors.write(updateBaselines(checked, loaded, baselines, inputs));
    terminal.errors.write(orphans.map((path) => `left alone: ${orphanText(path)}\n`).join(""));
  }
  const unchecked = loaded.slice(checked.length).map(({ path, scenario: { name } }) => ({ path, name }));
  const report: CheckReport = { checked, unchecked, orphans: update ? [] : orphans, allowUndecided };
  if (flags.json !== true)
    terminal.output.write(report.orphans.map((one) => orphanLine(one, pageFor(flags, terminal))).join(""));
  writeOutputs(report, flags, terminal, taken);
  if (!finished) {
    terminal.errors.write(`interrupted: ${checked.length} of ${loaded.length} scenarios were checked\n`);
    return ExitCode.interrupted;
  }
  return EXIT_CODES[reportStatus(report)];
}

const EXIT_CODES = {
  pass: ExitCode.ok,
  fail: ExitCode.thresholdFailed,
  undecided: ExitCode.undecided,
} as const;

/** Throws USAGE for flags that ask for what these scenarios cannot give. */
function assertGate(loaded: readonly Loaded[], settings: ReplicationSettings, flags: CheckFlags): void {
  if (flags.baseline !== undefined) assertComparable(loaded, settings);
  if (flags.metric !== undefined && flags.update === true) {
    throw new SurgefleetError("USAGE", "--metric chooses what is compared, and --update compares nothing");
  }
  measuresNamed(
    flags.metric,
    loaded.flatMap(({ baseline }) => baseline?.estimates ?? []),
  );
  for (const one of loaded) assertThresholds(one, settings.plan);
}

/** Every problem of every scenario is told before anything runs; undefined where there is one. */
function loadAll(paths: readonly string[], flags: CheckFlags, terminal: Terminal): Loaded[] | undefined {
  const { baseline: folder, update } = flags;
  const loaded: Loaded[] = [];
  let isValid = true;
  for (const path of paths) {
    try {
      const one = loadCheckedScenario(path, flags.set ?? [], flags);
      const twin = loaded.find(({ scenario }) => scenario.name === one.scenario.name);
      if (twin !== undefined) {
        const message = `${path} and ${twin.path} are both named "${one.scenario.name}": give each a name of its own`;
        throw new SurgefleetError("INVALID_SCENARIO", message);
      }
      const isCompared = folder !== undefined && update !== true;
      loaded.push({ ...one, path, baseline: isCompared ? committedResult(folder, one) : undefined });
    } catch (error) {
      if (!(error instanceof SurgefleetError)) throw error;
      isValid = false;
      terminal.errors.write(describeError(error));
    }
  }
  return isValid ? loaded : undefined;
}

function runAll(
  loaded: readonly Loaded[],
  settings: ReplicationSettings,
  flags: CheckFlags,
  terminal: Terminal,
): Promise<{ checked: CheckedScenario[]; finished: boolean }> {
  const { workers } = settings;
  const family = loaded.reduce((sum, { scenario }) => sum + thresholdsOf(scenario).length, 0);
  return watchedStudies({ workers, quiet: flags.quiet }, terminal, async (runStudy) => {
    const checked: CheckedScenario[] = [];
    for (const one of loaded) {
      const done = await checkOne(one, settings, flags, terminal.env, (loaded, study) =>
        runStudy(loaded, { ...study, family }),
      );
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
  const { scenario, path, thresholdPlaces, baseline } = one;
  const started = performance.now();
  const needed = flags.baseline === undefined ? 0 : seedsNeeded(one);
  const own = seedOf(flags.seed, env);
  // What once was the only run there is need not be it today: two seeds show it.
  const pairs = baseline === undefined || isOnlyRun(baseline) ? undefined : seedsOf(baseline);
  const study = await runStudy(one, {
    // The seeds of the baseline make pairs.
    seed: own ?? baseline?.seed,
    seeds: own === undefined && plan === null ? pairs : undefined,
    replications: plan ?? { kind: "fixed", count: seedCount(one, baseline, needed) },
    maxSeconds,
    // A comparison needs all the seeds.
    neverAborts: flags.baseline !== undefined,
  });
  if (study === undefined) return undefined;
  const { result, ended } = study;
  return {
    path,
    name: scenario.name,
    result,
    aborted: ended === "aborted",
    seconds: (performance.now() - started) / 1000,
    places: thresholdPlaces,
    notes: notesOf(result, scenario),
    against: againstBaseline(one, result, flags),
  };
}

/** Undefined where there is none, or nothing of it is asked for. */
function againstBaseline(
  one: Loaded,
  result: RunResult,
  { margin, metric }: CheckFlags,
): CheckedScenario["against"] {
  const { baseline } = one;
  if (baseline === undefined) return undefined;
  const { window, inputs } = originOf(one);
  const options = { margin, window, inputs: inputs ?? undefined };
  if (metric === undefined) return regressions(baseline, result, options);
  const only = ({ metric: name }: { readonly metric: string }) =>
    metric.some((word) => name.startsWith(word));
  return baseline.estimates.some(only) ? regressions(baseline, result, { ...options, only }) : undefined;
}
