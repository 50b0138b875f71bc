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
  /** All that it printed: stages run side by side, and each is shown in one piece. */
  readonly printed: string;
}

/** The command's own output goes through one pipe, what `time` says through another. */
const TIMED = 'TIMEFORMAT="%R %U %S"; { time "$@" 2>&1; } 2>&3';

/** As bash writes them, in some languages with a comma. */
function seconds(text: string): number {
  const value = Number(text.replace(",", "."));
  if (!Number.isFinite(value)) throw new Error(`no number of seconds: ${text}`);
  return value;
}

export async function measured(
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Measured> {
  const child = spawn("bash", ["-c", TIMED, "bash", ...command], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit", "pipe"],
  });
  const [printed, told, [code]] = await Promise.all([
    text(child.stdout!),
    text(child.stdio[3] as Readable),
    once(child, "close"),
  ]);
  const [wall = 0, user = 0, system = 0] = told.trim().split("\n").at(-1)!.split(" ").map(seconds);
  return { code: (code as number | null) ?? 1, cpu: user + system, wall, printed };
}

const ROUNDS = 5_000_000;
/** More than the caches that a processor has for itself. */
const CELLS = new Int32Array(1 << 21);
/** What `slowness` takes on the machine whose seconds the budgets are in. */
const USUAL_MS = 90;

/**
 * How many times slower than usual this machine is right now, per second of processor time: another machine, or others
 * that take a part of its caches. Budgets are stretched by it.
 */
export function slowness(): number {
  const before = process.cpuUsage().user;
  let cell = 1;
  for (let round = 0; round < ROUNDS; round++) {
    // A walk in which each step has to wait for the one before.
    cell = (Math.imul(cell, 0x5bd1e995) ^ CELLS[cell & (CELLS.length - 1)]! ^ round) | 0;
    CELLS[cell & (CELLS.length - 1)] = round;
  }
  return (process.cpuUsage().user - before) / 1000 / USUAL_MS;
}
