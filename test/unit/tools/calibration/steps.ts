// Step logs made from known coefficients, for the tests of calibration.

import type { GpuTimes } from "../../../../src/core/server/profile/file/measured-keys.js";
import { productsAt } from "../../../../src/core/server/profile/measured.js";
import type { StepLog, StepPoint } from "../../../../src/core/tools/calibration/step-point.js";

/** About an 8B model on an H100. */
export const KNOWN: GpuTimes = {
  weights: { constant: 6.3, perRow: 0.0046 },
  compute: { constant: 1.2, perRow: 0.0233 },
  knee: 3.5,
  perSequence: 0.002,
  perContextToken: 4.5e-5,
  perArea: 1.33e-6,
  perPriorToken: 7.4e-4,
};

type Work = Partial<Omit<StepPoint, "gpu">>;

/** A step that takes what the coefficients say, times `factor`. */
export function step(work: Work, factor = 1, gpu: GpuTimes = KNOWN): StepPoint {
  const { decoding = 0, prefillTokens = 0, priorContext = 0, start, host } = work;
  const chunk = (prefillTokens * (prefillTokens + 1)) / 2 + prefillTokens * priorContext;
  const { context = decoding * 1000, area = chunk, rows = decoding + prefillTokens } = work;
  const attention = Math.max(gpu.perArea * area, gpu.perPriorToken * priorContext);
  const sequences = prefillTokens > 0 ? 0 : (gpu.perSequence ?? 0) * decoding;
  const decode = sequences + gpu.perContextToken * context;
  const time = (productsAt(gpu, rows, prefillTokens > 0) + decode + attention) * factor;
  return { start, decoding, context, prefillTokens, priorContext, area, rows, gpu: time, host };
}

/** Every regime: batches by context, chunks by what is cached before them, and both at once. */
export function works(): Work[] {
  const decode = [1, 2, 4, 8, 16, 32, 64, 128, 192, 256].flatMap((decoding) =>
    [256, 1024, 4096].map((each) => ({ decoding, context: decoding * each })),
  );
  const prefill = [64, 128, 256, 384, 512, 1024, 2048, 4096].flatMap((prefillTokens) =>
    [0, 2048, 8192].map((priorContext) => ({ prefillTokens, priorContext })),
  );
  const mixed = [16, 128].flatMap((decoding) =>
    [256, 1024, 2048].map((prefillTokens) => ({ decoding, prefillTokens })),
  );
  return [...decode, ...prefill, ...mixed];
}

/** The steps of `works`, each off by up to `noise` as `chance` (0 to 1) has it. */
export function bench(noise = 0, chance: (index: number) => number = () => 0.5, gpu = KNOWN): StepPoint[] {
  return works().map((work, index) => step(work, 1 + noise * (2 * chance(index) - 1), gpu));
}

export function log(points: readonly StepPoint[], file = "steps.csv"): StepLog {
  return { file, points, notes: [], saysRows: true };
}

/** As a file of the calibration form. */
export function csv(points: readonly StepPoint[]): string {
  const header = "n_decode,sum_context,prefill_tokens,prefill_context,prefill_area,rows_T,gpu_ms";
  const rows = points.map((point) =>
    [
      point.decoding,
      point.context,
      point.prefillTokens,
      point.priorContext,
      point.area,
      point.rows,
      point.gpu.toFixed(5),
    ].join(","),
  );
  return `${[header, ...rows].join("\n")}\n`;
}
