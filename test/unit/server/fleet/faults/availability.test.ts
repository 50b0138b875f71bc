// How often m of n nodes are up, against the birth-death chain: k nodes down, one more at (n - k) / mtbf, one fewer at
// k / repair, both exponential. Seen through the whole fleet: an instance needs a whole node.
import { describe, expect, it } from "vitest";
import { type Instant, START } from "../../../../../src/core/base/units.js";
import { parseScenario } from "../../../../../src/core/engine/experiment/simulate.js";
import { buildService } from "../../../../../src/core/engine/world/build-service.js";
import { EventQueue } from "../../../../../src/core/kernel/event-queue.js";
import type { ServerEvent } from "../../../../../src/core/server/service/event-kinds.js";
import { tinyScenario } from "../../../engine/tiny.js";

const [NODES, MTBF, REPAIR] = [5, 100, 20];
const SECONDS = 400_000;
const BATCHES = 40;
/** Of Student's t with 39 degrees of freedom: 99.9 % of both sides. */
const T = 3.558;

/** The probability of k nodes down. */
function birthDeath(): number[] {
  const weights = [1];
  for (let down = 0; down < NODES; down++)
    weights.push((weights[down]! * (NODES - down) * REPAIR) / (MTBF * (down + 1)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** Share of the time in which so many replicas are up, by batch. */
function occupancy(): number[][] {
  const scenario = tinyScenario({
    pool: { replicas: NODES, gpusPerReplica: 1 },
    more: {
      faults: {
        nodes: {
          ...{ fault: "node-loss", mtbf: `${MTBF}s`, lemons: 0, times: 1 },
          repairs: [{ share: 1, for: { mean: `${REPAIR}s` } }],
        },
      },
    },
  });
  const { fast: _, ...pools } = scenario.pools;
  const { fast: __, ...paths } = scenario.paths;
  const events = new EventQueue();
  const one = {
    ...scenario,
    pools,
    paths,
    inventory: { nodes: { h: { gpusPerNode: 1, count: NODES } }, retry: "0s" },
  };
  const service = buildService(parseScenario(one), { seed: "1", events });
  const width = (SECONDS / BATCHES) * 1e6;
  const times = Array.from({ length: BATCHES }, () => new Array<number>(NODES + 1).fill(0));
  let last: Instant = START;
  while (last < SECONDS * 1e6) {
    const next = Math.min(events.nextAt, SECONDS * 1e6) as Instant;
    const up = service.parts.pools[0]!.serving.replicas;
    for (let at: number = last; at < next; ) {
      const batch = Math.floor(at / width);
      const until = Math.min(next, (batch + 1) * width);
      times[batch]![up]! += (until - at) / width;
      at = until;
    }
    last = next;
    if (events.nextAt > last) continue;
    events.pop();
    service.handle(events.kind as ServerEvent, events.subject, events.time);
  }
  return times;
}

describe("nodes that fail and are repaired", () => {
  const [theory, batches] = [birthDeath(), occupancy()];

  it.each([5, 4, 3, 2])("at least %i of 5 are up as often as the birth-death chain says", (least) => {
    const expected = theory.slice(0, NODES - least + 1).reduce((sum, share) => sum + share, 0);
    const shares = batches.map((batch) => batch.slice(least).reduce((sum, share) => sum + share, 0));
    const mean = shares.reduce((sum, share) => sum + share, 0) / BATCHES;
    const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / (BATCHES - 1);
    const error = T * Math.sqrt(variance / BATCHES);
    expect(Math.abs(mean - expected)).toBeLessThan(error);
    // Narrow enough to tell: all up is 40 % of the time.
    expect(error).toBeLessThan(0.03);
  });

  it("by hand: each is up 100 of 120 seconds, independently", () => {
    expect(theory[0]).toBeCloseTo((100 / 120) ** 5, 12);
  });
});
