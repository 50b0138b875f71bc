import { describe, expect, it } from "vitest";
import { START } from "../../../../../src/core/base/units.js";
import { Partition } from "../../../../../src/core/server/gateway/policies/partition.js";
import { createPolicy, policy } from "../../../../../src/core/server/gateway/policies/registry.js";
import { facts, policyContext, signals } from "../../../../support/gateway-views.js";

const USER = 0;
const PREFETCH = 1;

const make = (shares = [1, 0]) =>
  new Partition({ maxQueue: 100, queueTimeout: undefined, displaceLower: true, shares });

const ask = (policy: Pick<Partition, "decide">, path: number, busy: number, queued = [0, 0]) =>
  policy.decide(facts({ path, rank: path }), signals({ busy, queued }), START).kind;

describe("partition", () => {
  it("lets every path in while there is room, whatever its share", () => {
    const made = make();
    expect(Array.from({ length: 10 }, (_, busy) => ask(made, PREFETCH, busy))).toEqual(
      Array.from({ length: 10 }, () => "admit"),
    );
  });

  it("refuses while the pool is full the path that has its share, and lets another wait", () => {
    const made = make();
    ask(made, PREFETCH, 9);
    expect([ask(made, PREFETCH, 10), ask(made, USER, 10)]).toEqual(["reject", "wait"]);
    // A place has come free, but one waits for it.
    expect(ask(made, PREFETCH, 9, [1, 0])).toBe("reject");
  });

  it("has each path at least one, and rounds a share of the slots up", () => {
    const first = make();
    expect([ask(first, PREFETCH, 10), ask(first, PREFETCH, 10)]).toEqual(["wait", "reject"]);
    const third = make([1, 0.31]);
    const verdicts = Array.from({ length: 6 }, () => ask(third, PREFETCH, 10));
    expect(verdicts).toEqual(["wait", "wait", "wait", "wait", "reject", "reject"]);
  });

  it("counts what was let in until it is settled, and no more", () => {
    const made = make([1, 0.2]);
    const both = [ask(made, PREFETCH, 10), ask(made, PREFETCH, 10), ask(made, PREFETCH, 10)];
    made.settle(PREFETCH, "completed", START);
    expect([...both, ask(made, PREFETCH, 10), ask(made, PREFETCH, 10)]).toEqual([
      "wait",
      "wait",
      "reject",
      "wait",
      "reject",
    ]);
  });

  it("gives the lowest of several ranks no share, and the others all, unless told", () => {
    const paths = ["user", "prefetch"].map((name, rank) => ({ name, isServed: true, rank }));
    const letIn = (given: object) => {
      const made = createPolicy(policy.parse({ policy: "partition", ...given }), policyContext(paths));
      return [USER, PREFETCH].map(
        (path) =>
          Array.from({ length: 12 }, () => ask(made, path, 10)).filter((kind) => kind === "wait").length,
      );
    };
    expect([letIn({}), letIn({ shares: { prefetch: "50%" } })]).toEqual([
      [10, 1],
      [10, 5],
    ]);
  });
});
