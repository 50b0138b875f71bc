// Runs the command line in this process, in a folder and an environment of the test's own: a process for each command
// takes longer to start than most commands take. What only a process shows - signals, pipes, exit codes - is in
// test/live.
import { runProgram } from "../../../../src/node/program.js";
import type { Finished, Options } from "../../../support/small-fleet.js";

let isBusy = false;

/** Threads take longer to start than the seeds of these scenarios take; what comes out is the same. */
function inThisThread(words: readonly string[]): readonly string[] {
  const isAsked = words[0] !== "run" || words.some((word) => word === "--workers" || word === "--seeds");
  return isAsked ? words : [...words, "--workers", "1"];
}

/** One at a time: the folder is that of the whole process. */
export async function surgefleet(words: readonly string[], { cwd, env = {} }: Options): Promise<Finished> {
  let [stdout, stderr] = ["", ""];
  const output = { write: (text: string) => (stdout += text) };
  const errors = { write: (text: string) => (stderr += text) };
  if (isBusy) throw new Error("another command is running in this process");
  isBusy = true;
  const before = process.cwd();
  process.chdir(cwd);
  try {
    const code = await runProgram(inThisThread(words), { output, errors, env });
    return { code, stdout, stderr };
  } finally {
    process.chdir(before);
    isBusy = false;
  }
}
