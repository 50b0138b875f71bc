import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LogHistogram, type Resolution } from "../../../src/core/stats/log-histogram.js";
import { gear } from "../../support/mode.js";

/** How wide a bin may be, as a share of the least number in it. */
const WIDTHS: Readonly<Record<Resolution, number>> = { fine: 1 / 1024, coarse: 1 / 128, chart: 1 / 4 };
const RESOLUTIONS = Object.keys(WIDTHS) as Resolution[];
const LARGEST = 2 ** 53;

const wholes = fc.oneof(fc.nat(5000), fc.nat(), fc.maxSafeNat());
const manyWholes = fc.array(wholes, { maxLength: 60 });
const resolution = fc.constantFrom(...RESOLUTIONS);
const edges = Array.from({ length: 53 }, (_, power) => 2 ** power).flatMap((value) => [
  value - 1,
  value,
  value + 1,
]);

function histogramOf(resolution: Resolution, ...parts: readonly (readonly number[])[]): LogHistogram {
  const histogram = new LogHistogram(resolution);
  for (const value of parts.flat()) histogram.add(value);
  return histogram;
}

function merged(resolution: Resolution, ...parts: readonly LogHistogram[]): LogHistogram {
  const sum = new LogHistogram(resolution);
  for (const part of parts) sum.merge(part);
  return sum;
}

/** Where each bin in use begins, and what it holds. */
function held(histogram: LogHistogram): string {
  const { edges, counts } = histogram.bins();
  return counts.flatMap((count, bin) => (count > 0 ? [`${edges[bin]}: ${count}`] : [])).join();
}

/** Where the bin of a number begins and ends. */
function binOf(resolution: Resolution, value: number): readonly [number, number] {
  const { edges, counts } = histogramOf(resolution, [value]).bins();
  expect(counts).toEqual([1]);
  return [edges[0]!, edges[1]!];
}

describe.each(RESOLUTIONS)("the %s bins of a logarithmic histogram", (resolution) => {
  const isRight = (value: number) => {
    const [from, to] = binOf(resolution, value);
    return from <= value && value < to && (to - from === 1 || to - from <= WIDTHS[resolution] * from);
  };

  it("hold the number, and are narrow", () => {
    expect([...edges, LARGEST].filter((value) => !isRight(value))).toEqual([]);
    fc.assert(fc.property(wholes, isRight), { numRuns: gear(150, 500) });
  });

  it("are laid out once where the smallest and the largest number are known", () => {
    fc.assert(
      fc.property(manyWholes, (values) => {
        const range = [Math.min(...values), Math.max(...values)] as const;
        const histogram = new LogHistogram(resolution, values.length === 0 ? undefined : range);
        const { byteLength } = histogram;
        for (const value of values) histogram.add(value);
        return (
          histogram.byteLength === byteLength && held(histogram) === held(histogramOf(resolution, values))
        );
      }),
      { numRuns: gear(20, 200) },
    );
  });

  it("follow one another without a gap", () => {
    const hasNext = (value: number) => {
      const [, to] = binOf(resolution, value);
      return binOf(resolution, to)[0] === to && binOf(resolution, to - 1)[1] === to;
    };
    expect(edges.filter((value) => value < LARGEST / 2 && !hasNext(value))).toEqual([]);
    fc.assert(fc.property(fc.oneof(fc.nat(5000), fc.nat()), hasNext));
  });
});

describe("a logarithmic histogram", () => {
  it("tells edges and counts from the first bin in use to the last", () => {
    const histogram = histogramOf("chart", [9, 8, 15, 8], Array(5).fill(12));
    expect(histogram.bins()).toEqual({ edges: [8, 10, 12, 14, 16], counts: [3, 0, 5, 1] });
  });

  it("is nothing at first, and counts zeros", () => {
    const histogram = new LogHistogram("chart");
    expect([histogram.bins(), histogram.byteLength]).toEqual([{ edges: [], counts: [] }, 0]);
    histogram.add(0);
    expect(histogram.bins()).toEqual({ edges: [0, 1], counts: [1] });
  });

  it.each([
    ["fine", 400_000],
    ["coarse", 50_000],
    ["chart", 2000],
  ] as const)("%s takes under %i bytes, whatever it counts", (resolution, bytes) => {
    expect(histogramOf(resolution, [LARGEST]).byteLength).toBeLessThan(bytes);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("does not count %s", (value) => {
    expect(() => new LogHistogram("fine").add(value)).toThrow("whole numbers");
  });
});

describe("the value at a rank", () => {
  it("is, by the quantile error bound, at most half a fine bin or a whole wider one off the sorted values", () => {
    const bound = { fine: 1 / 2048, coarse: 1 / 128, chart: 1 / 4 };
    fc.assert(
      fc.property(resolution, fc.array(wholes, { minLength: 1, maxLength: 60 }), (resolution, values) => {
        const histogram = histogramOf(resolution, values);
        const sorted = [...values].sort((left, right) => left - right);
        return sorted.every((value, rank) => {
          const off = Math.abs(histogram.valuesAtRanks([rank])[0]! - value);
          return off <= Math.max(bound[resolution] * value, resolution === "fine" ? 0 : 0.5);
        });
      }),
      { numRuns: gear(250, 1000) },
    );
  });

  it("never falls as the rank rises", () => {
    fc.assert(
      fc.property(resolution, fc.array(wholes, { minLength: 2, maxLength: 60 }), (resolution, values) => {
        const histogram = histogramOf(resolution, values);
        const found = histogram.valuesAtRanks([...values.keys()]);
        return found.slice(1).every((value, rank) => value >= found[rank]!);
      }),
    );
  });

  it("is the middle of a fine bin", () => {
    // 4,096 to 4,099 share a bin.
    const histogram = histogramOf("fine", [4096, 4096, 4099]);
    expect(histogram.valuesAtRanks([0, 1, 2])).toEqual([4098, 4098, 4098]);
  });

  it("lies evenly with the others of a coarse bin", () => {
    // 1,024 to 1,031 share a bin.
    const histogram = histogramOf("coarse", [1024, 1025, 1030, 1031]);
    expect(histogram.valuesAtRanks([3, 0, 2, 1])).toEqual([1030.5, 1024.5, 1028.5, 1026.5]);
  });
});

describe("the middles of bins", () => {
  it("are those of all bins in use, in order, each within the bin of what it holds", () => {
    fc.assert(
      fc.property(resolution, manyWholes, (resolution, values) => {
        const { values: middles, counts } = histogramOf(resolution, values).middles();
        const found = [...middles].flatMap((middle, index) => {
          const [from, to] = binOf(resolution, middle);
          const inside = values.filter((value) => from <= value && value < to).length;
          return [counts[index] === inside && inside > 0];
        });
        expect(found.every((isRight) => isRight)).toBe(true);
        expect([...counts].reduce((sum, count) => sum + count, 0)).toBe(values.length);
        expect([...middles].every((middle, index) => index === 0 || middle > middles[index - 1]!)).toBe(true);
      }),
      { numRuns: gear(50, 300) },
    );
  });

  it("are halfway, and the number itself where a bin has one", () => {
    const { values, counts } = histogramOf("fine", [7, 4096, 7, 4099, 0]).middles();
    expect([[...values], [...counts]]).toEqual([
      [0, 7, 4098],
      [1, 2, 2],
    ]);
  });
});

describe("the merging law: histograms add up", () => {
  it("to that of all values, in any order and grouping", () => {
    fc.assert(
      fc.property(resolution, manyWholes, manyWholes, manyWholes, (resolution, one, two, three) => {
        const all = held(histogramOf(resolution, one, two, three));
        const [first, second, third] = [one, two, three].map((part) => histogramOf(resolution, part));
        expect(held(merged(resolution, first!, second!, third!))).toBe(all);
        expect(held(merged(resolution, third!, first!, second!))).toBe(all);
        expect(held(merged(resolution, first!, merged(resolution, second!, third!)))).toBe(all);
      }),
      { numRuns: gear(12, 100) },
    );
  });

  it("into a coarser one, as if that had counted them", () => {
    fc.assert(
      fc.property(manyWholes, manyWholes, (one, two) => {
        const coarse = merged("coarse", histogramOf("fine", one), histogramOf("coarse", two));
        const alone = histogramOf("coarse", one, two);
        expect([held(coarse), coarse.byteLength]).toEqual([held(alone), alone.byteLength]);
        expect(held(merged("chart", coarse))).toBe(held(histogramOf("chart", one, two)));
      }),
      { numRuns: 50 },
    );
  });

  it("into a coarser one that grows no further than it must", () => {
    // One short octave of the coarse bins, though the fine one has a long octave for the same number.
    const coarse = merged("coarse", histogramOf("fine", [0]));
    expect(coarse.byteLength).toBe(histogramOf("coarse", [0]).byteLength);
  });

  it("past 2^31 without losing a count", () => {
    let histogram = histogramOf("fine", [1, 1, 3]);
    for (let doubling = 0; doubling < 40; doubling++) histogram = merged("fine", histogram, histogram);
    expect(histogram.bins()).toEqual({ edges: [1, 2, 3, 4], counts: [2 ** 41, 0, 2 ** 40] });
  });

  it("into none that is finer", () => {
    const coarse = histogramOf("coarse", [1]);
    expect(() => new LogHistogram("fine").merge(coarse)).toThrow("as fine, or finer");
  });
});
