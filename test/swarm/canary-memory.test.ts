// The checker checked, as in canary.test.ts: faults of memory, of preemption and of the prefix cache.
import { expect, test } from "vitest";
import type { Seams } from "../../src/core/engine/world/seams.js";
import { AttemptState } from "../../src/core/server/attempts/attempt-table.js";
import type { Replica } from "../../src/core/server/replica/replica.js";
import type { Service } from "../../src/core/server/service/service.js";
import { CANARY_WORLD } from "../support/canary-world.js";
import type { LawId } from "../support/checker/violations.js";
import { runChecked } from "../support/checker.js";

const FAULTS: readonly [string, LawId, () => Seams][] = [
  ["memory that is said to be free", "LAW-12", hidesMemory],
  ["a new attempt before preempted ones", "LAW-9", overtakesLost],
  ["Priority preempted before Standard", "LAW-9", preemptsPriority],
  ["a preemption that is never told", "LAW-12", dropsPreemption],
  ["more found cached than there is", "LAW-1", findsTooMuch],
];

test.each(FAULTS)("%s: %s", (_, law, plant) => {
  const { violations } = runChecked(CANARY_WORLD, "canary", { plant, stopAt: law });
  expect(violations.map((violation) => violation.law)).toContain(law);
});

function hidesMemory(): Seams {
  return {
    replica: (replica) => {
      const kvUsed = replica.kvUsed.bind(replica);
      replica.kvUsed = (now) => Math.floor(kvUsed(now) / 2);
      return replica;
    },
  };
}

/** The replica forgets whom it owes memory: they stay where they are, and others come in. */
function overtakesLost(): Seams {
  return {
    replica: (replica) =>
      Object.defineProperty(replica, "rankLimit", { value: Number.POSITIVE_INFINITY }) as Replica,
  };
}

/** Another one of the same replica is named. */
function preemptsPriority(): Seams {
  let service: Service;
  return {
    calls: (calls) => {
      service = calls as Service;
      return calls;
    },
    listener: (listener) => ({
      ...listener,
      preempted: (attempt, now) => {
        const { attempts } = service;
        const { work } = attempts;
        const other = attempts.inOrder().find((slot) => {
          const isRunning = work.state(slot) === AttemptState.running;
          return slot !== attempt && isRunning && work.instance(slot) === work.instance(attempt);
        });
        listener.preempted(other ?? attempt, now);
      },
    }),
  };
}

function dropsPreemption(): Seams {
  return { listener: (listener) => ({ ...listener, preempted: () => undefined }) };
}

function findsTooMuch(): Seams {
  return {
    replica: (replica) => {
      const admit = replica.admit.bind(replica);
      replica.admit = (id, work, now) => admit(id, work, now) + work.inputTokens;
      return replica;
    },
  };
}
