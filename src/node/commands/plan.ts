// `surgefleet plan`: the least fleet, the largest load, the cheapest mix or the best parameter that meets the
// thresholds of a scenario, found by simulation with a stated confidence.
import type { Command } from "commander";
import {
  type Axis,
  type Candidate,
  candidateOverrides,
  makePlan,
  type PlanGoal,
  type PlanResult,
  type Probe,
  planText,
  poolOfReplicas,
  probeOf,
  readAxis,
  readObjective,
  SurgefleetError,
} from "../../core/index.js";
import { ExitCode } from "../exit-code.js";
import { collect, seedOf, wholeNumber } from "../flags.js";
import { watchInterrupt } from "../run/interrupt.js";
import { studyProgress } from "../run/progress.js";
import { openReplications, type Replications } from "../run/replications.js";
import { runStudy } from "../run/study.js";
import { type LoadedScenario, loadScenarioFile } from "../scenario-file.js";
import { pageFor, type Terminal } from "../terminal.js";

/** The flags of `plan`, as commander hands them over. */
interface PlanFlags {
  readonly find?: string;
  /** A word, or with a range behind it. */
  readonly maximise?: string;
  readonly minimise?: string;
  readonly over?: readonly string[];
  readonly gpuCost?: readonly string[];
  readonly best?: string;
  readonly objective?: string;
  readonly confidence: string;
  readonly most: string;
  readonly tolerance?: string;
  readonly demand?: string;
  readonly seed?: string;
  readonly set?: readonly string[];
  readonly workers?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color: boolean;
  readonly ascii?: boolean;
}

const DEFAULT_MOST = "64";
const LOAD_RANGE = "load=0.1..10";
const LOAD_TOLERANCE = 0.02;
const BEST_TOLERANCE = 0.05;
/** Of every candidate, whatever its thresholds say: pairs of equal seeds are what tells two apart. */
const BEST_REPLICATIONS = 16;
const DEMANDS = "0.9,1,1.1";

async function planCommand(path: string, flags: PlanFlags, terminal: Terminal): Promise<ExitCode> {
  const sets = flags.set ?? [];
  const most = wholeNumber("--most", flags.most, 100_000);
  const confidence = shareOf("--confidence", flags.confidence);
  const loaded = loadScenarioFile(path, sets);
  const goal = goalOf(flags, loaded);
  if (goal.kind !== "best" && Object.keys(loaded.scenario.thresholds).length === 0) {
    const message = `${path} has no "thresholds": without one every fleet is good enough`;
    throw new SurgefleetError("INVALID_SCENARIO", message);
  }
  const gpuCost = costsOf(flags, loaded);
  const demands = goal.kind === "least" ? demandsOf(flags.demand ?? DEMANDS) : [];
  if (goal.kind !== "least" && flags.demand !== undefined) {
    throw new SurgefleetError("USAGE", "--demand goes with --find");
  }
  const seed = seedOf(flags.seed, terminal.env) ?? loaded.scenario.seed;
  const interrupt = watchInterrupt(() => {});
  const workers = flags.workers === undefined ? undefined : wholeNumber("--workers", flags.workers, 1024);
  const replications = openReplications(workers, { isInterrupted: interrupt.isRequested });
  try {
    const hooks = { replications, isInterrupted: interrupt.isRequested };
    const settings = { path, sets, seed, most, isPaired: goal.kind === "best", quiet: flags.quiet === true };
    const probe = (candidate: Candidate, at: number) =>
      tryCandidate(candidate, at, loaded, settings, hooks, terminal);
    const plan = await makePlan(goal, {
      scenario: loaded.scenario,
      seed,
      probe,
      confidence,
      demands,
      gpuCost,
    });
    print(plan, flags, terminal);
    if (plan.partial) {
      terminal.errors.write(`interrupted after ${plan.work.probes} probes\n`);
      return ExitCode.interrupted;
    }
    return plan.answer === null ? ExitCode.thresholdFailed : ExitCode.ok;
  } finally {
    await replications.close();
    interrupt.release();
  }
}

interface ProbeSettings {
  readonly path: string;
  readonly sets: readonly string[];
  readonly seed: string;
  readonly most: number;
  /** Every candidate on the same seeds, and as many of them. */
  readonly isPaired: boolean;
  readonly quiet: boolean;
}

async function tryCandidate(
  { values, demand }: Candidate,
  confidence: number,
  base: LoadedScenario,
  { path, sets, seed, most, isPaired, quiet }: ProbeSettings,
  hooks: { readonly replications: Replications; readonly isInterrupted: () => boolean },
  terminal: Terminal,
): Promise<Probe | undefined> {
  const loaded = loadScenarioFile(path, [...sets, ...candidateOverrides(base.scenario, values, demand)]);
  const display = studyProgress(terminal, quiet, Number.POSITIVE_INFINITY);
  try {
    const { result, finished } = await runStudy(
      isPaired ? loaded : failingFast(loaded),
      {
        seed,
        replications: isPaired
          ? { kind: "fixed", count: Math.min(most, BEST_REPLICATIONS) }
          : { kind: "decided", most },
        confidence,
      },
      { ...hooks, onProgress: display.update },
    );
    return finished && result !== undefined ? probeOf(result) : undefined;
  } finally {
    display.stop();
  }
}

/** One threshold that fails decides against a candidate, whatever the others would have said. */
function failingFast(loaded: LoadedScenario): LoadedScenario {
  const thresholds = Object.fromEntries(
    Object.entries(loaded.scenario.thresholds).map(([metric, all]) => [
      metric,
      all.map((one) => ({ ...one, abortOnFail: true })),
    ]),
  );
  return { ...loaded, scenario: { ...loaded.scenario, thresholds } };
}

/** Throws USAGE unless the flags ask for exactly one thing. */
function goalOf(flags: PlanFlags, loaded: LoadedScenario): PlanGoal {
  const { find, maximise, minimise, best, over = [], objective } = flags;
  const asked = [find, maximise, minimise, best].filter((one) => one !== undefined);
  if (asked.length !== 1) {
    const choices = "--find replicas=8..512, --maximise load, --minimise cost or --best path=from..to";
    throw new SurgefleetError("USAGE", `plan takes exactly one of ${choices}`);
  }
  if (over.length > 0 && minimise === undefined) {
    throw new SurgefleetError("USAGE", "--over goes with --minimise cost");
  }
  if (objective !== undefined && best === undefined) {
    throw new SurgefleetError("USAGE", "--objective goes with --best");
  }
  if (find !== undefined) return { kind: "least", axis: leastAxis(find, flags, loaded) };
  if (maximise !== undefined) return { kind: "load", axis: loadAxis(maximise, flags) };
  if (minimise !== undefined) return { kind: "cheapest", axes: mixAxes(minimise, over, loaded) };
  if (objective === undefined) {
    throw new SurgefleetError(
      "USAGE",
      "--best needs --objective, what is to be best, as in ttft{tier:standard} p(99)",
    );
  }
  const tolerance = toleranceOf(flags, BEST_TOLERANCE);
  const axis = readAxis("--best", best!, { kind: "even", tolerance });
  const { scenario } = loaded;
  const names = [Object.keys(scenario.paths), Object.keys(scenario.traffic)] as const;
  return { kind: "best", axis, objective: readObjective(objective, ...names) };
}

function leastAxis(text: string, flags: PlanFlags, loaded: LoadedScenario): Axis {
  const isFraction = /\d\.\d|%/.test(text);
  const spacing = isFraction
    ? ({ kind: "even", tolerance: toleranceOf(flags, BEST_TOLERANCE) } as const)
    : ({ kind: "whole" } as const);
  const axis = readAxis("--find", text, spacing);
  return { ...axis, path: fullPath("--find", axis.path, loaded) };
}

function loadAxis(text: string, flags: PlanFlags): Axis {
  const tolerance = toleranceOf(flags, LOAD_TOLERANCE);
  const axis = readAxis("--maximise", text === "load" ? LOAD_RANGE : text, { kind: "ratio", tolerance });
  if (axis.path === "load") return axis;
  throw new SurgefleetError("USAGE", `--maximise takes load, or load=0.5..4, not "${text}"`);
}

function mixAxes(text: string, over: readonly string[], loaded: LoadedScenario): [Axis, Axis] {
  if (text !== "cost") throw new SurgefleetError("USAGE", `--minimise takes cost, not "${text}"`);
  const axes = over.map((one) => readAxis("--over", one, { kind: "whole" }));
  const [first, second] = axes.map((axis) => ({ ...axis, path: fullPath("--over", axis.path, loaded) }));
  if (first === undefined || second === undefined || axes.length !== 2 || first.path === second.path) {
    throw new SurgefleetError("USAGE", "--minimise cost needs two --over, each the replicas of another pool");
  }
  const odd = [first, second].find(({ path }) => poolOfReplicas(path) === undefined);
  if (odd === undefined) return [first, second];
  throw new SurgefleetError("USAGE", `--over ${odd.path}: only replicas of pools cost anything`);
}

/** "replicas" alone is that of the only pool. */
function fullPath(flag: string, path: string, { scenario }: LoadedScenario): string {
  const pools = Object.keys(scenario.pools);
  const pool = poolOfReplicas(path);
  if (pool !== undefined && !pools.includes(pool)) {
    throw new SurgefleetError("USAGE", `${flag} ${path}: the pools are ${pools.join(", ")}`);
  }
  if (path !== "replicas") return path;
  if (pools.length === 1) return `pools.${pools[0]}.replicas`;
  const choices = pools.map((name) => `pools.${name}.replicas`).join(" or ");
  throw new SurgefleetError("USAGE", `${flag} replicas: of which pool? Write ${choices}`);
}

function costsOf({ gpuCost = [] }: PlanFlags, { scenario }: LoadedScenario): Record<string, number> {
  return Object.fromEntries(
    gpuCost.map((text) => {
      const [, pool, cost] = /^([^=]+)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
      if (pool !== undefined && scenario.pools[pool] !== undefined && Number(cost) > 0)
        return [pool, Number(cost)];
      throw new SurgefleetError(
        "USAGE",
        `--gpu-cost ${text}: write pool=cost of one of its GPUs, as in fast=2.5`,
      );
    }),
  );
}

function demandsOf(text: string): number[] {
  const factors = text.split(",").map(Number);
  if (factors.every((factor) => factor > 0 && Number.isFinite(factor))) return [...new Set(factors)];
  throw new SurgefleetError("USAGE", `--demand is a list of factors like 0.8,1,1.2, not "${text}"`);
}

function toleranceOf({ tolerance }: PlanFlags, normal: number): number {
  return tolerance === undefined ? normal : shareOf("--tolerance", tolerance);
}

/** Between 0 and 1, as a number or in percent. */
function shareOf(flag: string, text: string): number {
  const [, digits, percent] = /^(\d*\.?\d+)(%?)$/.exec(text) ?? [];
  const value = digits === undefined ? Number.NaN : Number(digits) / (percent === "%" ? 100 : 1);
  if (value > 0 && value < 1) return value;
  throw new SurgefleetError("USAGE", `${flag} is a share between 0 and 100%, as in 2%, not "${text}"`);
}

function print(plan: PlanResult, flags: PlanFlags, terminal: Terminal): void {
  if (flags.json === true) {
    terminal.output.write(`${JSON.stringify(plan, null, 2)}\n`);
    return;
  }
  terminal.output.write(planText(plan, pageFor(flags, terminal)));
}

const PLAN_HELP = `
Values are tried on the same seeds, each until every threshold is decided or --most replications are spent; what is
still undecided then does not count as meeting them. "replicas" is pools.NAME.replicas of the only pool, and the
inventory grows with the pools. docs/planning.md says what the confidence covers.

Examples:
  surgefleet plan fleet.yaml --find replicas=8..512
  surgefleet plan fleet.yaml --find pools.shared.replicas=1..64 --demand 0.8,1,1.5
  surgefleet plan fleet.yaml --maximise load=0.5..4 --tolerance 1%
  surgefleet plan fleet.yaml --minimise cost --over pools.shared.replicas=1..20 --over pools.fast.replicas=1..8
  surgefleet plan fleet.yaml --best pools.shared.admission.reserve.standard=0%..20% \\
    --objective "overloaded_rate{tier:standard,per:attempt}"

Exit codes: 0 found, 99 nothing in the range was shown to meet the thresholds, 2 wrong usage or an invalid scenario,
130 interrupted: what was seen so far is printed, marked partial.
`;

/** Adds the command to the program. */
export function addPlan(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  program
    .command("plan")
    .summary("find the least fleet, or the largest load, that meets the thresholds")
    .description("Finds by simulation what meets every threshold of a scenario, with a stated confidence.")
    .argument("<scenario>", "scenario file with thresholds, YAML or JSON")
    .option("--find <path=range>", "least value that meets them, as in replicas=8..512")
    .option("--maximise <load>", `largest factor on all arrivals, as in load=0.5..4 (alone: ${LOAD_RANGE})`)
    .option("--minimise <cost>", "cheapest mix of the replicas of two pools, each given with --over")
    .option("--over <path=range>", "with --minimise: replicas of a pool; given twice", collect)
    .option("--gpu-cost <pool=cost>", "what a GPU of a pool costs (default: 1); may be given again", collect)
    .option("--best <path=range>", "value with the best --objective among those that meet them")
    .option(
      "--objective <measure>",
      'with --best: a metric, and its aggregation, as in "ttft{tier:fast} p(99)"',
    )
    .option("--confidence <share>", "of the whole search", "95%")
    .option(
      "--most <n>",
      `most replications of a value (with --best: ${BEST_REPLICATIONS} at most)`,
      DEFAULT_MOST,
    )
    .option("--tolerance <share>", "steps of real values: of the value for load (2%), else of the range (5%)")
    .option("--demand <factors>", `with --find: demands to repeat it for (default: ${DEMANDS}; 1: none)`)
    .option("--seed <text>", "from which seeds are made (default: the scenario's)")
    .option("--set <path=value>", "change a value of the scenario; may be given again", collect)
    .option("--workers <n>", "threads (default: one for each processor)")
    .option("--json", "print one JSON document instead of the report")
    .option("--quiet", "no progress")
    .option("--no-color", "no colours")
    .option("--ascii", "only ASCII characters")
    .addHelpText("after", PLAN_HELP)
    .action(async (path: string, flags: PlanFlags) => finish(await planCommand(path, flags, terminal)));
}
