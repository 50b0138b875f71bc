// `surgefleet check`: runs many scenarios on several seeds each, quietly, and says which thresholds are not met and
// what is worse than the committed results. Made for CI: its exit code is the answer.
import { join } from "node:path";
import type { Command } from "commander";
import {
  type BaselineRecord,
  type BaselineWindow,
  LEAST_SEEDS,
  parseBaseline,
  regressions,
  SurgefleetError,
  toSeconds,
} from "../../core/index.js";
import { type CheckedScenario, statusOf } from "../ci/checked.js";
import { checkLines } from "../ci/lines.js";
import { baselineJson, type OutputFlags, outputPaths, writeOutputs } from "../ci/outputs.js";
import { describeError } from "../describe-error.js";
import { ExitCode } from "../exit-code.js";
import { kindOf } from "../files/look.js";
import { assertWritable } from "../files/output-path.js";
import { readText } from "../files/read-text.js";
import { scenarioFiles } from "../files/scenario-files.js";
import { writeWhole } from "../files/write-whole.js";
import { collect, seedOf } from "../flags.js";
import { watchInterrupt } from "../run/interrupt.js";
import { studyProgress } from "../run/progress.js";
import {
  type ReplicationFlags,
  type ReplicationSettings,
  replicationSettings,
} from "../run/replication-flags.js";
import { openReplications, type Replications } from "../run/replications.js";
import { assertThresholds, runStudy } from "../run/study.js";
import { type LoadedScenario, loadCheckedScenario } from "../scenario-file.js";
import { pageFor, type Terminal } from "../terminal.js";

/** The flags of `check`, as commander hands them over. */
export interface CheckFlags extends ReplicationFlags, OutputFlags {
  readonly set?: readonly string[];
  readonly seed?: string;
  readonly baseline?: string;
  readonly margin?: string;
  readonly update?: boolean;
  readonly quiet?: boolean;
  readonly color: boolean;
  readonly ascii?: boolean;
}

/** Seeds of a scenario where neither a flag nor the scenario says how many. */
const DEFAULT_REPLICATIONS = 8;
const DEFAULT_MARGIN = "2%";
const BASELINE_FILE = "check.json";
const DEFAULT_FOLDER = "scenarios";

interface Loaded extends LoadedScenario {
  readonly path: string;
  /** The committed result; undefined where none is compared with. */
  readonly baseline: BaselineRecord | undefined;
}

async function checkCommand(
  targets: readonly string[],
  flags: CheckFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const settings = replicationSettings(flags);
  const margin = marginOf(flags);
  const loaded = loadAll(scenarioFiles(targets.length === 0 ? [DEFAULT_FOLDER] : targets), flags, terminal);
  if (loaded === undefined) return ExitCode.invalidInput;
  assertComparable(loaded, settings, flags);
  for (const one of loaded) assertThresholds(one, settings.plan);
  const inputs = loaded.flatMap(({ sources, traces, scenario: { name } }) => [
    ...sources,
    ...traces.map(({ path }) => path),
    ...(flags.baseline === undefined ? [] : [baselinePath(flags.baseline, name)]),
  ]);
  assertWritable(outputPaths(flags), inputs);
  const { checked, finished } = await runAll(loaded, settings, margin, flags, terminal);
  if (finished && flags.update === true) updateBaselines(checked, loaded, flags, terminal);
  const unchecked = loaded.slice(checked.length).map(({ path, scenario: { name } }) => ({ path, name }));
  writeOutputs(checked, unchecked, flags, terminal, inputs);
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

function exitCode(checked: readonly CheckedScenario[], { failOnInconclusive }: CheckFlags): ExitCode {
  const statuses = checked.map(statusOf);
  if (statuses.includes("fail")) return ExitCode.thresholdFailed;
  return statuses.includes("inconclusive") && failOnInconclusive === true
    ? ExitCode.inconclusive
    : ExitCode.ok;
}

/** Throws USAGE for flags that contradict each other. */
function marginOf({ margin, update, baseline }: CheckFlags): number {
  if (update === true && baseline === undefined) {
    throw new SurgefleetError("USAGE", "--update renews what --baseline names: give both");
  }
  if (baseline === undefined && margin !== undefined) {
    throw new SurgefleetError("USAGE", "--margin is of a comparison with --baseline: give both");
  }
  const [, digits] = /^(\d+(?:\.\d+)?)%$/.exec(margin ?? DEFAULT_MARGIN) ?? [];
  if (digits === undefined)
    throw new SurgefleetError("USAGE", `--margin is a percentage like 2%, not "${margin}"`);
  return Number(digits) / 100;
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
        const message = `${path} and ${twin.path} are both named "${one.scenario.name}"`;
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
  return parseBaseline(readText(path), path);
}

async function runAll(
  loaded: readonly Loaded[],
  settings: ReplicationSettings,
  margin: number,
  flags: CheckFlags,
  terminal: Terminal,
): Promise<{ checked: CheckedScenario[]; finished: boolean }> {
  const checked: CheckedScenario[] = [];
  const interrupt = watchInterrupt(() => {});
  const replications = openReplications(settings.workers, { isInterrupted: interrupt.isRequested });
  try {
    for (const one of loaded) {
      const done = await checkOne(one, settings, margin, flags, terminal, {
        replications,
        isInterrupted: interrupt.isRequested,
      });
      if (done === undefined) return { checked, finished: false };
      checked.push(done);
      if (flags.json !== true) terminal.output.write(checkLines(done, pageFor(flags, terminal)));
    }
    return { checked, finished: true };
  } finally {
    await replications.close();
    interrupt.release();
  }
}

/** Undefined where it was interrupted: half a study is no verdict. */
async function checkOne(
  one: Loaded,
  { plan, maxSeconds }: ReplicationSettings,
  margin: number,
  flags: CheckFlags,
  terminal: Terminal,
  hooks: { readonly replications: Replications; readonly isInterrupted: () => boolean },
): Promise<CheckedScenario | undefined> {
  const { scenario, path, thresholdPlaces } = one;
  const count = scenarioSeeds(scenario);
  const display = studyProgress(terminal, flags.quiet === true, Number.POSITIVE_INFINITY);
  const started = performance.now();
  try {
    const { result, ended, finished } = await runStudy(
      one,
      {
        seed: seedOf(flags.seed, terminal.env),
        replications: plan ?? { kind: "fixed", count },
        maxSeconds,
        // A comparison needs all the seeds.
        neverAborts: flags.baseline !== undefined,
      },
      { ...hooks, onProgress: display.update },
    );
    if (!finished || result === undefined) return undefined;
    const against = one.baseline && regressions(one.baseline, result, { margin, window: windowOf(one) });
    const seconds = (performance.now() - started) / 1000;
    const aborted = ended === "aborted";
    return { path, name: scenario.name, result, aborted, seconds, places: thresholdPlaces, against };
  } finally {
    display.stop();
  }
}

function updateBaselines(
  checked: readonly CheckedScenario[],
  loaded: readonly Loaded[],
  flags: CheckFlags,
  terminal: Terminal,
): void {
  const files = checked.map(({ name, result }, index) => ({
    flag: "--baseline",
    path: baselinePath(flags.baseline!, name),
    text: `${baselineJson(result, windowOf(loaded[index]!))}\n`,
  }));
  writeWhole(files, []);
  terminal.errors.write(`${files.map(({ path }) => `wrote ${path}`).join("\n")}\n`);
}

const CHECK_HELP = `
A scenario passes when the interval around every threshold's metric, over its seeds, lies on the right side of the
bound, and fails when it lies on the wrong one. Where the bound is inside the interval the threshold is undecided:
more seeds would tell. With --baseline it also fails when a measure is worse than the committed one by more than the
margin and not by chance: Student's t on pairs of equal seeds, corrected for the number of measures (Holm).
docs/ci.md

Examples:
  surgefleet check                                   all of scenarios/
  surgefleet check fleet.yaml --replications until --most 50
  surgefleet check scenarios --baseline results/baseline --junit check.xml
  surgefleet check scenarios --baseline results/baseline --update

Exit codes: 0 all met, 99 one is not or has no data, or is worse than the baseline, 3 one is undecided with
--fail-on-inconclusive, 2 wrong usage or an invalid scenario, 130 interrupted.
`;

export function addCheck(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  program
    .command("check")
    .summary("judge scenarios by their thresholds and committed results, for CI")
    .description("Runs scenarios on several seeds each, quietly, and judges their thresholds.")
    .argument("[scenario...]", "scenario files, or folders of them (default: scenarios)")
    .option("--replications <n>", `seeds of each, or "until" decided (default: ${DEFAULT_REPLICATIONS})`)
    .option("--most <n>", "with until: most replications (default: 100)")
    .option("--max-time <time>", "with until: no new replication of a scenario after this long, as in 10m")
    .option("--workers <n>", "threads (default: one for each processor)")
    .option("--seed <text>", "from which seeds are made (default: each scenario's)")
    .option("--set <path=value>", "change a value of every scenario; may be given again", collect)
    .option("--baseline <dir>", "compare with the results committed there")
    .option("--margin <percent>", `a change for the worse that is let through (default: ${DEFAULT_MARGIN})`)
    .option("--update", "write the results to --baseline instead of comparing")
    .option("--junit <file>", "write JUnit XML")
    .option("--markdown <file>", "write Markdown")
    .option("--github", "print GitHub annotations (default: where GITHUB_ACTIONS is true)")
    .option("--no-github", "print none")
    .option("--json", "print one JSON document instead of lines")
    .option("--fail-on-inconclusive", "exit with 3 where a threshold could not be decided")
    .option("--quiet", "no progress")
    .option("--no-color", "no colours")
    .option("--ascii", "only ASCII characters")
    .addHelpText("after", CHECK_HELP)
    .action(async (targets: string[], flags: CheckFlags) =>
      finish(await checkCommand(targets, flags, terminal)),
    );
}
