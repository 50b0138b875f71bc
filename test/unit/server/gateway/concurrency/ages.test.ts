import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Instant, instant } from "../../../../../src/core/base/units.js";
import { Ages } from "../../../../../src/core/server/gateway/concurrency/ages.js";

/** So many at such times, all there still. */
function agesOf(times: readonly number[], reach = 0): Ages {
  const ages = new Ages();
  ages.reach(reach);
  for (const time of times) ages.add(instant(time));
  return ages;
}

const SECOND = 1_000_000;

describe("how many it happened to before an instant", () => {
  it("is exact at the borders of bins, and even inside", () => {
    const ages = agesOf([0, 1024, 1024, 3000, 5000]);
    expect([0, 1024, 2048, 3072, 4096, 10_000].map((time) => ages.before(time))).toEqual([0, 1, 3, 4, 4, 5]);
    expect(ages.before(1536)).toBe(2);
  });

  it("counts together what is older than all bins", () => {
    // 64 bins of 1024 us.
    const ages = agesOf([0, 1000, 200_000]);
    expect([0, 100_000, 200_000 - 63 * 1024].map((time) => ages.before(time))).toEqual([2, 2, 2]);
    ages.remove(instant(1000));
    expect(ages.before(150_000)).toBe(1);
  });

  it("keeps what it had when the bins become wider", () => {
    // All are in one bin of 262,144 us by then.
    const times = Array.from({ length: 60 }, (_, n) => n * 1024);
    const ages = agesOf(times);
    ages.reach(10 * SECOND);
    expect([0, 30 * 1024, 60 * 1024].map((time) => Math.round(ages.before(time)))).toEqual([0, 7, 14]);
    expect(ages.before(100 * SECOND)).toBe(60);
  });

  it("forgets those that are gone, before and after the bins become wider", () => {
    const times = [10, 2000, 5000, 9000];
    const ages = agesOf(times);
    ages.remove(instant(2000));
    ages.reach(SECOND);
    ages.remove(instant(5000));
    for (const time of [10, 9000]) ages.remove(instant(time));
    expect(ages.before(SECOND)).toBe(0);
  });
});

const life = fc.array(
  fc.record({
    kind: fc.constantFrom("add", "add", "remove", "reach"),
    gap: fc.oneof(fc.nat({ max: 3000 }), fc.nat({ max: 3 * SECOND })),
    choice: fc.nat({ max: 1000 }),
  }),
  { maxLength: 200, size: "max" },
);

it("is off by no more than what stands in one bin, as far as the bins reach", () => {
  const law = fc.property(life, fc.double({ min: 0, max: 1, noNaN: true }), (events, share) => {
    const ages = new Ages();
    const there: Instant[] = [];
    let now = 0;
    let reach = 64 * 1024;
    let since = 0;
    for (const { kind, gap, choice } of events) {
      now += gap;
      if (kind === "add") {
        ages.add(instant(now));
        there.push(instant(now));
      } else if (kind === "remove" && there.length > 0) {
        ages.remove(there.splice(choice % there.length, 1)[0]!);
      } else if (kind === "reach") {
        const wanted = choice * 10_000;
        // What has left the bins does not come back to them.
        if (wanted > reach) since = now;
        reach = Math.max(reach, wanted);
        ages.reach(wanted);
      }
    }
    const width = reach / 32;
    const time = Math.max(since, now - reach / 2) + share * (reach / 2);
    const [least, most] = [time - width, time + width].map((at) => there.filter((one) => one < at).length);
    const count = ages.before(time);
    return count >= least! - 1e-9 && count <= most! + 1e-9;
  });
  fc.assert(law, { seed: 1, numRuns: 300 });
});
