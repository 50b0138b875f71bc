import { describe, expect, it } from "vitest";
import { type Duration, type Instant, instant, seconds } from "../../../src/core/base/units.js";
import { EventRecord } from "../../../src/core/engine/event-record.js";
import { NodeLife } from "../../../src/core/server/fleet/node-life.js";
import { undivided } from "../../../src/core/server/fleet/node-type.js";
import { Sizing } from "../../../src/core/server/fleet/sizing.js";
import { makeFleetOn } from "../server/fleet/fleets.js";
import { play, type TinyChanges } from "./tiny.js";

const at = (time: number): Instant => instant(seconds(time));

/** Two nodes of two instances each. */
function made() {
  const fleet = makeFleetOn([{ ...undivided(4), nodes: 2, zones: 2 }]);
  const sizing = new Sizing({ fleet, retry: seconds(60) as Duration });
  sizing.begin(0, 2);
  const record = new EventRecord(fleet, sizing);
  const told = () => record.list([]).map((event) => `${event.at} ${event.pool}: ${event.text}`);
  return { fleet, sizing, record, told };
}

describe("what happens to a fleet", () => {
  it("is what its pools want, and what there are no GPUs for", () => {
    const { sizing, told } = made();
    sizing.resize(0, 3, at(1));
    sizing.resize(1, 3, at(2));
    sizing.resize(0, 1, at(3));
    sizing.resize(0, 1, at(4));
    expect(told()).toEqual([
      "1 one: up from 2 to 3 wanted replicas",
      "2 other: up from 0 to 3 wanted replicas",
      "2 other: no GPUs for 2 instances",
      "3 one: down from 3 to 1 wanted replicas",
    ]);
  });

  it("is what breaks and comes back", () => {
    const { fleet, sizing, told } = made();
    const life = new NodeLife(sizing);
    fleet.lose(1, at(1));
    fleet.repair(1, at(2));
    life.drain(1, at(3));
    life.lose(0, at(4));
    life.restore(0, at(5));
    sizing.supply(at(6));
    fleet.observers.cause = "faults.stuck";
    fleet.observers.happened("fault-begins", 1, at(7), { name: "hang" });
    expect(told()).toEqual([
      "1 one: 1 instance lost",
      "2 one: 1 instance back",
      "3 null: 1 node of gpus in zone 2 about to go",
      "4 null: 1 node of gpus in zone 1 lost",
      "4 one: 2 instances lost",
      "5 null: 1 node of gpus in zone 1 back",
      "6 one: 2 instances back",
      "7 other: fault hang begins (faults.stuck)",
    ]);
  });

  it("ends with the measured window", () => {
    const { sizing, record, told } = made();
    record.windowCloses();
    sizing.resize(0, 3, at(1));
    expect(told()).toEqual([]);
  });

  /** Three replicas of two GPUs, on as many nodes of two; starts take 2 s. */
  const timelineOf = (more: TinyChanges["more"], count = 4) => {
    const { result } = play([{ at: 0, output: 1 }], {
      pool: { replicas: 3, gpusPerReplica: 2, coldStart: { preset: "warm", init: "2s" }, nodes: ["own"] },
      more: {
        duration: "20s",
        inventory: {
          nodes: {
            own: { gpu: "H100", count, gpusPerNode: 2 },
            other: { gpu: "H100", count: 1, gpusPerNode: 2 },
          },
          retry: "0s",
        },
        ...more,
      },
    });
    return result.timeline?.map((event) => `${event.at} ${event.pool}: ${event.count}, ${event.text}`);
  };

  it("is told with its fault, and each thing once in an instant", () => {
    const power = {
      fault: "rack-loss",
      type: "own",
      ...{ at: "3s", for: "6s", racks: 2, least: 2, most: 2 },
    } as const;
    // Of the four nodes one has the instance of the other pool, which has room elsewhere and is up at once.
    expect(timelineOf({ faults: { power } })).toEqual([
      "3 null: 4, 4 nodes of own lost (faults.power)",
      "3 shared: 3, 3 instances lost (faults.power)",
      "3 fast: 1, 1 instance lost (faults.power)",
      "3 shared: 3, no GPUs for 3 instances",
      "3 fast: 1, 1 instance back",
      "9 null: 4, 4 nodes of own back (faults.power)",
      "11 shared: 3, 3 instances back",
    ]);
  });

  it("is told when instances slow down or hang, not only when that is found out", () => {
    const instances = 2;
    expect(
      timelineOf({
        faults: {
          hot: { fault: "slow-down", pool: "shared", at: "2s", instances, for: "4s" },
          stuck: {
            fault: "hang",
            pool: "fast",
            at: "3s",
            healthCheck: { period: "1us", failures: 1, timeout: "2s" },
          },
        },
        outages: [{ pool: "shared", from: "10s", for: "3s", instances: 1 }],
      }),
    ).toEqual([
      "2 shared: 2, 2 instances work at less than full speed (faults.hot)",
      "3 fast: 1, 1 instance hangs (faults.stuck)",
      "5.000001 fast: 1, 1 instance lost (faults.stuck)",
      "5.000002 fast: 1, 1 instance back (faults.stuck)",
      "6 shared: 2, 2 instances back (faults.hot)",
      "10 shared: 1, 1 instance lost (outages.0)",
      "13 shared: 1, 1 instance back (outages.0)",
    ]);
  });

  it("has back what comes in the place of lost ones, and nothing that is wanted besides", () => {
    const dead = { fault: "node-loss", type: "own", at: "3s" } as const;
    expect(timelineOf({ faults: { dead } }, 5)).toEqual([
      "3 null: 1, 1 node of own lost (faults.dead)",
      "3 shared: 1, 1 instance lost (faults.dead)",
      "5 shared: 1, 1 instance back",
    ]);
  });

  it("has what was planned, as far as it has come", () => {
    const scheduled: TinyChanges = {
      pool: { autoscaler: { algorithm: "schedule", steps: [{ at: 2, replicas: 2 }] } },
      more: {
        duration: "10s",
        outages: [
          { pool: "fast", from: 3, for: 4 },
          { pool: "fast", from: 9, for: 4 },
        ],
      },
    };
    const { result } = play([{ at: 0, output: 1 }], scheduled);
    expect(result.timeline?.map(({ at: when, pool, text }) => `${when} ${pool}: ${text}`)).toEqual([
      "2 shared: up from 1 to 2 wanted replicas",
      "3 fast: outage begins",
      "7 fast: outage ends",
      "9 fast: outage begins",
    ]);
    expect(Object.keys(play([{ at: 0, output: 1 }]).result)).not.toContain("timeline");
  });
});
