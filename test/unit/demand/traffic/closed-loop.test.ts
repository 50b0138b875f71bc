import { describe, expect, test } from "vitest";
import { NONE } from "../../../../src/core/base/none.js";
import { type Instant, NEVER, seconds } from "../../../../src/core/base/units.js";
import { AccountNames } from "../../../../src/core/demand/traffic/accounts.js";
import { type ClosedLoopOptions, ClosedLoopSource } from "../../../../src/core/demand/traffic/closed-loop.js";
import { Contexts } from "../../../../src/core/demand/traffic/contexts.js";
import { emptyArrival } from "./arrival.js";

const OPTIONS: ClosedLoopOptions = {
  name: "users",
  callers: 3,
  think: { dist: "exponential", mean: 10 },
  accounts: { count: 2, skew: 0 },
  input: { dist: "exponential", mean: 500 },
  output: { dist: "exponential", mean: 50 },
  cached: 0,
  maxInput: 10_000,
  maxOutput: 1000,
  mix: [{ model: "m", share: 1 }],
};

const source = (options: Partial<ClosedLoopOptions> = {}, names = new AccountNames()) =>
  new ClosedLoopSource({ ...OPTIONS, ...options }, "seed", names, new Contexts());

/** What each caller sends when every request takes that many seconds. */
function sent(service: number, count: number): Map<number, string[]> {
  const users = source();
  const lengths = new Map<number, string[]>();
  const inFlight: { ticket: number; at: number }[] = [];
  const arrival = emptyArrival();
  for (let taken = 0; taken < count; ) {
    inFlight.sort((one, other) => one.at - other.at);
    const first = inFlight[0];
    if (first !== undefined && first.at <= users.nextAt) {
      inFlight.shift();
      users.ended({ ticket: first.ticket, completed: true, outputTokens: 1, cost: 0 }, first.at as Instant);
      continue;
    }
    const at = users.nextAt;
    users.take(arrival);
    taken++;
    inFlight.push({ ticket: arrival.ticket, at: at + seconds(service) });
    const own = lengths.get(arrival.ticket) ?? [];
    own.push(`${arrival.inputTokens}/${arrival.outputTokens}`);
    lengths.set(arrival.ticket, own);
  }
  return lengths;
}

describe("callers in a closed loop", () => {
  test("send one request each, then wait for its end", () => {
    const users = source();
    const arrival = emptyArrival();
    const tickets = [1, 2, 3].map(() => {
      users.take(arrival);
      return arrival.ticket;
    });
    expect(new Set(tickets).size).toBe(3);
    expect(tickets).not.toContain(NONE);
    expect(users.nextAt).toBe(NEVER);
  });

  test("think again from the end on, answered or not", () => {
    const users = source({ callers: 1, think: { dist: "constant", value: 4 } });
    const arrival = emptyArrival();
    expect(users.nextAt).toBe(seconds(4));
    users.take(arrival);
    const end = { ticket: arrival.ticket, completed: false, outputTokens: 0, cost: 0 };
    users.ended(end, seconds(10) as number as Instant);
    expect(users.nextAt).toBe(seconds(14));
  });

  test("send the same, however long answers take", () => {
    const [quick, slow] = [sent(0.1, 60), sent(30, 60)];
    for (const [caller, lengths] of slow) {
      const others = quick.get(caller)!;
      const common = Math.min(lengths.length, others.length);
      expect(common).toBeGreaterThan(5);
      expect(lengths.slice(0, common)).toEqual(others.slice(0, common));
    }
  });

  test("belong to the accounts of the source", () => {
    const names = new AccountNames();
    const users = source({ callers: 50 }, names);
    const arrival = emptyArrival();
    const seen = new Set<number>();
    for (let caller = 0; caller < 50; caller++) {
      users.take(arrival);
      seen.add(arrival.account);
    }
    expect([...seen].map((account) => names.nameOf(account)).sort()).toEqual(["users-1", "users-2"]);
  });
});
