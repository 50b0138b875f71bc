// The form that is fitted: GPU time of a step, in milliseconds, as a function of its rows and contexts. The same form
// as server/profile/measured.ts, but of rows as they were logged, and of coefficients in a row, for the fit.
//
//   t = larger(w0 + w1 R, c0 + c1 R) + [no prefill] g n + [both] m + b S + max(d A, e X)
//       + E (1 - (1 - active / count)^tokens)
//
// for n decoding sequences of summed context S, prefill area A and prior context X, R padded rows. `larger` has a
// corner rounded over `knee`: the products of a step do not all cross from reading to computing at the same R. What a
// sequence adds, g, does not show beside a chunk; but attention of both is two kernels a layer, m: fit-run.ts takes
// that from runs, since chunks beside which it shows are too small for a bench.
import pow from "@stdlib/math-base-special-pow";
import type { GpuTimes } from "../../server/profile/file/measured-keys.js";
import { type StepPoint, tokensOf } from "./step-point.js";

/** Places of the coefficients. */
export const AT = { w0: 0, w1: 1, c0: 2, c1: 3, g: 4, b: 5, d: 6, e: 7, knee: 8, experts: 9, m: 10 } as const;
export const COEFFICIENTS = 11;

export interface Experts {
  readonly count: number;
  /** Experts that a token is sent to. */
  readonly active: number;
}

/** A step and the share of the experts that its tokens touch, 0 without experts. */
export interface Measured {
  readonly point: StepPoint;
  readonly touched: number;
}

export function measured(point: StepPoint, experts: Experts | undefined): Measured {
  const touched = experts ? 1 - pow(1 - experts.active / experts.count, tokensOf(point)) : 0;
  return { point, touched };
}

/** Sequences that add their own time: those of a step without prefill. */
export function countedSequences({ decoding, prefillTokens }: StepPoint): number {
  return prefillTokens > 0 ? 0 : decoding;
}

/** 1 for a step that both decodes and prefills. */
function countedMixed({ decoding, prefillTokens }: StepPoint): number {
  return prefillTokens > 0 && decoding > 0 ? 1 : 0;
}

/** Milliseconds; the coefficients stand as AT says. */
export function gpuMillis(at: readonly number[], { point, touched }: Measured): number {
  const { rows, context, area, priorContext } = point;
  const reading = at[AT.w0]! + at[AT.w1]! * rows;
  const computing = at[AT.c0]! + at[AT.c1]! * rows;
  const knee = at[AT.knee]!;
  const gap = Math.abs(reading - computing);
  const corner = gap < knee ? (knee - gap) ** 2 / (4 * knee) : 0;
  return (
    Math.max(reading, computing) +
    corner +
    at[AT.g]! * countedSequences(point) +
    at[AT.m]! * countedMixed(point) +
    at[AT.b]! * context +
    Math.max(at[AT.d]! * area, at[AT.e]! * priorContext) +
    at[AT.experts]! * touched
  );
}

/** Rounds to six digits, which is more than any log knows. */
export function toGpuTimes(at: readonly number[], experts: Experts | undefined): GpuTimes {
  const [w0, w1, c0, c1, g, b, d, e, knee, all, m] = at.map((value) => Number(value.toPrecision(6)));
  return {
    weights: { constant: w0!, perRow: w1! },
    compute: { constant: c0!, perRow: c1! },
    ...(knee! > 0 && { knee: knee! }),
    ...(g! > 0 && { perSequence: g! }),
    ...(m! > 0 && { perMixedStep: m! }),
    perContextToken: b!,
    perArea: d!,
    perPriorToken: e!,
    ...(experts && { experts: { all: all!, ...experts } }),
  };
}

export function fromGpuTimes(gpu: GpuTimes): number[] {
  const {
    weights,
    compute,
    knee = 0,
    perSequence = 0,
    perMixedStep = 0,
    perContextToken,
    perArea,
    perPriorToken,
    experts,
  } = gpu;
  const lines = [weights.constant, weights.perRow, compute.constant, compute.perRow];
  return [
    ...lines,
    perSequence,
    perContextToken,
    perArea,
    perPriorToken,
    knee,
    experts?.all ?? 0,
    perMixedStep,
  ];
}
