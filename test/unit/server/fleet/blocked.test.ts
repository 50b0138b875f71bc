import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { START } from "../../../../src/core/base/units.js";
import { Pool, type WaitingFacts } from "../../../../src/core/server/fleet/pool.js";
import { none } from "../../../../src/core/server/gateway/policies/none.js";
import { aloneWork } from "../../../conformance/replica-run.js";
import { placementOf, signalsOf } from "../../../support/dated.js";
import { admissionOf, dispatching, policyContext, waitingView } from "../../../support/gateway-views.js";
import { gear } from "../../../support/mode.js";
import { ReplicaOfCounts } from "./replicas.js";

/** Request r has a prompt of r % 50 tokens. */
const facts = {
  ...waitingView(),
  pathOf: () => 0,
  inputTokensOf: (request: number) => request % 50,
  promptOf: (request: number) => aloneWork({ inputTokens: request % 50, outputTokens: 1 }),
} satisfies WaitingFacts;

function makePool(replicas: readonly ReplicaOfCounts[]): Pool {
  const pool = new Pool({
    name: "shared",
    kvMost: 100,
    admission: admissionOf({
      policy: none.create({ maxQueue: 1000 }, policyContext()),
      ranks: [0],
      rule: "fifo",
    }),
    placement: placementOf(),
    signals: signalsOf(),
  });
  for (const [slot, replica] of replicas.entries()) pool.add(slot, replica, START);
  return pool;
}

const make = (count: number) =>
  Array.from({ length: count }, () => new ReplicaOfCounts({ slots: 9, kvTokens: 100 }));

describe("a request that found no room", () => {
  const command = fc.record({
    kind: fc.constantFrom("join", "join", "leave", "go", "grow"),
    choice: fc.nat({ max: 1000 }),
  });

  it("starts when and where a look at every replica would start it", () => {
    const law = fc.property(fc.array(command, { minLength: 20, maxLength: 120 }), (commands) => {
      const replicas = make(4);
      const pool = makePool(replicas);
      const waiting: number[] = [];
      const running: { request: number; replica: number }[] = [];
      let requests = 0;
      return commands.every(({ kind, choice }) => {
        if (kind === "join") {
          const request = 50 * requests++ + 10 + (choice % 40);
          pool.join(request, 0, 0, START);
          waiting.push(request);
        } else if (kind === "leave" && waiting.length > 0) {
          pool.leave(waiting.splice(choice % waiting.length, 1)[0]!, START);
        } else if (kind === "go" && running.length > 0) {
          const [gone] = running.splice(choice % running.length, 1);
          replicas[gone!.replica]!.cancel(gone!.request);
          pool.left(gone!.request);
          pool.changed(gone!.replica);
        } else if (kind === "grow" && running.length > 0) {
          // Contexts grow by themselves: that is not reported.
          replicas[running[choice % running.length]!.replica]!.grow(1);
        }
        let isRight = true;
        pool.dispatch(
          START,
          dispatching(facts, (request, replica) => {
            const fitting = [0, 1, 2, 3].filter((index) => replicas[index]!.fits(facts.promptOf(request)));
            const [best] = fitting.sort((a, b) => replicas[a]!.slotsBusy - replicas[b]!.slotsBusy || a - b);
            isRight &&= request === waiting.shift() && replica === best;
            replicas[replica]!.admit(request, facts.promptOf(request));
            running.push({ request, replica });
          }),
        );
        return isRight && !pool.leavesWorkUndone(facts, START);
      });
    });
    fc.assert(law, { numRuns: gear(100, 300) });
  });

  it("is asked for again only at the replicas that have changed", () => {
    const replicas = make(50);
    for (const replica of replicas) replica.grow(80);
    const pool = makePool(replicas);
    const dispatch = () => {
      for (const replica of replicas) replica.asked = 0;
      pool.dispatch(
        START,
        dispatching(facts, () => undefined),
      );
      return replicas.reduce((sum, { asked }) => sum + asked, 0);
    };
    pool.join(49, 0, 0, START);
    expect(dispatch()).toBeGreaterThanOrEqual(50);
    pool.changed(7);
    expect([dispatch(), dispatch()]).toEqual([1, 0]);
  });
});
