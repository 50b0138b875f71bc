// The checker checked, as in canary.test.ts: faults of memory, of preemption and of the prefix cache.
import { expect, test } from "vitest";
import type { Engine } from "../../src/core/engine/engine.js";
import { RequestState } from "../../src/core/engine/request-table.js";
import { CANARY_WORLD } from "../support/canary-world.js";
import type { LawId } from "../support/checker/violations.js";
import { runChecked } from "../support/checker.js";

const FAULTS: readonly [string, LawId, (engine: Engine) => void][] = [
  ["memory that is said to be free", "LAW-12", hidesMemory],
  ["a new attempt before preempted ones", "LAW-9", overtakesLost],
  ["Priority preempted before Standard", "LAW-9", preemptsPriority],
  ["a preemption that is never told", "LAW-12", dropsPreemption],
  ["more found cached than there is", "LAW-1", findsTooMuch],
];

test.each(FAULTS)("%s: %s", (_, law, plant) => {
  const { violations } = runChecked(CANARY_WORLD, "canary", { plant });
  expect(violations.map((violation) => violation.law)).toContain(law);
});

function hidesMemory({ world }: Engine): void {
  for (const replica of world.replicas) {
    const kvUsed = replica.kvUsed.bind(replica);
    replica.kvUsed = (now) => Math.floor(kvUsed(now) / 2);
  }
}

/** The replica forgets whom it owes memory: they stay where they are, and others come in. */
function overtakesLost({ world }: Engine): void {
  for (const replica of world.replicas) {
    Object.defineProperty(replica, "rankLimit", { value: Number.POSITIVE_INFINITY });
  }
}

function preemptsPriority({ lifecycle, requests }: Engine): void {
  const preempted = lifecycle.preempted.bind(lifecycle);
  lifecycle.preempted = (request, now) => {
    const other = requests.underWay().find((slot) => {
      return (
        slot !== request &&
        requests.state[slot] === RequestState.running &&
        requests.replica[slot] === requests.replica[request]
      );
    });
    preempted(other ?? request, now);
  };
}

function dropsPreemption(engine: Engine): void {
  engine.lifecycle.preempted = () => undefined;
}

function findsTooMuch({ world }: Engine): void {
  for (const replica of world.replicas) {
    const admit = replica.admit.bind(replica);
    replica.admit = (id, work, now) => admit(id, work, now) + work.inputTokens;
  }
}
