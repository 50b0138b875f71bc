import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Instant, NEVER, seconds } from "../../../../src/core/base/units.js";
import { AccountNames } from "../../../../src/core/demand/traffic/accounts.js";
import { ClosedLoopSource } from "../../../../src/core/demand/traffic/closed-loop.js";
import { Contexts } from "../../../../src/core/demand/traffic/contexts.js";
import { createMoves, type MoveSpec, Moves, momentOf } from "../../../../src/core/demand/traffic/moves.js";
import { type OpenLoopOptions, OpenLoopSource } from "../../../../src/core/demand/traffic/open-loop.js";
import { openStream } from "../../../../src/core/random/stream.js";
import { binomialInterval } from "../../../../src/core/stats/binomial-interval.js";
import { gear } from "../../../support/mode.js";
import { type TimedArrival, take } from "./arrival.js";

const OLD = { model: "old" };
const NEW = { model: "new" };
const NEWEST = { model: "newest", serviceTier: "priority" };
const move = (changes: Partial<MoveSpec> = {}): MoveSpec => ({
  from: OLD,
  to: NEW,
  at: seconds(100),
  over: seconds(400),
  share: 0.8,
  ...changes,
});

const BY_HAND: OpenLoopOptions = {
  name: "agents",
  process: "poisson",
  rate: 50,
  cv: 1,
  accounts: { count: 400, skew: 0 },
  input: { dist: "exponential", mean: 800 },
  output: { dist: "exponential", mean: 200 },
  cached: 0,
  maxInput: 2000,
  maxOutput: 300,
  mix: [{ ...OLD, share: 1 }],
};

function sent(changes: Partial<OpenLoopOptions>, seed = "1", until = 600): TimedArrival[] {
  const source = new OpenLoopSource({ ...BY_HAND, ...changes }, seed, new AccountNames(), new Contexts());
  const all: TimedArrival[] = [];
  while (source.nextAt < until * 1e6) all.push(...take(source, 1));
  return all;
}

/** Of what is drawn evenly, the share that has moved by then: a straight line from `at`, `over` long, up to `share`. */
function curve({ at, over, share }: MoveSpec, time: number): number {
  if (time < at) return 0;
  return over === 0 ? share : share * Math.min(1, (time - at) / over);
}

describe("the moment of a move", () => {
  it("is in a straight line over the share that moves, by hand", () => {
    const spec = move();
    // 0.2 of 0.8: a quarter of 400 s after 100 s.
    expect([0, 0.2, 0.4, 0.8, 0.9].map((uniform) => momentOf(spec, uniform))).toEqual([
      100e6,
      200e6,
      300e6,
      NEVER,
      NEVER,
    ]);
    expect(momentOf(move({ over: seconds(0) }), 0.79)).toBe(100e6);
    expect(momentOf(move({ share: 0 }), 0)).toBe(NEVER);
    expect(momentOf(move({ share: 1 }), 1 - 2 ** -53)).toBe(500e6);
  });

  it("has the curve as its distribution, to a microsecond", () => {
    const law = fc.property(
      fc.integer({ min: 0, max: 1e12 }),
      fc.integer({ min: 1, max: 1e12 }),
      fc.double({ min: 0.001, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (at, over, share, uniform) => {
        const spec = move({ at: at as MoveSpec["at"], over: over as MoveSpec["over"], share });
        const moment = momentOf(spec, uniform);
        if (moment === NEVER) return uniform >= share;
        // Who is drawn at `uniform` is the last of that share.
        const [earlier, later] = [curve(spec, moment - 1), curve(spec, moment + 1)];
        return earlier <= uniform + 1e-12 && uniform <= later + 1e-12 && moment >= at && moment <= at + over;
      },
    );
    fc.assert(law);
  });
});

describe("moves", () => {
  const moves = (specs: readonly MoveSpec[], seed = "1", names?: readonly string[]) =>
    new Moves(
      specs,
      (who) => openStream(seed, `traffic/agents/moves/${who}`),
      (account) => names?.[account] ?? `agents-${account + 1}`,
    );
  const at = (time: number) => (time * 1e6) as Instant;
  const asked = (from: { model: string; serviceTier?: string }, specs: readonly MoveSpec[], made: number) => {
    const arrival = { model: from.model, serviceTier: from.serviceTier };
    moves(specs).readdress(arrival, made);
    return arrival;
  };

  it("lead from one to the next, and touch nothing else", () => {
    const specs = [move(), move({ from: NEW, to: NEWEST })];
    expect(asked(OLD, specs, 0)).toEqual({ model: "old", serviceTier: undefined });
    expect(asked(OLD, specs, 1)).toEqual({ model: "new", serviceTier: undefined });
    expect(asked(OLD, specs, 2)).toEqual({ model: "old", serviceTier: undefined });
    expect(asked(OLD, specs, 3)).toEqual(NEWEST);
    expect(asked({ model: "old", serviceTier: "priority" }, specs, 3)).toEqual({
      model: "old",
      serviceTier: "priority",
    });
  });

  it("are made by an account once and for all, at a moment that depends on its name alone", () => {
    const specs = [move(), move({ from: NEW, to: NEWEST, share: 0.5 })];
    const one = moves(specs);
    const later = moves(specs, "1", ["else", "agents-1"]);
    later.madeBy(0, at(0), 0);
    for (let time = 0, before = 0; time <= 600; time += 10) {
      const made = one.madeBy(0, at(time), 0);
      expect(made & before).toBe(before);
      expect(later.madeBy(1, at(time), 7)).toBe(made);
      before = made;
    }
    // Another move behind them changes neither.
    const more = moves([...specs, move()]);
    for (let account = 0; account < 50; account++)
      expect(more.madeBy(account, at(300), 0) & 3).toBe(one.madeBy(account, at(300), 0));
  });

  it("are made by requests one by one, where one account sends them all", () => {
    const names = new AccountNames();
    names.indexOf("agents-1");
    const options = { name: "agents", accounts: { count: 1 }, moves: [move()] };
    const alone = createMoves(options, "1", names)!;
    const made = Array.from({ length: 4000 }, () => alone.madeBy(0, at(300), 0)).reduce((a, b) => a + b, 0);
    const { low, high } = binomialInterval(made, 4000, 0.999);
    expect([low < 0.4, 0.4 < high]).toEqual([true, true]);
    const whole = createMoves({ ...options, moves: [move({ by: "account" })] }, "1", names)!;
    expect(new Set(Array.from({ length: 100 }, () => whole.madeBy(0, at(300), 0))).size).toBe(1);
    expect(createMoves({ name: "agents", accounts: { count: 1 } }, "1", names)).toBeUndefined();
  });

  it("are few enough to be told apart", () => {
    expect(() => moves(Array.from({ length: 17 }, () => move()))).toThrow("at most 16");
  });
});

describe("a source whose traffic moves", () => {
  const unmoved = ({ model: _, serviceTier: __, ...rest }: TimedArrival) => rest;

  it("sends what it would have sent, when it would have: only whom it asks changes", () => {
    const base = sent({}, "1", 150);
    for (const by of ["account", "request"] as const) {
      const moved = sent({ moves: [move({ by })] }, "1", 150);
      expect(moved.map(unmoved)).toEqual(base.map(unmoved));
      expect(moved).not.toEqual(base);
      expect(sent({ moves: [move({ by, share: 0 })] }, "1", 150)).toEqual(base);
    }
  });

  it("has moved the share that the curve says, by request and by account, as far as chance allows", () => {
    const law = fc.property(
      fc.constantFrom("account" as const, "request" as const),
      fc.integer({ min: 0, max: 300 }),
      fc.integer({ min: 0, max: 600 }),
      fc.double({ min: 0.05, max: 1, noNaN: true }),
      fc.nat(),
      (by, start, over, share, seed) => {
        const spec = move({ by, at: seconds(start), over: seconds(over), share });
        // An account each: by account and by request the same many independent draws.
        const rate = 10;
        const accounts = { count: 30_000, skew: 0 };
        const all = sent({ moves: [spec], rate, accounts }, `move-${seed}`);
        const bins = 6;
        for (let bin = 0; bin < bins; bin++) {
          const [from, until] = [bin * 100e6, (bin + 1) * 100e6];
          const within = all.filter(({ at }) => at >= from && at < until);
          const moved = within.filter(({ model }) => model === "new").length;
          const expected =
            within.reduce((sum, { at }) => sum + curve(spec, at), 0) / Math.max(1, within.length);
          // Over all bins and tries together: a try in twenty million is off by chance.
          const { low, high } = binomialInterval(moved, within.length, 1 - 1e-7);
          expect([low <= expected + 1e-12, high >= expected - 1e-12]).toEqual([true, true]);
        }
      },
    );
    fc.assert(law, { numRuns: gear(10, 100) });
  });

  it("has the curve on average over seeds, with accounts of very different size", () => {
    const accounts = { count: 20, skew: 1.2 };
    const moves = [move({ by: "account", share: 1 })];
    const shares = Array.from({ length: gear(60, 100) }, (_, seed) => {
      const all = sent({ moves, accounts, rate: 5 }, `seed-${seed}`, 310).filter(
        ({ at }) => at >= 290e6 && at < 310e6,
      );
      return all.filter(({ model }) => model === "new").length / all.length;
    });
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / (shares.length - 1);
    // Half of the accounts at 300 s; 3.29 standard errors are 99.9 %.
    expect(Math.abs(mean - 0.5)).toBeLessThan(3.29 * Math.sqrt(variance / shares.length));
    // And a seed is far from it: accounts move as a whole.
    expect(Math.sqrt(variance)).toBeGreaterThan(0.15);
  });

  it("keeps an account on one side at a time", () => {
    const seen = new Map<number, string>();
    let moved = 0;
    for (const { account, model } of sent({ moves: [move()], rate: 20 })) {
      const before = seen.get(account);
      if (before === "old" && model === "new") moved++;
      expect(before === "new" && model === "old").toBe(false);
      seen.set(account, model);
    }
    const { low, high } = binomialInterval(moved, 400, 0.999);
    expect([low < 0.8, high > 0.8]).toEqual([true, true]);
  });
});

describe("callers in a closed loop", () => {
  it("move by themselves whatever the others do, and ask for the same otherwise", () => {
    const requests = (slow: boolean, moves: readonly MoveSpec[]) => {
      const source = new ClosedLoopSource(
        {
          ...BY_HAND,
          accounts: { count: 3, skew: 0 },
          callers: 3,
          think: { dist: "constant", value: 10 },
          moves,
        },
        "1",
        new AccountNames(),
        new Contexts(),
      );
      const byCaller: { model: string; inputTokens: number }[][] = [[], [], []];
      for (let count = 0; count < 90; count++) {
        const now = source.nextAt;
        const [arrival] = take(source, 1);
        const { ticket, model, inputTokens } = arrival!;
        byCaller[ticket]!.push({ model, inputTokens });
        const took = slow && ticket === 0 ? 25 : 1;
        source.ended({ ticket, completed: true, outputTokens: 1, cost: 0 }, (now + took * 1e6) as Instant);
      }
      return byCaller;
    };
    const spec = move({ by: "request", at: seconds(0), over: seconds(0), share: 0.5 });
    const [slow, quick] = [requests(true, [spec]), requests(false, [spec])];
    for (const caller of [0, 1, 2]) {
      const length = Math.min(slow[caller]!.length, quick[caller]!.length);
      expect(length).toBeGreaterThan(10);
      expect(slow[caller]!.slice(0, length)).toEqual(quick[caller]!.slice(0, length));
      expect(new Set(quick[caller]!.map(({ model }) => model)).size).toBe(2);
    }
    const lengths = (all: ReturnType<typeof requests>) =>
      all.map((one) => one.map(({ inputTokens }) => inputTokens));
    expect(lengths(requests(false, []))).toEqual(lengths(quick));
  });
});
