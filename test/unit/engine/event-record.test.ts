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
  const fleet = makeFleetOn([{ ...undivided(4), nodes: 2 }]);
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
    fleet.note("fault-begins", 1, at(6), { name: "hang" });
    expect(told()).toEqual([
      "1 one: 1 instance lost",
      "2 one: 1 instance back",
      "3 null: 1 node about to go",
      "4 null: 1 node lost",
      "4 one: 2 instances lost",
      "5 null: 1 node back",
      "6 other: fault hang begins",
    ]);
  });

  it("ends with the measured window", () => {
    const { sizing, record, told } = made();
    record.windowCloses();
    sizing.resize(0, 3, at(1));
    expect(told()).toEqual([]);
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
