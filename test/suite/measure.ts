// Runs commands and measures the processor time that each and all its children took, as bash's `time` counts it. Knows
// no test and no budget.
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";

export interface Measured {
  /** Exit status; 1 for a command that a signal ended. */
  readonly code: number;
  /** Seconds of processor time, of users and of the system. */
  readonly cpu: number;
  /** Seconds on the clock, only to be told. */
  readonly wall: number;
}

/** The command's own output goes where ours goes, what `time` says through a pipe of its own. */
const TIMED = 'TIMEFORMAT="%R %U %S"; { time "$@" 2>&4; } 4>&2 2>&3';

export async function measured(
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Measured> {
  const child = spawn("bash", ["-c", TIMED, "bash", ...command], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  const [told, [code]] = await Promise.all([text(child.stdio[3] as Readable), once(child, "close")]);
  const [wall = 0, user = 0, system = 0] = told.trim().split("\n").at(-1)!.split(" ").map(Number);
  return { code: (code as number | null) ?? 1, cpu: user + system, wall };
}

const WORK = 20_000_000;
/** What `slowness` takes on the machine whose seconds the budgets are in, with nothing else running. */
const USUAL_MS = 100;

/**
 * How many times slower than usual this machine is right now, per second of processor time: another machine, or another
 * thread on the same core. Budgets are stretched by it.
 */
export function slowness(): number {
  const before = process.cpuUsage().user;
  let state = 1;
  for (let round = 0; round < WORK; round++)
    state = (Math.imul(state ^ (state >>> 13), 0x5bd1e995) + round) | 0;
  // Something has to depend on the work, or it would be left out.
  const took = process.cpuUsage().user - before + (state === 0 ? 1 : 0);
  return Math.max(1, took / 1000 / USUAL_MS);
}
