// `surgefleet rare`: estimates a shed rate that is too small for a plain run to see, by splitting.
import { setImmediate } from "node:timers/promises";
import type { Command } from "commander";
import { format, RareEstimation, type RareOptions, type RareResult, rareText } from "../../core/index.js";
import { ExitCode } from "../exit-code.js";
import { collect, seedOf, wholeNumber } from "../flags.js";
import { watchInterrupt } from "../run/interrupt.js";
import { traceReader } from "../run/trace-reader.js";
import { loadScenarioFile } from "../scenario-file.js";
import { isCi, type Terminal } from "../terminal.js";

/** The flags of `rare`, as commander hands them over. */
interface RareFlags {
  readonly tier: string;
  readonly event?: string;
  readonly set?: readonly string[];
  readonly seed?: string;
  readonly trials?: string;
  readonly until?: string;
  readonly warmup?: string;
  readonly window?: string;
  readonly json?: boolean;
}

/** Short enough that Ctrl-C feels immediate; a trajectory that takes longer is finished first. */
const SLICE_MS = 50;

const RARE_HELP = `
A run of the window is split into copies each time it comes nearer to the event, and every copy counts for its share.
Keep the window short: a copy repeats its run from the start. docs/rare-events.md says how to choose it.

Examples:
  surgefleet rare fleet.yaml --tier priority
  surgefleet rare fleet.yaml --tier priority --warmup 10m --window 10m --until 20% --json

Ctrl-C stops it and prints what the trials say so far, marked partial (exit code 130).
`;

/** Adds the command to the program. */
export function addRare(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  program
    .command("rare")
    .summary("estimate a shed rate that is too small for a plain run")
    .description("Estimates by splitting how rarely a tier is shed, and what a plain run would have taken.")
    .argument("<scenario>", "scenario file, YAML or JSON")
    .requiredOption("--tier <path>", "path whose attempts are counted")
    .option("--event <name>", "how they end: overloaded or timed_out (default: overloaded)")
    .option("--until <share>", "go on until the interval is as narrow as this to either side (default: 10%)")
    .option("--trials <n>", "run so many trials instead")
    .option("--warmup <time>", "time before the measured window (default: the scenario's)")
    .option("--window <time>", "length of the measured window (default: as long as the warm-up)")
    .option("--seed <text>", "seed of every stream of chance (default: the scenario's, or 1)")
    .option("--set <path=value>", "change a value of the scenario; may be given again", collect)
    .option("--json", "print one JSON document instead of the report")
    .addHelpText("after", RARE_HELP)
    .action(async (path: string, flags: RareFlags) => finish(await rareCommand(path, flags, terminal)));
}

const MOST_TRIALS = 100_000_000;

async function rareCommand(path: string, flags: RareFlags, terminal: Terminal): Promise<ExitCode> {
  const { scenario, traces } = loadScenarioFile(path, flags.set ?? []);
  const estimation = new RareEstimation(scenario, {
    ...optionsOf(flags, terminal.env),
    readTrace: traceReader(traces),
  });
  const finished = await drive(estimation, progressOn(terminal));
  print(estimation.result({ partial: !finished }), flags, terminal);
  return finished ? ExitCode.ok : ExitCode.interrupted;
}

function optionsOf(flags: RareFlags, env: Terminal["env"]): RareOptions {
  return {
    tier: flags.tier,
    // Whatever it is, the core says what it can be.
    event: flags.event as RareOptions["event"],
    seed: seedOf(flags.seed, env),
    trials: flags.trials === undefined ? undefined : wholeNumber("--trials", flags.trials, MOST_TRIALS),
    until: flags.until,
    warmup: flags.warmup,
    window: flags.window,
  };
}

/** True when it came to its end, false when it was interrupted. */
async function drive(estimation: RareEstimation, progress: Progress): Promise<boolean> {
  const interrupt = watchInterrupt(() => progress.stop());
  try {
    for (;;) {
      const end = performance.now() + SLICE_MS;
      do {
        if (!estimation.advance()) return true;
      } while (performance.now() < end);
      progress.update(estimation);
      await setImmediate();
      if (interrupt.isRequested()) return false;
    }
  } finally {
    progress.stop();
    interrupt.release();
  }
}

interface Progress {
  readonly update: (estimation: RareEstimation) => void;
  readonly stop: () => void;
}

const CLEAR_LINE = "\r\u001b[K";

/** One line for people, never for a log or a pipe. */
function progressOn({ errors, env }: Terminal): Progress {
  if (errors.isTTY !== true || isCi(env)) return { update: () => {}, stop: () => {} };
  return {
    update: ({ trials, levels, precision }) => {
      const width = precision === null ? "no interval yet" : `within ${format.percent(precision, 2)}`;
      const state = trials === 0 ? `placing level ${levels + 1}` : `${format.count(trials)} trials, ${width}`;
      errors.write(CLEAR_LINE + state);
    },
    stop: () => errors.write(CLEAR_LINE),
  };
}

function print(result: RareResult, { json }: RareFlags, { output }: Terminal): void {
  output.write(json === true ? `${JSON.stringify(result, null, 2)}\n` : rareText(result));
}
