// Step times measured on one NVIDIA H100 80GB HBM3 (PyTorch 2.11, CUDA 13, bf16, CUDA graphs, 2026-11), fitted as
//
//   gpu  = max(w0 + w1 R, c0 + c1 R) + b S + [P > 0] max(d A, e X)
//   step = gpu + o0 + o2 n + [P > 0] o1
//
// for n decoding sequences of summed context S, P prefill tokens of area A and prior context X, and R = n + P rows
// padded to the engine's captured graph sizes. The first maximum is the knee between reading weights and computing.
// Source: surgefleet H100 measurements, 2026-11. Fit error of the GPU part (mean / p90 / max): Llama-3.1-8B
// 1.26 / 3.4 / 7.1 %, Llama-3.1-70B TP8 shard 1.36 / 2.9 / 5.2 %. The shard leaves out the all-reduce between its
// eight GPUs, so its times are a lower bound. The CPU part was measured with the 8B engine and is used for both.
import type { StepProfile } from "../profile.js";

const MICROS_PER_MILLI = 1000;

/** Milliseconds, as fitted. */
interface Fit {
  readonly weights: readonly [constant: number, perRow: number];
  readonly compute: readonly [constant: number, perRow: number];
  readonly perContextToken: number;
  readonly perArea: number;
  readonly perPriorToken: number;
}

const CPU = { step: 0.102, prefill: 0.312, perSequence: 0.00059 } as const;

/** Rows of a step, padded to the captured graph sizes: decode 1, 2, 4, 8 then by 8; mixed by 64, above 512 by 128. */
export function paddedRows(decoding: number, prefillTokens: number): number {
  if (prefillTokens === 0) {
    if (decoding <= 2) return decoding;
    return decoding <= 4 ? 4 : Math.ceil(decoding / 8) * 8;
  }
  const rows = decoding + prefillTokens;
  return rows <= 512 ? Math.ceil(rows / 64) * 64 : Math.ceil(rows / 128) * 128;
}

function measured(name: string, fit: Fit): StepProfile {
  const [w0, w1] = fit.weights;
  const [c0, c1] = fit.compute;
  return {
    name,
    source: "surgefleet H100 measurements, 2026-11",
    base: (decoding, prefillTokens) => {
      const rows = paddedRows(decoding, prefillTokens);
      const cpu = CPU.step + CPU.perSequence * decoding + (prefillTokens > 0 ? CPU.prefill : 0);
      return (Math.max(w0 + w1 * rows, c0 + c1 * rows) + cpu) * MICROS_PER_MILLI;
    },
    slope: () => fit.perContextToken * MICROS_PER_MILLI,
    prefill: (area, priorContext) =>
      Math.max(fit.perArea * area, fit.perPriorToken * priorContext) * MICROS_PER_MILLI,
  };
}

export const LLAMA_8B_H100: StepProfile = measured("llama-3.1-8b-h100", {
  weights: [6.27, 0.00812],
  compute: [1.728, 0.02294],
  perContextToken: 4.483e-5,
  perArea: 1.346e-6,
  perPriorToken: 7.12e-4,
});

export const LLAMA_70B_TP8_H100: StepProfile = measured("llama-3.1-70b-tp8-h100", {
  weights: [8.634, 0.00842],
  compute: [3.371, 0.03051],
  perContextToken: 1.454e-5,
  perArea: 7.82e-7,
  perPriorToken: 1.8e-3,
});
