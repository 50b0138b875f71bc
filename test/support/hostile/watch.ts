// Runs cases in processes of their own, with a bound of memory, and tells of what such a process cannot tell itself:
// that it stands still, or that it ended.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Judged } from "./case.js";

export type Told = Judged & { readonly number: number };

const BATCH = join(import.meta.dirname, "batch.ts");
/** Cases of one process: what they leave in memory is theirs together. */
const OF_A_PROCESS = 250;
/** Of real time: beside others a command takes several times its processor time, which is bounded in the process. */
const PATIENCE_MS = 120_000;
const MEBIBYTES = 768;

/** Every case from `from` to before `to`. */
export async function judgedCases(
  from: number,
  to: number,
  script = BATCH,
  patienceMs = PATIENCE_MS,
): Promise<Told[]> {
  const all: Told[] = [];
  for (let next = from; next < to; ) {
    const part = await judgedIn(script, next, Math.min(to, next + OF_A_PROCESS), patienceMs);
    if (part.length === 0) throw new Error(`no case from ${next} on was begun`);
    all.push(...part);
    next = part.at(-1)!.number + 1;
  }
  return all;
}

/** The last one is that at which the process ended, if it ended early. */
async function judgedIn(script: string, from: number, to: number, patienceMs: number): Promise<Told[]> {
  const words = [`--max-old-space-size=${MEBIBYTES}`, "--import", "tsx", script, `${from}`, `${to}`];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "pipe"] });
  const told: Told[] = [];
  let begun: { readonly number: number; readonly title: string } | undefined;
  let [errors, isStill] = ["", false];
  const stop = () => {
    isStill = true;
    child.kill("SIGKILL");
  };
  let watchdog = setTimeout(stop, PATIENCE_MS);
  child.stderr.on("data", (text: Buffer) => {
    errors = `${errors}${text.toString("utf8")}`.slice(-2000);
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    clearTimeout(watchdog);
    watchdog = setTimeout(stop, patienceMs);
    const one = JSON.parse(line) as Told;
    if (one.problems === undefined) begun = one;
    else told.push(one);
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  clearTimeout(watchdog);
  if (begun !== undefined && begun.number !== told.at(-1)?.number) {
    const why = isStill
      ? `stood still for ${patienceMs / 1000} s`
      : `ended the process with ${code}: ${errors}`;
    told.push({ ...begun, code, problems: [why] });
  }
  return told;
}
