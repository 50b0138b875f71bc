import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { START } from "../../../../../src/core/base/units.js";
import { NO_REQUEST } from "../../../../../src/core/server/gateway/queue/queue.js";
import { createQueueRule, queueRule } from "../../../../../src/core/server/gateway/queue/registry.js";
import type { QueueRule } from "../../../../../src/core/server/gateway/queue/rule.js";
import { VirtualTokenCounter } from "../../../../../src/core/server/gateway/queue/vtc.js";
import { lanesOf, occupancy, startsAll, waitingView } from "../../../../support/gateway-views.js";

const WEIGHTS = { input: 1, output: 2 };
const waiting = waitingView({ pathOf: () => 0, inputTokensOf: () => 1 });

const make = (ranks: readonly number[] = [0, 1]) => new VirtualTokenCounter(WEIGHTS, ranks);
const next = (rule: QueueRule) => rule.next(startsAll, waiting, occupancy(), START);

/** Starts who is next, with a prompt of so many tokens, and ends it with as many generated. */
function serve(rule: QueueRule, input: number, output = 0): number {
  const request = next(rule);
  rule.leave(request);
  rule.started(request, input, START);
  rule.settled(request, output, START);
  return request;
}

describe("virtual token counter", () => {
  it("asks the account first that was served least, and of equals who came first", () => {
    const rule = make();
    for (const [request, account] of [0, 0, 0, 1, 1].entries()) rule.join(request, 0, account);
    expect([10, 4, 4, 4, 1].map((input) => serve(rule, input))).toEqual([0, 3, 4, 1, 2]);
  });

  it("counts a prompt when it starts and an answer, at its weight, when it ends", () => {
    const rule = make();
    for (const [request, account] of [0, 0, 1, 1, 1, 1, 1].entries()) rule.join(request, 0, account);
    expect(serve(rule, 0, 10)).toBe(0);
    expect([7, 7, 5, 2].map((input) => serve(rule, input))).toEqual([2, 3, 4, 5]);
    expect(next(rule)).toBe(1);
  });

  it("lifts an account that comes back to the least of those that wait", () => {
    const rule = make();
    rule.join(0, 0, 0);
    rule.join(1, 0, 0);
    serve(rule, 100);
    rule.join(2, 0, 1);
    rule.join(3, 0, 1);
    // Account 1 has had nothing, and is level with account 0 all the same: it came later.
    expect([serve(rule, 1), serve(rule, 1), serve(rule, 1)]).toEqual([1, 2, 3]);
  });

  it("lifts the first to come to an empty queue to the account that left it last", () => {
    const rule = make();
    rule.join(0, 0, 0);
    serve(rule, 100);
    rule.join(1, 0, 1);
    rule.join(2, 0, 0);
    rule.join(3, 0, 1);
    expect([serve(rule, 1), serve(rule, 1)]).toEqual([1, 2]);
  });

  it("goes by rank before it goes by account, and counts each rank by itself", () => {
    const rule = make();
    rule.join(0, 1, 1);
    rule.join(1, 0, 0);
    rule.join(2, 0, 0);
    expect([serve(rule, 50), serve(rule, 50), next(rule)]).toEqual([1, 2, 0]);
    rule.join(3, 1, 0);
    expect(serve(rule, 1)).toBe(0);
  });

  it("keeps one count for all paths of an account that have one rank", () => {
    const rule = make([0, 0]);
    rule.join(0, 0, 0);
    rule.join(1, 1, 0);
    rule.join(2, 0, 1);
    expect([serve(rule, 5), serve(rule, 1), serve(rule, 1)]).toEqual([0, 2, 1]);
  });

  it("has the account leave for an arrival that was served most", () => {
    const rule = make();
    for (const [request, account] of [0, 0, 1, 1].entries()) rule.join(request, 1, account);
    expect(rule.lastBelow(0)).toBe(3);
    serve(rule, 100);
    expect([rule.lastBelow(0), rule.lastBelow(1)]).toEqual([1, NO_REQUEST]);
  });

  it("has the weights of the paper unless told", () => {
    expect(queueRule.parse("vtc")).toEqual({ rule: "vtc", inputWeight: 1, outputWeight: 2 });
  });
});

const SLOTS = 4;
const MOST_INPUT = 100;
const MOST_OUTPUT = 50;

const arrival = fc.record({
  account: fc.constantFrom(0, 0, 0, 0, 1, 2),
  input: fc.nat({ max: MOST_INPUT }),
  output: fc.nat({ max: MOST_OUTPUT }),
  /** How many end before the next arrival: fewer than come. */
  ends: fc.constantFrom(0, 0, 1, 1, 1),
});

/** What a batch holds. */
interface Batch {
  readonly slots: number;
  /** Prompts and answers of all that is inside, at their ends. */
  readonly tokens: number;
}

/** The most by which two accounts that both wait, all the time between, are apart in what they were served since. */
function apart(
  rule: QueueRule,
  { slots, tokens }: Batch,
  arrivals: readonly (typeof arrival extends fc.Arbitrary<infer Value> ? Value : never)[],
) {
  const running: number[] = [];
  const backlog = [0, 0, 0];
  const served = [0, 0, 0];
  /** For two accounts, their difference when both began to wait; undefined while they do not. */
  const since = new Map<string, number>();
  let most = 0;
  const of = (request: number) => arrivals[request]!;
  const sizeOf = (requests: readonly number[]) =>
    requests.reduce((sum, one) => sum + of(one).input + of(one).output, 0);
  const look = () => {
    for (const [one, other] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      const difference = served[one]! - served[other]!;
      const key = `${one} ${other}`;
      if (backlog[one] === 0 || backlog[other] === 0) since.delete(key);
      else if (!since.has(key)) since.set(key, difference);
      else most = Math.max(most, Math.abs(difference - since.get(key)!));
    }
  };
  const start = () => {
    while (running.length < slots && rule.queue.length > 0) {
      const request = next(rule);
      // None overtakes one that does not fit yet.
      if (sizeOf([...running, request]) > tokens) return;
      rule.leave(request);
      rule.started(request, of(request).input, START);
      backlog[of(request).account]!--;
      served[of(request).account]! += WEIGHTS.input * of(request).input;
      running.push(request);
      look();
    }
  };
  for (const [request, { account, ends }] of arrivals.entries()) {
    rule.join(request, 0, account, START);
    backlog[account]!++;
    look();
    start();
    for (const gone of running.splice(0, ends)) {
      rule.settled(gone, of(gone).output, START);
      served[of(gone).account]! += WEIGHTS.output * of(gone).output;
      look();
    }
    start();
  }
  return most;
}

describe("two accounts that both wait", () => {
  /** One prompt, and all that one account can have inside: a batch of so many slots. */
  const BOUND = WEIGHTS.input * MOST_INPUT + WEIGHTS.output * SLOTS * MOST_OUTPUT;
  const batch: Batch = { slots: SLOTS, tokens: Number.POSITIVE_INFINITY };
  const busy = fc.array(arrival, { minLength: 50, maxLength: 300 });

  it("are served alike, but for twice one prompt and what one of them can have inside", () => {
    const law = fc.property(busy, (arrivals) => apart(make(), batch, arrivals) <= 2 * BOUND);
    fc.assert(law, { numRuns: 200 });
  });

  /**
   * That of the paper: twice what a prompt or what a full batch counts, whichever is more. From the start of a request
   * on, its account is charged its prompt and the answers of what is inside then, and all of that is in the batch.
   */
  const published = (tokens: number) => 2 * Math.max(WEIGHTS.input * MOST_INPUT, WEIGHTS.output * tokens);

  it.each([MOST_INPUT + MOST_OUTPUT, 200, 300])(
    "keep to the paper's bound in a batch of %i tokens",
    (tokens) => {
      const law = fc.property(
        busy,
        (arrivals) =>
          apart(make(), { slots: Number.POSITIVE_INFINITY, tokens }, arrivals) <= published(tokens),
      );
      fc.assert(law, { numRuns: 100 });
    },
  );

  it("are not where the first come is the first served, whichever bound it is", () => {
    const inOrder = () => createQueueRule({ rule: "fifo" }, lanesOf([0, 1]));
    const samples = fc.sample(busy, { seed: 1, numRuns: 50 });
    const furthest = samples.map((arrivals) => apart(inOrder(), batch, arrivals));
    expect(Math.max(...furthest)).toBeGreaterThan(4 * BOUND);
    const inBatches = samples.map((arrivals) =>
      apart(inOrder(), { slots: Number.POSITIVE_INFINITY, tokens: 200 }, arrivals),
    );
    expect(Math.max(...inBatches)).toBeGreaterThan(2 * published(200));
  });
});
