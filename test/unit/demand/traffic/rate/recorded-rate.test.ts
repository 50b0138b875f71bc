import fc from "fast-check";
import { expect, test } from "vitest";
import { readRecordedRate } from "../../../../../src/core/demand/traffic/rate/recorded-rate.js";

// What files may look like and what is told of bad ones: see test/unit/scenario/rate-files.test.ts.
test("CSV and a Prometheus answer with the same steps are the same rate", () => {
  const values = fc.array(fc.nat({ max: 1_000_000 }), { minLength: 2, maxLength: 50 });
  const law = fc.property(values, fc.integer({ min: 1, max: 86_400 }), fc.nat(), (counts, step, start) => {
    fc.pre(counts.some((count) => count > 0));
    const times = counts.map((_, index) => start + index * step);
    const csv = ["time,value", ...counts.map((count, index) => `${times[index]},${count}`)].join("\n");
    const pairs = counts.map((count, index) => [times[index], String(count)]);
    const json = JSON.stringify({ data: { resultType: "matrix", result: [{ metric: {}, values: pairs }] } });
    const expected = { step: step * 1e6, values: counts };
    expect([readRecordedRate(csv), readRecordedRate(json)]).toEqual([expected, expected]);
  });
  fc.assert(law, { numRuns: 100 });
});
