// Samples by hand, and what an autoscaler sees of them: for the cases worked from the rules of its source.
import { type Instant, MICROS_PER_SECOND, NO_TIME, seconds } from "../../../../../../src/core/base/units.js";
import type { ScalerContext } from "../../../../../../src/core/server/fleet/control/autoscalers/autoscaler.js";
import { ScalingHistory } from "../../../../../../src/core/server/fleet/control/autoscalers/history.js";
import {
  autoscaler,
  createAutoscaler,
} from "../../../../../../src/core/server/fleet/control/autoscalers/registry.js";
import type {
  ScalingSample,
  ScalingView,
} from "../../../../../../src/core/server/fleet/control/autoscalers/view.js";

export const at = (second: number): Instant => Math.round(second * MICROS_PER_SECOND) as Instant;

const EMPTY: ScalingSample = {
  asOf: at(0),
  wanted: 0,
  ready: 0,
  starting: 0,
  queued: 0,
  running: 0,
  slots: 0,
  kvTokens: 0,
  kvUsed: 0,
  kvShares: [],
  arrived: 0,
  promptTokens: 0,
  shed: 0,
  completed: 0,
  outputTokens: 0,
};

/** A sample at a second, with nothing in it but what is said. */
export const sample = (second: number, given: Partial<ScalingSample> = {}): ScalingSample => ({
  ...EMPTY,
  ...given,
  asOf: at(second),
});

/** What is seen of samples at a second, the last one's unless said. */
export function viewOf(
  samples: readonly ScalingSample[],
  wanted: number,
  now: Instant = samples.at(-1)!.asOf,
): ScalingView {
  const [first, ...more] = samples;
  const history = new ScalingHistory(first!, NO_TIME, seconds(1e6));
  for (const one of more) history.add(one);
  return history.showAt(now, wanted);
}

export const context = (given: Partial<ScalerContext> = {}): ScalerContext => ({
  slots: 10,
  kvTokens: Number.POSITIVE_INFINITY,
  profile: undefined,
  coldStart: NO_TIME,
  foresight: undefined,
  ...given,
});

/** An autoscaler as a scenario writes it. */
export const make = (written: unknown, given: Partial<ScalerContext> = {}) =>
  createAutoscaler(autoscaler.parse(written), context(given));
