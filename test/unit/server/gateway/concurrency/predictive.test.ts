import { describe, expect, it } from "vitest";
import { duration, instant, NEVER, seconds } from "../../../../../src/core/base/units.js";
import type { Stay } from "../../../../../src/core/server/gateway/concurrency/limit.js";
import { PredictiveLimit } from "../../../../../src/core/server/gateway/concurrency/predictive.js";
import { concurrencyLimit } from "../../../../../src/core/server/gateway/concurrency/registry.js";
import { facts } from "../../../../support/gateway-views.js";

const OPTIONS = {
  ttft: seconds(5),
  tpot: duration(100_000),
  predictor: "predicted",
  // As good as for ever: what it has learned stays what it began with.
  memory: 1e12,
  perPromptToken: 100,
  perToken: 20_000,
  perSequence: 1000,
  answer: seconds(10),
} as const;

type Changes = Partial<Record<keyof typeof OPTIONS, number | string>>;

/** A pool whose speeds are those that the limit begins with: nothing is told that it does not expect. */
class Pool {
  readonly limit: PredictiveLimit;
  #now = 0;
  #attempts = 0;
  readonly #startedAt: number[] = [];
  readonly #firstTokenAt: number[] = [];

  constructor(changes: Changes = {}) {
    this.limit = new PredictiveLimit({ ...OPTIONS, ...changes } as typeof OPTIONS);
  }

  at(second: number): this {
    this.#now = seconds(second);
    return this;
  }

  start(inputTokens: number, cachedTokens = 0): number {
    const attempt = this.#attempts++;
    this.#startedAt[attempt] = this.#now;
    this.#firstTokenAt[attempt] = NEVER;
    this.limit.entered(attempt, facts({ inputTokens, cachedTokens }), 1, instant(this.#now));
    return attempt;
  }

  token(attempt: number): this {
    this.#firstTokenAt[attempt] = this.#now;
    this.limit.firstToken(attempt, instant(this.#startedAt[attempt]!), 1, instant(this.#now));
    return this;
  }

  leave(attempt: number, changes: Partial<Stay> = {}): this {
    const [startedAt, firstTokenAt] = [this.#startedAt[attempt]!, this.#firstTokenAt[attempt]!];
    const times = {
      startedAt: instant(startedAt),
      firstTokenAt: instant(firstTokenAt),
      leftAt: instant(this.#now),
    };
    this.limit.left(attempt, { ...times, outputTokens: 1, settlement: "completed", ...changes });
    return this;
  }

  /** So many that generate, as if they had started now. */
  generate(count: number): this {
    for (let n = 0; n < count; n++) this.token(this.start(0));
    return this;
  }

  /** A long time in which answers lasted 10 s, one after the other; ends at 1e6 s. */
  past(): this {
    for (let n = 0; n < 100_000; n++) {
      const attempt = this.at(10 * n).start(0);
      this.at(10 * n + 0.02).token(attempt);
      this.at(10 * n + 10).leave(attempt);
    }
    return this;
  }

  takes(inputTokens: number, cachedTokens = 0): boolean {
    return this.limit.mayEnter(facts({ inputTokens, cachedTokens }));
  }
}

describe("time to the first token, as predicted", () => {
  it("is that of the uncached prompt tokens ahead and its own", () => {
    const pool = new Pool();
    expect(pool.limit.ttftAfter(1000)).toBeCloseTo(120_000, 3);
    pool.start(20_000, 5_000);
    const second = pool.start(10_000);
    expect(pool.limit.ttftAfter(1000)).toBeCloseTo(20_000 + 26_000 * 100, 3);
    pool.leave(second, { settlement: "cut", outputTokens: 0 });
    expect(pool.limit.ttftAfter(1000)).toBeCloseTo(20_000 + 16_000 * 100, 3);
    pool.at(1.52).token(0);
    expect(pool.limit.ttftAfter(1000)).toBeCloseTo(120_000, 3);
  });

  it("lets in up to the objective, cached tokens apart", () => {
    const pool = new Pool();
    expect([49_800, 49_801].map((tokens) => pool.takes(tokens))).toEqual([true, false]);
    expect(pool.takes(60_000, 10_200)).toBe(true);
    pool.start(30_000);
    expect([19_800, 19_801].map((tokens) => pool.takes(tokens))).toEqual([true, false]);
  });

  it("is that of what turned out not to be cached, once it has started", () => {
    const pool = new Pool();
    const attempt = pool.start(20_000, 15_000);
    expect(pool.limit.ttftAfter(0)).toBeCloseTo(20_000 + 5_000 * 100, 3);
    pool.limit.foundCached(attempt, facts({ inputTokens: 20_000, cachedTokens: 0 }));
    expect(pool.limit.ttftAfter(0)).toBeCloseTo(20_000 + 20_000 * 100, 3);
    pool.leave(attempt, { settlement: "cut", firstTokenAt: NEVER, outputTokens: 0 });
    expect(pool.limit.ttftAfter(0)).toBeCloseTo(20_000, 3);
  });

  it("is learned from first tokens, and from those that waited in vain for longer than that", () => {
    const pool = new Pool({ memory: 2 });
    for (let n = 0; n < 600; n++) {
      const attempt = pool.at(10 * n).start(1000 * (n % 7));
      pool
        .at(10 * n + 0.05 + 0.3 * (n % 7))
        .token(attempt)
        .leave(attempt);
    }
    expect(pool.limit.ttftAfter(5000) / 1e6).toBeCloseTo(1.55, 1);
    const before = pool.limit.ttftAfter(5000);
    const patient = pool.start(5000);
    pool.at(9000).leave(patient, { settlement: "cut", firstTokenAt: NEVER, outputTokens: 0 });
    expect(pool.limit.ttftAfter(5000)).toBeGreaterThan(before);
  });
});

describe("load, as predicted", () => {
  // 100 ms a token are 80 sequences.
  it("is what generates now, with itself", () => {
    const taken = [78, 79, 80].map((count) => new Pool({ predictor: "current" }).generate(count).takes(100));
    expect(taken).toEqual([true, true, false]);
  });

  it("counts what prefills, unless only the present counts", () => {
    const taken = (["predicted", "current"] as const).map((predictor) => {
      const pool = new Pool({ predictor }).generate(40);
      for (let n = 0; n < 40; n++) pool.start(100);
      return pool.takes(100);
    });
    expect(taken).toEqual([false, true]);
  });

  it("leaves out what will have ended when its own prompt is through, and nothing before", () => {
    // All have 4 s to go: a prompt of 3 s is through before that, and one of 5 s after it.
    const pool = new Pool()
      .past()
      .generate(80)
      .at(1e6 + 6);
    pool.start(0);
    expect([29_800, 49_700].map((tokens) => pool.takes(tokens))).toEqual([false, true]);
  });

  it("has those that prefill come evenly, so that of more than a life only the last of them are there", () => {
    const pool = new Pool({ answer: seconds(1) });
    for (let n = 0; n < 100; n++) pool.start(0);
    // In 1 s all 100 come, and in 4 s they have, but for a quarter.
    expect([9_800, 39_800].map((tokens) => pool.takes(tokens))).toEqual([false, true]);
  });

  it("takes what is over its time to leave evenly, a tenth in a tenth of it", () => {
    const pool = new Pool()
      .past()
      .generate(88)
      .at(1e6 + 30);
    pool.start(0);
    // 88 x 0.9 = 79.2 after 1 s, one that prefills and itself are too many; 88 x 0.88 = 77.4 after 1.2 s, and they are not.
    expect([9_800, 11_800].map((tokens) => pool.takes(tokens))).toEqual([false, true]);
  });

  it("takes answers to last as long as sequences generated, per one that left", () => {
    const pool = new Pool({ memory: 2, answer: seconds(1) });
    for (let n = 0; n < 30; n++) {
      const attempt = pool.at(100 * n).start(0);
      pool
        .token(attempt)
        .at(100 * n + 40)
        .leave(attempt);
    }
    // 40 s: after 30 s of 90 none has ended.
    pool.at(3000).generate(90).at(3030);
    pool.start(0);
    expect(pool.takes(40_000)).toBe(false);
  });
});

describe("time of a token", () => {
  it("is learned from completed answers, over those that generated beside", () => {
    const pool = new Pool({ memory: 2 });
    for (let n = 0; n < 200; n++) {
      const beside = n % 2 === 0 ? 1 : 11;
      const all = Array.from({ length: beside }, () => pool.at(100 * n).start(0));
      for (const attempt of all) pool.token(attempt);
      const tokens = 101;
      // 30 ms and 2 ms for each.
      pool.at(100 * n + 0.1 * (30 + 2 * beside));
      const [first, ...others] = all;
      pool.leave(first!, { outputTokens: tokens });
      for (const attempt of others) pool.leave(attempt, { settlement: "cut", outputTokens: 5 });
    }
    // The first of eleven generated beside 1 to 11, as it is told of them: 6 on average, of which one is itself.
    expect(pool.limit.tpotOf(1) / 1000).toBeCloseTo(32, 0);
    expect(pool.limit.tpotOf(6) / 1000).toBeCloseTo(52, 0);
  });

  it("tells nothing where there is one token, or the answer was cut", () => {
    const pool = new Pool({ memory: 2 });
    const [one, cut] = [pool.start(0), pool.start(0)];
    pool.token(one).token(cut).at(50);
    pool.leave(one, { outputTokens: 1 }).leave(cut, { outputTokens: 9, settlement: "cut" });
    expect(pool.limit.tpotOf(0)).toBeCloseTo(20_000, 6);
  });
});

it("begins with speeds of ours", () => {
  const { limit: _, ...defaults } = concurrencyLimit.parse("predictive");
  expect(defaults).toEqual({ ...OPTIONS, memory: 100, perPromptToken: 50, perSequence: 500 });
});
