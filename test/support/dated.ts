// What pools are given of signals and placement, for tests that make pools by hand.
import type { Duration } from "../../src/core/base/units.js";
import { openStream } from "../../src/core/random/stream.js";
import { placement } from "../../src/core/server/fleet/placement/registry.js";
import type { PlacementOptions } from "../../src/core/server/fleet/placement.js";
import type { PoolOptions } from "../../src/core/server/fleet/pool.js";
import type { SignalTiming } from "../../src/core/server/gateway/signal-timing.js";

/** What tests that lose no copies give where draws are wanted. */
export const lossChance = () => 0.5;

/** A rule as a scenario writes it. */
export function placementOf(
  written: string | object = "least-loaded",
  chance = openStream("1", "placement"),
): PlacementOptions {
  return { ...placement.parse(written as never), chance, lossChance };
}

/** In microseconds; by default live. */
export function timingOf({ period = 0, age = 0, loss = 0 } = {}): SignalTiming {
  return { period: period as Duration, age: age as Duration, loss };
}

export function signalsOf(timing: Parameters<typeof timingOf>[0] = {}): PoolOptions["signals"] {
  return { ...timingOf(timing), chance: lossChance };
}
