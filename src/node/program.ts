// The command line: which commands and flags there are, and what their help says. What they do is in
// commands/.
import { Command, CommanderError } from "commander";
import { SurgefleetError } from "../core/index.js";
import { DEFAULT_TEMPLATE, type InitFlags, initCommand } from "./commands/init.js";
import { runCommand } from "./commands/run.js";
import { schemaCommand } from "./commands/schema.js";
import { validateCommand } from "./commands/validate.js";
import { describeError } from "./describe-error.js";
import { ExitCode } from "./exit-code.js";
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
  99   a threshold was not met, or had no data
  130  interrupted (Ctrl-C or SIGTERM): what had run is reported, marked partial
`;

const RUN_HELP = `
Examples:
  surgefleet run fleet.yaml --seed 7
  surgefleet run fleet.yaml --set pools.shared.replicas=5 --out results/five
  surgefleet run fleet.yaml --no-out --json | jq .all.overloadedRate

Results:
  DIR/summary.json    everything but the history: counts, rates, distributions, cost, thresholds
  DIR/summary.csv     the same, one row per tier and one for all
  DIR/timeseries.csv  the history, one row per bin and tier or pool
  DIR/requests.csv    one row per attempt, with --requests
  DIR/manifest.json   seed, overrides and hashes of all inputs and outputs
  The same scenario, seed and overrides give the same bytes. The report goes to stdout, the rest to stderr.

Environment (a flag wins over it, it wins over the scenario):
  SURGEFLEET_SEED     as --seed
  SURGEFLEET_OUT      as --out
  NO_COLOR            as --no-color
  SURGEFLEET_DEBUG=1  print the stack of an internal error
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
  addOthers(program, terminal, finish);
  return program;
}

const collect = (value: string, previous: readonly string[] = []) => [...previous, value];
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
    .option("--requests", "also write requests.csv, one row per attempt")
    .option("--json", "print the summary as JSON instead of the report")
    .option("--quiet", "no progress and no notes, only the report")
    .option("--no-color", "no colours")
    .option("--ascii", "only ASCII characters in the report")
    .addHelpText("after", RUN_HELP)
    .action(async (path: string | undefined, flags: RunFlags) =>
      finish(await runCommand(path, flags, terminal)),
    );
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
