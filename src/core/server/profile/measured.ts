// Step times fitted to measurements of one model on one GPU (milliseconds, R padded rows):
//
//   gpu = larger(w0 + w1 R, c0 + c1 R) + E (1 - (1 - active / count)^t) + b S + max(d A, e X)
//         + [no prefill] g n + [both] m
//
// for n decoding sequences and t tokens. Attention of a step that does both is two kernels a layer: m. The larger line,
// its corner rounded, is the knee between reading weights and computing; where it was measured row count by row count,
// a curve takes its place. Experts: of `count`, each token picks `active`, so t tokens touch that expected share of
// their weights E. Source of the form: surgefleet H100 measurements, 2026-11.
import pow from "@stdlib/math-base-special-pow";
import { type Curve, type GpuTimes, type MeasuredFile, measuredKeys } from "./file/measured-keys.js";
import { defineProfile } from "./kind.js";
import type { PassClock, PassTimes } from "./pass-times.js";
import { firstAtLeast, stepRows, tabulated } from "./rows.js";
import { linearDraft } from "./speculative.js";

type Boost = NonNullable<GpuTimes["boost"]>;

/** Share of the experts that so many tokens touch, if each picks its own at random. */
export function shareTouched(active: number, count: number, tokens: number): number {
  return 1 - pow(1 - active / count, tokens);
}

export function measuredPass(file: Pick<MeasuredFile, "gpu" | "rows" | "speculative">): PassTimes {
  const { gpu, rows: sizes } = file;
  const { experts, perSequence = 0, perMixedStep = 0 } = gpu;
  const verify = file.speculative?.verify;
  const decodeProducts = tabulated(sizes?.decode ?? [], (rows) => productsAt(gpu, rows, false));
  const mixedProducts = tabulated(sizes?.mixed ?? [], (rows) => productsAt(gpu, rows, true));
  return {
    base: (decoding, rowsEach, prefillTokens) => {
      const tokens = decoding * rowsEach + prefillTokens;
      const products = prefillTokens > 0 ? mixedProducts(tokens) : decodeProducts(tokens);
      // What was measured of verifying ends at some batch: beyond it, verifying is computing like any other.
      const verifying =
        rowsEach > 1 && verify ? largerLine(verify, stepRows(sizes, decoding * rowsEach, prefillTokens)) : 0;
      const touched = experts ? experts.all * shareTouched(experts.active, experts.count, tokens) : 0;
      const both = decoding > 0 ? perMixedStep : 0;
      const beside = prefillTokens > 0 ? both : perSequence * decoding;
      return Math.max(products, verifying) + beside + touched;
    },
    slope: (_, rowsEach) => (rowsEach > 1 && verify ? verify : gpu).perContextToken,
    prefill: (area, priorContext) => Math.max(gpu.perArea * area, gpu.perPriorToken * priorContext),
    ...(gpu.boost && { clock: clockOf(gpu, gpu.boost, sizes?.mixed ?? []) }),
  };
}

/** Only what computing bounds pulls the clock down; what it changes is a share of the products either way. */
function clockOf(gpu: GpuTimes, boost: Boost, sizes: readonly number[]): PassClock {
  const { share, memoryMs, restMs = memoryMs, drag = 0 } = boost;
  const changed = (isHot: boolean) =>
    tabulated(sizes, (rows) =>
      isComputeBound(gpu, rows) === isHot ? share * productsAt(gpu, rows, true) : 0,
    );
  return { boost: changed(true), drag: changed(false), decodeDrag: drag, memoryMs, restMs };
}

/** Milliseconds of the products of a step at so many padded rows, by its curve where that has them. */
export function productsAt(gpu: GpuTimes, rows: number, prefills: boolean): number {
  return curveAt(prefills ? gpu.curves?.mixed : gpu.curves?.decode, rows) ?? largerLine(gpu, rows);
}

type Lines = Pick<GpuTimes, "weights" | "compute" | "knee">;

const readingAt = ({ weights }: Lines, rows: number) => weights.constant + weights.perRow * rows;
const computingAt = ({ compute }: Lines, rows: number) => compute.constant + compute.perRow * rows;

export function isComputeBound(lines: Lines, rows: number): boolean {
  return computingAt(lines, rows) > readingAt(lines, rows);
}

/** The larger of two lines; within `knee` of their crossing, a parabola that touches both. */
function largerLine(lines: Lines, rows: number): number {
  const { knee = 0 } = lines;
  const [reading, computing] = [readingAt(lines, rows), computingAt(lines, rows)];
  const depth = Math.max(knee - Math.abs(reading - computing), 0);
  return Math.max(reading, computing) + (depth > 0 ? (depth * depth) / (4 * knee) : 0);
}

/** Between its points by straight lines; undefined outside them. */
function curveAt(curve: Curve | undefined, rows: number): number | undefined {
  if (curve === undefined) return undefined;
  const after = firstAtLeast(curve.rows, rows);
  if (curve.rows[after] === rows) return curve.ms[after];
  if (after === 0 || after === curve.rows.length) return undefined;
  const [left, right] = [curve.rows[after - 1]!, curve.rows[after]!];
  const share = (rows - left) / (right - left);
  return curve.ms[after - 1]! * (1 - share) + curve.ms[after]! * share;
}

export const measured = defineProfile({
  name: "measured",
  summary: "Coefficients fitted to measured steps, by `surgefleet calibrate`.",
  options: measuredKeys,
  create: (file, head) => ({
    target: measuredPass({ ...file, ...head }),
    draft: file.speculative && linearDraft(file.speculative.draft),
    node: file.node,
  }),
});
