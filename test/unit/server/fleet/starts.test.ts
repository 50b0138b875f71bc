import { describe, expect, it } from "vitest";
import { INSTANCE_STATES, InstanceState } from "../../../../src/core/base/instance-state.js";
import { type Duration, type Instant, NO_TIME, START, seconds } from "../../../../src/core/base/units.js";
import { EventQueue } from "../../../../src/core/kernel/event-queue.js";
import { Phase } from "../../../../src/core/kernel/phase.js";
import { NO_STAGES } from "../../../../src/core/server/fleet/cold-start.js";
import { Instances } from "../../../../src/core/server/fleet/instances.js";
import { undivided } from "../../../../src/core/server/fleet/node-type.js";
import { Nodes } from "../../../../src/core/server/fleet/nodes.js";
import { Starts } from "../../../../src/core/server/fleet/starts.js";

const KIND = 13;
const s = (value: number) => seconds(value);
const STAGES = { provision: s(100), image: s(20), load: s(5), init: s(3) };

function makeStarts(isStanding = false) {
  const events = new EventQueue();
  const instances = new Instances(1);
  const nodes = new Nodes([{ ...undivided(8), isStanding, nodes: 2 }]);
  const starts = new Starts({ events, kind: KIND, instances, nodes });
  const begin = (gpus: number, now: Instant, stages = STAGES) => {
    const slot = instances.next(0);
    nodes.put(slot, gpus, 0);
    const isUp = starts.begin(slot, stages, now);
    if (isUp) instances.move(slot, InstanceState.ready, now);
    return slot;
  };
  /** Until nothing starts any more: when each instance got into each state. */
  const run = () => {
    const log: string[] = [];
    while (events.size > 0) {
      expect(events.nextPhase).toBe(Phase.control);
      events.pop();
      const isOver = starts.advance(events.subject, events.time);
      if (isOver) instances.move(events.subject, InstanceState.ready, events.time);
      const state = INSTANCE_STATES[instances.stateOf(events.subject)];
      log.push(`${events.time / 1e6}: ${events.subject} ${state}`);
    }
    return log;
  };
  return { events, instances, starts, begin, run };
}

describe("cold starts", () => {
  it("go through their stages, each as long as it takes", () => {
    const { instances, begin, run } = makeStarts();
    expect(instances.stateOf(begin(8, START))).toBe(InstanceState.provisioning);
    expect(run()).toEqual(["100: 0 imaging", "120: 0 loading", "125: 0 warming", "128: 0 ready"]);
  });

  it("leave out stages that take no time; without any, an instance is up at once", () => {
    const { instances, begin, run } = makeStarts();
    begin(8, START, { ...STAGES, image: NO_TIME, init: NO_TIME });
    expect(instances.stateOf(begin(1, START, NO_STAGES))).toBe(InstanceState.ready);
    expect(run()).toEqual(["100: 0 loading", "105: 0 ready"]);
  });

  it("wait together for a node that comes up, and not at all for one that is", () => {
    const { begin, run } = makeStarts();
    begin(2, START);
    begin(2, s(60) as number as Instant);
    expect(run()).toContain("128: 1 ready");
    begin(2, s(200) as number as Instant);
    expect(run()).toEqual(["220: 2 loading", "225: 2 warming", "228: 2 ready"]);
  });

  it("need no node to come up that is always up", () => {
    const { begin, run } = makeStarts(true);
    begin(8, START);
    expect(run().at(-1)).toBe("28: 0 ready");
  });

  it("end when they are stopped, and begin anew where the image is", () => {
    const { events, instances, starts, begin, run } = makeStarts();
    const slot = begin(8, START);
    expect(events.size).toBe(1);
    starts.stop(slot);
    expect(events.size).toBe(0);
    instances.move(slot, InstanceState.lost, START);
    starts.again(slot, STAGES, START);
    expect(run()).toEqual(["5: 0 warming", "8: 0 ready"]);
    starts.stop(slot);
  });

  it("of one that is asleep are as short as waking it", () => {
    const { instances, starts, run } = makeStarts();
    const slot = instances.next(0);
    instances.move(slot, InstanceState.sleeping, START);
    expect(starts.wake(slot, 2_000_000 as Duration, START)).toBe(false);
    expect(run()).toEqual(["2: 0 ready"]);
  });
});
