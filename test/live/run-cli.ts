// Runs the command line as a process of its own, as it was built before these tests began (test/support/build.mjs): from
// the sources every start would compile them.
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Finished, Options } from "../support/small-fleet.js";

const CLI = fileURLToPath(new URL("../../dist/node/cli.js", import.meta.url));
/** One command line's words before surgefleet's own. */
export const NODE_WORDS: readonly string[] = [process.execPath, CLI];

export function start(words: readonly string[], { cwd, env = {} }: Options): ChildProcess {
  const [command = "", ...rest] = words;
  // Nothing of the environment that the tests run in may change what a command prints.
  const { PATH = "", HOME = "" } = process.env;
  return spawn(command, rest, { cwd, env: { PATH, HOME, ...env }, stdio: ["ignore", "pipe", "pipe"] });
}

export function finished(child: ChildProcess): Promise<Finished> {
  let [stdout, stderr] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

export function surgefleet(words: readonly string[], options: Options): Promise<Finished> {
  return finished(start([...NODE_WORDS, ...words], options));
}
