// Times one case in this process, or in one of its own. Knows nothing of what a case does.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { BenchCase } from "./bench-case.js";
import { referencePairsPerSecond } from "./reference.js";

export interface Measurement {
  readonly name: string;
  readonly unit: string;
  readonly amount: number;
  /** Units per second of wall time, and of this process's own time on a processor. */
  readonly rate: number;
  readonly cpuRate: number;
  readonly events: number;
  readonly epochs: number;
  /** Units per second over pairs per second of the reference loop. */
  readonly ratio: number;
  /** Bytes that are still held when the work is done and its result wanted. */
  readonly retained: number;
  /** Peak resident memory of the whole process, MiB. */
  readonly peakMiB: number;
}

export function measureHere({ name, unit, prepare }: BenchCase): Measurement {
  const run = prepare();
  referencePairsPerSecond(200_000);
  const before = referencePairsPerSecond();
  const heldBefore = held();
  const cpu = process.cpuUsage();
  const began = performance.now();
  const { amount, events, epochs, kept } = run();
  const seconds = (performance.now() - began) / 1000;
  const cpuSeconds = process.cpuUsage(cpu).user / 1e6;
  const retained = held() - heldBefore;
  const reference = (before + referencePairsPerSecond()) / 2;
  const rate = amount / seconds;
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  const measured = { name, unit, amount, rate, cpuRate: amount / cpuSeconds, events, epochs };
  return { ...measured, ratio: rate / reference, retained: kept === undefined ? 0 : retained, peakMiB };
}

/** Bytes in use after everything that is no longer needed is gone. */
function held(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** The median of some runs, each in a process of its own: bench.ts, called with the index of the case. */
export function measureApart(index: number, repeats: number): Measurement {
  const self = fileURLToPath(import.meta.url);
  const runs = Array.from({ length: repeats }, () => {
    const child = spawnSync(process.execPath, ["--expose-gc", self, "--case", String(index)], {
      encoding: "utf8",
    });
    if (child.status !== 0) throw new Error(`benchmark case ${index} failed: ${child.stderr}`);
    return JSON.parse(child.stdout) as Measurement;
  });
  return runs.sort((a, b) => a.rate - b.rate)[Math.floor(repeats / 2)]!;
}
