// The regimes of a step, in which different things bound its time, and the error of a prediction in each.
import { mean, quantileSorted } from "simple-statistics";
import type { FitError } from "../../server/profile/file/measured-keys.js";
import type { StepPoint } from "./step-point.js";

/** In the order in which they are shown. */
export const REGIMES = [
  "decode 1-8",
  "decode 9-64",
  "decode 65+",
  "prefill to 512",
  "prefill 513+",
  "prefill after context",
  "mixed",
] as const;

export type Regime = (typeof REGIMES)[number];

/** Small batches read weights, large ones compute; a chunk after cached context also reads that. */
export function regimeOf({ decoding, prefillTokens, priorContext }: StepPoint): Regime {
  if (prefillTokens === 0) {
    if (decoding <= 8) return "decode 1-8";
    return decoding <= 64 ? "decode 9-64" : "decode 65+";
  }
  if (decoding > 0) return "mixed";
  if (priorContext > 0) return "prefill after context";
  return prefillTokens <= 512 ? "prefill to 512" : "prefill 513+";
}

/** Errors are shares: 0.01 is predicted one percent away from what was measured. */
export interface RegimeError extends FitError {
  /** Mean with its sign: above 0 the prediction is too long. */
  readonly bias: number;
}

export interface ErrorReport {
  readonly all: RegimeError;
  readonly byRegime: Readonly<Partial<Record<Regime, RegimeError>>>;
}

/** A step with what a fit says it takes on the GPU, in milliseconds. */
export interface Residual {
  readonly point: StepPoint;
  readonly predicted: number;
}

export function relativeError({ point, predicted }: Residual): number {
  return predicted / point.gpu - 1;
}

/** Takes at least one residual. Regimes without any are left out. */
export function errorReport(all: readonly Residual[]): ErrorReport {
  const byRegime = REGIMES.flatMap((regime) => {
    const own = all.filter(({ point }) => regimeOf(point) === regime);
    return own.length > 0 ? [[regime, errorOf(own)] as const] : [];
  });
  return { all: errorOf(all), byRegime: Object.fromEntries(byRegime) };
}

function errorOf(own: readonly Residual[]): RegimeError {
  const signed = own.map(relativeError);
  const sizes = signed.map(Math.abs).sort((one, other) => one - other);
  return {
    points: own.length,
    mean: mean(sizes),
    p90: quantileSorted(sizes, 0.9),
    max: sizes[sizes.length - 1]!,
    bias: mean(signed),
  };
}
