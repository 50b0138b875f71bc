import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instant, MICROS_PER_MINUTE, NO_TIME } from "../../../../../src/core/base/units.js";
import type { MeterSpec } from "../../../../../src/core/server/gateway/accounts/meter.js";
import { TokenBuckets } from "../../../../../src/core/server/gateway/accounts/token-bucket.js";

const SECOND = 1_000_000;

/** One bucket of one row, asked at instants. */
class Bucket {
  readonly #buckets: TokenBuckets;

  constructor(spec: MeterSpec) {
    this.#buckets = new TokenBuckets([spec]);
  }

  tryTake(amount: number, at: number): boolean {
    this.#buckets.advance(0, instant(at));
    const holds = this.#buckets.holds(0, 0, amount);
    if (holds) this.#buckets.take(0, 0, amount);
    return holds;
  }

  take(amount: number): void {
    this.#buckets.take(0, 0, amount);
  }

  giveBack(amount: number): void {
    this.#buckets.giveBack(0, 0, amount);
  }

  holds(amount: number, at: number): boolean {
    this.#buckets.advance(0, instant(at));
    return this.#buckets.holds(0, 0, amount);
  }

  waitFor(amount: number, at: number): number | undefined {
    this.#buckets.advance(0, instant(at));
    return this.#buckets.waitFor(0, 0, amount);
  }
}

const spec = fc.record({
  perMinute: fc.integer({ min: 1, max: 6000 }),
  burst: fc.integer({ min: 1, max: 40 }),
});
const asks = fc.array(
  fc.record({ gap: fc.nat({ max: 3 * SECOND }), amount: fc.integer({ min: 1, max: 12 }) }),
  {
    minLength: 1,
    maxLength: 40,
  },
);

interface Admission {
  readonly at: number;
  readonly amount: number;
}

/** The most that any window admits beyond its refill, in amount x microminutes: the burst is the bound. */
function worstExcess(admitted: readonly Admission[], perMinute: number): number {
  let worst = 0;
  for (const [first, { at: from }] of admitted.entries()) {
    let sum = 0;
    for (const { at, amount } of admitted.slice(first)) {
      sum += amount * MICROS_PER_MINUTE;
      worst = Math.max(worst, sum - (at - from) * perMinute);
    }
  }
  return worst;
}

describe("token bucket", () => {
  it("admits in no window more than its burst and the window's refill", () => {
    fc.assert(
      fc.property(spec, asks, (bucketSpec, requests) => {
        const bucket = new Bucket(bucketSpec);
        const admitted: Admission[] = [];
        let at = 0;
        for (const { gap, amount } of requests) {
          at += gap;
          if (bucket.tryTake(amount, at)) admitted.push({ at, amount });
        }
        return worstExcess(admitted, bucketSpec.perMinute) <= bucketSpec.burst * MICROS_PER_MINUTE;
      }),
      { numRuns: 300 },
    );
  });

  it("refuses nothing that burst and refill allow for", () => {
    // A sequence that takes exactly what there is: 3 at once, then one every 20 s, each at the very microsecond.
    const bucket = new Bucket({ perMinute: 3, burst: 3 });
    const times = [0, 0, 0, ...Array.from({ length: 50 }, (_, index) => (index + 1) * 20 * SECOND)];
    expect(times.filter((at) => !bucket.tryTake(1, at))).toEqual([]);
  });

  it("says how long to wait, and not a microsecond more or less will do", () => {
    fc.assert(
      fc.property(spec, asks, fc.integer({ min: 1, max: 40 }), (bucketSpec, requests, amount) => {
        const make = () => {
          const bucket = new Bucket(bucketSpec);
          let at = 0;
          for (const each of requests) {
            at += each.gap;
            // Into debt, too: every third is taken unasked.
            if (each.amount % 3 === 0) bucket.take(each.amount);
            else bucket.tryTake(each.amount, at);
          }
          return { bucket, at };
        };
        const { bucket, at } = make();
        const wait = bucket.waitFor(amount, at);
        if (wait === undefined) return amount > bucketSpec.burst;
        const early = make();
        const isEarlyRefused = wait === 0 || !early.bucket.holds(amount, at + wait - 1);
        return Number.isInteger(wait) && isEarlyRefused && bucket.holds(amount, at + wait);
      }),
      { numRuns: 300 },
    );
  });

  it("owes what was taken beyond its level, and admits nothing until it is paid", () => {
    const bucket = new Bucket({ perMinute: 60, burst: 10 });
    bucket.holds(0, 0);
    bucket.take(15);
    expect(bucket.holds(0, 4 * SECOND)).toBe(false);
    expect(bucket.holds(0, 5 * SECOND)).toBe(true);
    expect(bucket.waitFor(1, 5 * SECOND)).toBe(SECOND);
  });

  it("never holds more than its burst, whatever is given back and however long it rests", () => {
    const bucket = new Bucket({ perMinute: 60, burst: 10 });
    bucket.tryTake(2, 0);
    bucket.giveBack(500);
    expect([bucket.holds(10, 0), bucket.holds(11, 0), bucket.holds(11, 1e12)]).toEqual([true, false, false]);
  });

  it("starts each row full, also far beyond the first, and keeps rows and columns apart", () => {
    const buckets = new TokenBuckets([
      { perMinute: 1, burst: 5 },
      { perMinute: 1, burst: 7 },
    ]);
    buckets.advance(3, instant(SECOND));
    buckets.take(3, 0, 5);
    buckets.advance(5000, instant(SECOND));
    buckets.take(5000, 1, 7);
    buckets.advance(3, instant(SECOND));
    buckets.advance(4, instant(SECOND));
    const held = (row: number) => [buckets.holds(row, 0, 5), buckets.holds(row, 1, 7)];
    expect([held(3), held(4), held(5000)]).toEqual([
      [false, true],
      [true, true],
      [true, false],
    ]);
  });

  it("takes rates that are not whole per minute", () => {
    const bucket = new Bucket({ perMinute: 1 / 60, burst: 1 });
    expect([bucket.tryTake(1, 0), bucket.tryTake(1, 1800 * SECOND)]).toEqual([true, false]);
    expect(bucket.waitFor(1, 1800 * SECOND)! / (1800 * SECOND)).toBeCloseTo(1, 9);
  });

  it("waits no longer than whole microseconds can count, however slowly it refills", () => {
    const bucket = new Bucket({ perMinute: 1e-12, burst: 1 });
    bucket.tryTake(1, 0);
    expect(bucket.waitFor(1, 0)).toBe(Number.MAX_SAFE_INTEGER);
  });

  it("waits for nothing where there is enough", () => {
    expect(new Bucket({ perMinute: 1, burst: 1 }).waitFor(1, 0)).toBe(NO_TIME);
  });

  it("refuses time that runs back", () => {
    const bucket = new Bucket({ perMinute: 1, burst: 1 });
    bucket.holds(1, 5);
    expect(() => bucket.holds(1, 4)).toThrow("LAW-2");
  });

  it.each([
    [{ perMinute: 0, burst: 1 }, "refills"],
    [{ perMinute: Number.NaN, burst: 1 }, "refills"],
    [{ perMinute: 1, burst: 0 }, "holds something"],
    [{ perMinute: 1, burst: Number.POSITIVE_INFINITY }, "holds something"],
  ])("refuses %o", (bad, law) => {
    expect(() => new TokenBuckets([bad])).toThrow(law);
  });
});
