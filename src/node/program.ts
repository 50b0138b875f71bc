// The command line: what all commands have in common, and how an error ends one. What they are is in commands/.
import { Command, CommanderError } from "@commander-js/extra-typings";
import { SurgefleetError } from "../core/index.js";
import { COMMANDS } from "./commands/commands.js";
import { describeError, describeSystemError } from "./describe-error.js";
import { ExitCode } from "./exit-code.js";
import { packageVersion } from "./package-files.js";
import { safeTerminal, type Terminal } from "./terminal.js";

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
  1    internal error: please report it; or a module of your own failed
  2    wrong usage, or an invalid scenario or trace
  3    a threshold is undecided: in check unless --allow-undecided, in run with --fail-on-undecided;
       in plan: no search decides
  99   a threshold was not met, or had no data
  130  interrupted (Ctrl-C, SIGTERM or SIGHUP): what had run is reported, marked partial
`;

/** Runs one command line, without the leading node and script. Never throws. */
export async function runProgram(words: readonly string[], bare: Terminal): Promise<ExitCode> {
  const terminal = safeTerminal(bare);
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
  for (const command of COMMANDS) command.addTo(program, terminal, finish);
  return program;
}

function explain(error: unknown, terminal: Terminal): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.invalidInput;
  if (error instanceof SurgefleetError) {
    terminal.errors.write(describeError(error));
    return error.code === "CODE_FAILED" ? ExitCode.internalError : ExitCode.invalidInput;
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
