// The knobs that every autoscaler has: how often it samples and decides, how old its metrics are, its bounds, and what
// holds it back. Each definition gives them defaults of its own, those of the product that it is named after.
import * as z from "zod";
import { type Duration, MICROS_PER_SECOND } from "../../../../base/units.js";
import type { Origin } from "../../../../document/definition.js";
import { count, duration, real, showDuration } from "../../../../document/units.js";
import { expected } from "../../../../document/words.js";

export const MOST_REPLICAS = 100_000;
/** Sampling a fleet for days costs what it costs: ten times a second is the most. */
const SHORTEST: number = MICROS_PER_SECOND / 10;

/** At most so many replicas, or so many times those at its start, are added or taken in a period: the larger counts. */
const rateLimit = z.union(
  [
    z.literal("unlimited"),
    z
      .strictObject({
        replicas: count(0, MOST_REPLICAS).prefault(0).describe("At most so many in a period."),
        times: real({ from: 0, to: 10_000 })
          .prefault(0)
          .describe(
            "Or so many times the replicas at its start: 1 doubles them on the way up. The larger counts.",
          ),
        per: duration({ above: 0 }).describe("The period."),
      })
      .refine(
        ({ replicas, times }) => replicas > 0 || times > 0,
        "it allows nothing: say replicas, or times, above 0",
      ),
  ],
  { error: expected("unlimited, or a limit like {replicas: 4, times: 1, per: 15s}") },
);
type RateLimitInput = z.input<typeof rateLimit>;
export type RateLimit = z.output<typeof rateLimit>;

/** As a scenario would write them; `max` is left to the inventory where nothing is said. */
export interface KnobDefaults {
  /** For those that cannot come back from zero: 1. */
  readonly least?: 0 | 1;
  readonly min?: number;
  readonly max?: number;
  readonly interval: string;
  readonly metricsEvery?: string;
  readonly tolerance?: number;
  readonly upWindow?: string;
  readonly downWindow?: string;
  readonly upRate?: RateLimitInput;
  readonly downRate?: RateLimitInput;
}

/** The keys of the knobs, with these defaults. */
export function knobs(defaults: KnobDefaults) {
  const { least = 0, min = 1, max, interval, metricsEvery, tolerance = 0 } = defaults;
  const { upWindow = "0s", downWindow = "0s", upRate = "unlimited", downRate = "unlimited" } = defaults;
  const period = duration({ from: SHORTEST });
  const most = count(0, MOST_REPLICAS);
  return {
    min: count(least, MOST_REPLICAS)
      .prefault(min)
      .describe(`Never fewer replicas than that; ${least === 0 ? "0: to zero and back" : "at least 1"}.`),
    max: (max === undefined ? most.exactOptional() : most.prefault(max)).describe(
      `Never more${max === undefined ? "; left out: as many as the nodes that its pool may use hold" : ""}.`,
    ) as z.ZodOptional<typeof most>,
    interval: duration({ from: SHORTEST })
      .prefault(interval)
      .describe(`How often it decides; at least ${showDuration(SHORTEST)}.`),
    metricsEvery: (metricsEvery === undefined
      ? period.exactOptional()
      : period.prefault(metricsEvery)
    ).describe(
      `How often its metrics are sampled${metricsEvery === undefined ? "; left out: as often as it decides" : ""}.`,
    ) as z.ZodOptional<typeof period>,
    metricsDelay: duration().prefault("0s").describe("How old a sample is before it can be seen."),
    tolerance: real({ from: 0, below: 1 })
      .prefault(tolerance)
      .describe("Nothing is done while what it wants is within this share of what there is."),
    upWindow: duration()
      .prefault(upWindow)
      .describe("More only as far as it has wanted them at every decision of this window."),
    downWindow: duration()
      .prefault(downWindow)
      .describe("Fewer only as far as it has wanted that at every decision of this window."),
    upRate: rateLimit.prefault(upRate).describe("How fast it may add."),
    downRate: rateLimit.prefault(downRate).describe("How fast it may take away."),
  };
}

/** Where the defaults of the knobs come from: of those that are `set` from the definition's source, else from us. */
export function knobOrigins(origin: Origin, set: readonly string[]): Record<keyof KnobsShape, Origin> {
  const names = Object.keys(knobs({ interval: "1s" })) as (keyof KnobsShape)[];
  const entries = names.map((name) => [name, set.includes(name) ? origin : "ours"] as const);
  return Object.fromEntries(entries) as Record<keyof KnobsShape, Origin>;
}

export type KnobsShape = ReturnType<typeof knobs>;
export type Knobs = z.output<z.ZodObject<KnobsShape, z.core.$strict>>;

/** The nearest number of replicas within its bounds. */
export function withinBounds(
  { min, max = Number.POSITIVE_INFINITY }: Pick<Knobs, "min" | "max">,
  replicas: number,
): number {
  return Math.max(min, Math.min(max, replicas));
}

/** How often its metrics are sampled. */
export function samplePeriod({ metricsEvery, interval }: Knobs): Duration {
  return metricsEvery ?? interval;
}
