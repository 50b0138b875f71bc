// The command line: which commands and flags there are, and what their help says. What they do is in
// commands/.
import { Command, CommanderError, Option } from "commander";
import { SurgefleetError } from "../core/index.js";
import { type CalibrateFlags, calibrateCommand } from "./commands/calibrate.js";
import { addCheck } from "./commands/check.js";
import { addCompare } from "./commands/compare.js";
import { DEFAULT_TEMPLATE, type InitFlags, initCommand } from "./commands/init.js";
import { addPlan } from "./commands/plan.js";
import { addRare } from "./commands/rare.js";
import { OPEN_CHOICES, type ReportFlags, reportCommand } from "./commands/report.js";
import { runCommand } from "./commands/run.js";
import { schemaCommand } from "./commands/schema.js";
import { DEFAULT_SEEDS, type StabilityFlags, stabilityCommand } from "./commands/stability.js";
import { addTrace } from "./commands/trace.js";
import { validateCommand } from "./commands/validate.js";
import { type ValidateProfileFlags, validateProfileCommand } from "./commands/validate-profile.js";
import { describeError, describeSystemError } from "./describe-error.js";
import { ExitCode } from "./exit-code.js";
import { collect } from "./flags.js";
import { packageVersion } from "./package-files.js";
import type { RunFlags } from "./run/settings.js";
import type { Terminal } from "./terminal.js";

const SUMMARY =
  "Simulates a shared GPU fleet that serves LLM inference: " +
  "who gets a 429 or a 503, how fast tokens come, what it costs.";

const MAIN_HELP = `
Start here:
  surgefleet run                              run the example that ships with surgefleet
  surgefleet init                             write it to ./quickstart.yaml, with comments, to edit
  surgefleet run quickstart.yaml              run your own
  surgefleet help run                         all flags of a command

Exit codes:
  0    done, every threshold met
  1    internal error: please report it
  2    wrong usage, or an invalid scenario or trace
  3    a threshold could not be decided, with --fail-on-inconclusive
  99   a threshold was not met, or had no data
  130  interrupted (Ctrl-C, SIGTERM or SIGHUP): what had run is reported, marked partial
`;

const RUN_HELP = `
Examples:
  surgefleet run fleet.yaml --seed 7
  surgefleet run fleet.yaml --set pools.shared.replicas=5 --out results/five
  surgefleet run fleet.yaml --no-out --json | jq .all.overloadedRate
  surgefleet run fleet.yaml --replications 20
  surgefleet run fleet.yaml --replications until --max-time 10m --fail-on-inconclusive

Results:
  DIR/summary.json    everything but the history: counts, rates, distributions, cost, thresholds
  DIR/summary.csv     the same, one row per tier and one for all
  DIR/timeseries.csv  the history, one row per bin and tier or pool
  DIR/estimates.csv   every measure with its interval; DIR/replications.csv what each seed says of it
  DIR/requests.csv    one row per attempt, with --requests
  DIR/manifest.json   seed, overrides and hashes of all inputs and outputs
  The same scenario, seed and overrides give the same bytes. The report goes to stdout, the rest to stderr.

Environment (a flag wins over it, it wins over the scenario):
  SURGEFLEET_SEED     as --seed
  SURGEFLEET_OUT      as --out
  NO_COLOR            as --no-color
  SURGEFLEET_DEBUG=1  print the stack of an internal error
`;

const CALIBRATE_HELP = `
Steps are CSV with a header, one step a row: n_decode, sum_context, prefill_tokens, gpu_ms or step_ms_p50, and where
they are known prefill_context, prefill_area, rows_T, duration_ms. vLLM's own names are understood too.
docs/calibration.md has all of them.

Examples:
  surgefleet calibrate steps.csv --out profile.json
  surgefleet calibrate bench.csv --run engine.csv --score other.csv --rows "decode=1,2,4,8:256:8 mixed=64:512:64"

A fit is refused, with exit code 2, where the steps do not say enough or its mean error is above --max-error.
`;

const VALIDATE_PROFILE_HELP = `
Requests are CSV with a header, one request a row in any order: arrival_s, prompt_tokens, output_tokens, first_token_s,
finish_s, and where they are known scheduled_s, max_itl_ms. Steps are as in "surgefleet calibrate".

Examples:
  surgefleet validate-profile llama-3.1-8b-h100 --requests run.requests.csv --steps run.steps.csv
  surgefleet validate-profile my.json --requests run.csv --max-sequences 64 --max-batched-tokens 8192 --json
  surgefleet validate-profile my.json --steps bench.csv

docs/validation.md explains every number. With --check, exit code 99 says that a bound was exceeded.
`;

const REPORT_HELP = `
The page is one file that loads nothing: mail it, archive it, open it in ten years. The result is inside.

Examples:
  surgefleet report results/quickstart
  surgefleet report results/quickstart --scenario quickstart.yaml --out quickstart.html --open never
  surgefleet report ci/summary.json --out ci.html

docs/report.md says what is on it.
`;

const STABILITY_HELP = `
The scenario says with "trigger" when a disturbance begins and how long it lasts. A seed is stuck when goodput does not
come back to "share" of what it was before; over all seeds the scenario is

  stable      none stuck, and enough seeds to rule out that half of them would be
  metastable  some stuck, some recovered
  collapsed   all stuck
  unclear     none stuck, but too few seeds that could be judged

Examples:
  surgefleet stability storm.yaml
  surgefleet stability storm.yaml --seeds 100 --set traffic.agents.client=none --json

With --check, exit code 99 says that the scenario is not stable.
`;

/** Runs one command line, without the leading node and script. Never throws. */
export async function runProgram(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = ExitCode.ok;
  const program = createProgram(terminal, (result) => {
    code = result;
  });
  try {
    // Without a word nothing is wrong yet: help is an answer then, not an error.
    await program.parseAsync(words.length === 0 ? ["--help"] : words, { from: "user" });
    return code;
  } catch (error) {
    return explain(error, terminal);
  }
}

function createProgram(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  const program = new Command("surgefleet");
  program
    .description(SUMMARY)
    .version(packageVersion())
    .configureOutput({
      writeOut: (text) => terminal.output.write(text),
      writeErr: (text) => terminal.errors.write(text),
      getOutHelpWidth: () => Math.min(110, terminal.output.columns ?? 110),
      getErrHelpWidth: () => Math.min(110, terminal.errors.columns ?? 110),
    })
    .exitOverride()
    .showHelpAfterError("(add --help for what can be written)")
    .addHelpText("after", MAIN_HELP);
  addRun(program, terminal, finish);
  addStability(program, terminal, finish);
  addCheck(program, terminal, finish);
  addCompare(program, terminal, finish);
  addPlan(program, terminal, finish);
  addRare(program, terminal, finish);
  addCalibrate(program, terminal, finish);
  addValidateProfile(program, terminal, finish);
  addReport(program, terminal, finish);
  addTrace(program, terminal, finish);
  addOthers(program, terminal, finish);
  return program;
}

const SET_FLAG = [
  "--set <path=value>",
  "change a value of the scenario; may be given again",
  collect,
] as const;

function addRun(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  program
    .command("run")
    .summary("run a scenario and report what happened")
    .description(
      "Runs a scenario and reports what happened to each tier. Without a scenario: the quickstart.",
    )
    .argument("[scenario]", "scenario file, YAML or JSON")
    .option(...SET_FLAG)
    .option("--seed <text>", "seed of every stream of chance (default: the scenario's, or 1)")
    .option("--out <dir>", "folder for the results (default: results/<scenario name>)")
    .option("--no-out", "write no files")
    .option(
      "--replications <n>",
      'repeat it on n seeds, or "until" every threshold is decided, and pool them',
    )
    .option("--most <n>", "with until: most replications (default: 100)")
    .option("--max-time <time>", "with until: no new replication after this long, as in 10m")
    .option("--workers <n>", "threads for replications (default: one for each processor)")
    .option("--fail-on-inconclusive", "exit with 3 where a threshold could not be decided")
    .option("--requests", "also write requests.csv, one row per attempt")
    .option("--json", "print the summary as JSON instead of the report")
    .option("--step-by-step", "work through every step of every replica: the same results, slower")
    .option("--quiet", "no progress and no notes, only the report")
    .option("--no-color", "no colours")
    .option("--ascii", "only ASCII characters in the report")
    .addHelpText("after", RUN_HELP)
    .action(async (path: string | undefined, flags: RunFlags) =>
      finish(await runCommand(path, flags, terminal)),
    );
}

function addStability(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  program
    .command("stability")
    .summary("tell over many seeds whether a fleet recovers from a trigger")
    .description("Runs a scenario with a trigger on many seeds: does goodput come back, and when?")
    .argument("<scenario>", "scenario file, YAML or JSON")
    .option("--seeds <n>", `how many seeds, each a run (default: ${DEFAULT_SEEDS})`)
    .option(...SET_FLAG)
    .option("--check", "exit with 99 unless it is stable")
    .option("--json", "print one JSON document instead of the table")
    .option("--no-color", "no colours")
    .option("--ascii", "only ASCII characters in the table")
    .addHelpText("after", STABILITY_HELP)
    .action(async (path: string, flags: StabilityFlags) =>
      finish(await stabilityCommand(path, flags, terminal)),
    );
}

function addCalibrate(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  program
    .command("calibrate")
    .summary("fit a step-time profile to an engine's step log")
    .description("Fits a profile to the timed steps of an engine and tells how far off it is, by regime.")
    .argument("<steps...>", "step logs of one model on one GPU, CSV; each weighs the same")
    .option("--out <file>", "write the profile, JSON")
    .option("--svg <file>", "write a picture of the errors")
    .option("--name <name>", "name of the profile (default: the first log's)")
    .option("--source <text>", "what the profile says about where its numbers come from")
    .option(
      "--run <steps>",
      "log of an engine's run: its CPU part, padding, time by size and after pauses; may be given again",
      collect,
    )
    .option("--score <steps>", "log to tell the error on without fitting it; may be given again", collect)
    .option(
      "--rows <sizes>",
      "sizes that rows are padded to, as in the example (default: what the logs show)",
    )
    .option("--experts <active/count>", "experts that a token is sent to, of how many, as in 8/128")
    .option("--kv-tokens <n>", "tokens that the KV cache holds, for logs that say only its usage")
    .option("--max-error <share>", "largest mean error that is let through (default: 10%)")
    .option("--json", "print profile and errors as JSON instead of the report")
    .option("--no-color", "no colours")
    .option("--ascii", "only ASCII characters in the report")
    .addHelpText("after", CALIBRATE_HELP)
    .action((paths: string[], flags: CalibrateFlags) => finish(calibrateCommand(paths, flags, terminal)));
}

function addValidateProfile(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  program
    .command("validate-profile")
    .summary("hold a step-time profile against a recorded run of an engine")
    .description(
      "Replays a recorded run on one simulated replica and prints both side by side, with the error.",
    )
    .argument("<profile>", "name of a shipped profile, or a profile file, JSON")
    .option("--requests <file>", "the requests that the engine served, CSV: replayed")
    .option("--steps <file>", "the engine's steps, CSV: predicted one by one")
    .option("--max-sequences <n>", "most sequences in its batch (default: the profile's, or 256)")
    .option("--max-batched-tokens <n>", "its token budget of a step (default: the profile's, or 2048)")
    .option("--check", "exit with 99 where a bound of docs/validation.md is exceeded")
    .option("--json", "print one JSON document instead of the report")
    .option("--no-color", "no colours")
    .option("--ascii", "only ASCII characters in the report")
    .addHelpText("after", VALIDATE_PROFILE_HELP)
    .action((profile: string, flags: ValidateProfileFlags) =>
      finish(validateProfileCommand(profile, flags, terminal)),
    );
}

function addReport(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  program
    .command("report")
    .summary("make one HTML page of a result")
    .description("Makes one self-contained HTML page of a result that run has written.")
    .argument("<result>", "result folder, its summary.json, or an earlier report.html")
    .option("--out <file>", "where to write it (default: report.html beside the result)")
    .option("--scenario <file>", "show this scenario on the page; it must be the one that was run")
    .addOption(
      new Option("--open <when>", "open it in a browser; auto: where a terminal is watching")
        .choices(OPEN_CHOICES)
        .default("auto"),
    )
    .addHelpText("after", REPORT_HELP)
    .action((path: string, flags: ReportFlags) => finish(reportCommand(path, flags, terminal)));
}

function addOthers(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  program
    .command("validate")
    .summary("check scenarios and their traces without running them")
    .description("Checks scenarios, and reads their trace files to the end. Prints every problem found.")
    .argument("<scenario...>", "scenario files")
    .option(...SET_FLAG)
    .action((paths: string[], { set = [] }: { set?: string[] }) =>
      finish(validateCommand(paths, set, terminal)),
    );
  program
    .command("init")
    .summary("write a scenario to start from")
    .description("Writes a commented scenario to start from. Never overwrites a file unless told to.")
    .argument("[target]", "folder, or a file that ends in .yaml (default: this folder)")
    .option("--template <name>", "which scenario to copy", DEFAULT_TEMPLATE)
    .option("--list", "list the scenarios that can be copied")
    .option("--force", "overwrite the file if it exists")
    .action((target: string | undefined, flags: InitFlags) => finish(initCommand(target, flags, terminal)));
  program
    .command("schema")
    .summary("print the JSON Schema of a scenario file")
    .description("Prints the JSON Schema (draft 7) of a scenario file, for editors and other tools.")
    .action(() => finish(schemaCommand(terminal)));
}

function explain(error: unknown, terminal: Terminal): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.invalidInput;
  if (error instanceof SurgefleetError) {
    terminal.errors.write(describeError(error));
    return ExitCode.invalidInput;
  }
  const fromSystem = error instanceof Error ? describeSystemError(error) : undefined;
  if (fromSystem !== undefined) {
    terminal.errors.write(fromSystem);
    return ExitCode.invalidInput;
  }
  terminal.errors.write(`${internalError(error, terminal.env)}\n`);
  return ExitCode.internalError;
}

/** What a bug of ours looks like: one line, and how to see more. */
function internalError(error: unknown, env: Terminal["env"]): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const message = text.replace(/^AssertionError: /, "");
  if (env["SURGEFLEET_DEBUG"] === "1" && error instanceof Error) return error.stack ?? message;
  const intro = message.startsWith("internal error")
    ? message
    : `internal error, please report it: ${message}`;
  return `${intro}\n(SURGEFLEET_DEBUG=1 prints where it happened)`;
}
