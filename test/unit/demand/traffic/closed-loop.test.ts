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

/** When each request is sent, and by whom, where each takes that many seconds. */
function times(options: Partial<ClosedLoopOptions>, service: number, until: number): [number, number][] {
  const users = source({ think: { dist: "constant", value: 0 }, ...options });
  const arrival = emptyArrival();
  const inFlight: { ticket: number; at: number }[] = [];
  const all: [number, number][] = [];
  for (;;) {
    inFlight.sort((one, other) => one.at - other.at);
    const first = inFlight[0];
    const ended = first !== undefined && first.at <= users.nextAt;
    const now = ended ? first.at : users.nextAt;
    if (now > until * 1e6) return all;
    if (ended) {
      inFlight.shift();
      users.ended({ ticket: first.ticket, completed: true, outputTokens: 1, cost: 0 }, now as Instant);
    } else {
      users.take(arrival);
      inFlight.push({ ticket: arrival.ticket, at: now + seconds(service) });
      all.push([now / 1e6, arrival.ticket]);
    }
  }
}

describe("callers in a closed loop without think time", () => {
  test("send the next as soon as the one before has ended", () => {
    expect(times({ callers: 1 }, 2.5, 10).map(([at]) => at)).toEqual([0, 2.5, 5, 7.5, 10]);
  });

  test("are told where they are refused at once for ever, and time would stand still", () => {
    const users = source({ callers: 2, think: { dist: "constant", value: 0 } });
    const arrival = emptyArrival();
    const refuse = () => {
      users.take(arrival);
      users.ended({ ticket: arrival.ticket, completed: false, outputTokens: 0, cost: 0 }, 0 as Instant);
    };
    for (let count = 0; count < 199; count++) refuse();
    expect(() => {
      for (let count = 0; count < 10; count++) refuse();
    }).toThrow("traffic.users: its callers are refused at once and, without think time, are back at once");
  });

  test("may all be refused at one instant, as long as time goes on", () => {
    const users = source({ callers: 2, think: { dist: "constant", value: 0.001 } });
    const arrival = emptyArrival();
    for (let count = 0; count < 10_000; count++) {
      const at = users.nextAt;
      users.take(arrival);
      users.ended({ ticket: arrival.ticket, completed: false, outputTokens: 0, cost: 0 }, at);
    }
    expect(users.nextAt).toBe(5_001_000);
  });
});

describe("callers who join over a time", () => {
  const joins = (stagger: ClosedLoopOptions["stagger"]) =>
    times({ callers: 4, stagger, think: { dist: "constant", value: 99 } }, 1, 50);

  test("evenly: one after the other, each sending when it joins", () => {
    expect(joins({ over: seconds(20), join: "evenly" })).toEqual([
      [0, 0],
      [5, 1],
      [10, 2],
      [15, 3],
    ]);
  });

  test("at random: each at a moment of its own, and what they send is the same", () => {
    const all = joins({ over: seconds(20), join: "at random" });
    expect(new Set(all.map(([, caller]) => caller)).size).toBe(4);
    expect(all.every(([at]) => at >= 0 && at < 20)).toBe(true);
    expect(all.map(([at]) => at)).not.toEqual([0, 5, 10, 15]);
  });
});

describe("callers after a plan", () => {
  test("are as many as it says, at every step of a concurrency sweep", () => {
    const phases = [1, 4, 2].map((callers) => ({ duration: seconds(10), callers }));
    const all = times({ callers: undefined, phases }, 2, 40);
    const sentIn = (from: number) => all.filter(([at]) => at >= from && at < from + 10).length;
    // Each sends every 2 s: 5 requests a step. Nobody sends after the last, and who has sent is answered.
    expect([0, 10, 20, 30].map(sentIn)).toEqual([5, 20, 10, 0]);
  });

  test("send when they join on a ramp, and not once they have left", () => {
    const phases = [
      { duration: seconds(4), callers: 0, rampTo: 4 },
      { duration: seconds(4), callers: 4, rampTo: 0 },
    ];
    const all = times({ callers: undefined, phases, repeat: true }, 100, 20);
    expect(all).toEqual([
      [0.5, 0],
      [1.5, 1],
      [2.5, 2],
      [3.5, 3],
    ]);
    const quick = times({ callers: undefined, phases, repeat: true }, 0.25, 16);
    const last = (caller: number) =>
      Math.max(...quick.filter(([at, who]) => who === caller && at < 8).map(([at]) => at));
    expect([0, 3].map(last)).toEqual([7.25, 4.25]);
  });
});
