// Fits the part of a step that is not GPU time: scheduling, launching, reading tokens back, bookkeeping. A plain mean
// and not a median, since rare long pauses are paid for too; only what no engine does every so often is left out.
// Misses count in milliseconds, those of long steps no less: near saturation they decide how long a queue gets.
import { hostMillis } from "../../server/profile/build.js";
import type { HostTimes } from "../../server/profile/file/profile-keys.js";
import { nonNegativeLeastSquares } from "./least-squares.js";
import type { StepPoint } from "./step-point.js";

/** Standard deviations beyond which a step is no part of the work, and how often they are looked for. */
const FAR = 8;
const PASSES = 5;
const FEWEST = 20;

/**
 * host = step + perSequence * n + [prefills] * (prefill + perPrefillToken * tokens), by least squares. Milliseconds,
 * none below 0; undefined where fewer than 20 of the steps say their wall time beside their GPU time. Each log weighs
 * the same.
 */
export function fitHost(logs: readonly (readonly StepPoint[])[]): HostTimes | undefined {
  let kept = logs.flatMap((points) =>
    points.flatMap((point) =>
      point.host === undefined ? [] : [{ point, host: point.host, weight: 1 / points.length }],
    ),
  );
  if (kept.length < FEWEST) return undefined;
  let times: HostTimes = { step: 0, prefill: 0, perSequence: 0 };
  for (let pass = 0; pass < PASSES; pass++) {
    const solution = nonNegativeLeastSquares(
      kept.map(({ point }) => [1, point.prefillTokens > 0 ? 1 : 0, point.decoding, point.prefillTokens]),
      kept.map(({ host }) => host),
      kept.map(({ weight }) => weight),
    );
    const [step, prefill, perSequence, perToken] = solution.map((value) => Number(value.toPrecision(4)));
    times = {
      step: step!,
      prefill: prefill!,
      perSequence: perSequence!,
      ...(perToken! > 0 && { perPrefillToken: perToken! }),
    };
    const apart = kept.map(
      ({ point, host }) => host - hostMillis(times, point.decoding, point.prefillTokens),
    );
    const spread = Math.sqrt(apart.reduce((sum, value) => sum + value * value, 0) / apart.length);
    const near = kept.filter((_, index) => Math.abs(apart[index]!) <= FAR * spread);
    if (near.length === kept.length) break;
    kept = near;
  }
  return times;
}
