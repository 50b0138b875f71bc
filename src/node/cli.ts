#!/usr/bin/env node
// The executable: hands the process to the program and its exit code back.
import { ExitCode } from "./exit-code.js";
import { inlineMore } from "./inlining.js";
import { runProgram } from "./program.js";
import { calledAs } from "./shell.js";

inlineMore();

// A reader that has seen enough, as in `surgefleet run | head`, is no error. The first failed write ends the
// stream, so this is called once and later writes go nowhere.
// What cannot be written for another reason, such as a full disk, is told where it still can be.
let unwritten: ExitCode = ExitCode.ok;
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return;
    unwritten = ExitCode.invalidInput;
    if (process.exitCode !== ExitCode.interrupted) process.exitCode = unwritten;
    if (stream === process.stdout) process.stderr.write(`error: cannot write the report: ${error.message}\n`);
  });
}

// Not process.exit(): that would cut off what a pipe has not taken yet.
const code = await runProgram(process.argv.slice(2), {
  output: process.stdout,
  errors: process.stderr,
  env: process.env,
  program: calledAs(process.argv[1] ?? "surgefleet", process.execArgv),
});
// Where the terminal was closed, nothing can be written to it any more: that is no error of its own.
process.exitCode = unwritten === ExitCode.ok || code === ExitCode.interrupted ? code : unwritten;
