import { describe, expect, it } from "vitest";
import { type ScatterPoint, scatterSvg } from "../../../../src/core/report/html/scatter.js";

const point = (across: number, up: number, more: Partial<ScatterPoint> = {}): ScatterPoint => ({
  ...{ letter: "a", isMarked: false, tone: 0, title: "one" },
  ...{ across: { value: across, low: null, high: null }, up: { value: up, low: null, high: null } },
  ...more,
});
const drawn = (...points: readonly ScatterPoint[]) => {
  const axis = { label: "axis", unit: "ratio" } as const;
  return scatterSvg({ label: "picture", across: axis, up: axis, points }).text;
};
const discs = (svg: string) =>
  [...svg.matchAll(/<circle cx="([-\d.]+)" cy="([-\d.]+)"/g)].map(
    ([, x, y]) => [Number(x), Number(y)] as const,
  );
const marks = (svg: string, anchor: string) =>
  [...svg.matchAll(new RegExp(`<text x="[^"]*" y="[^"]*" text-anchor="${anchor}">([^<]*)</text>`, "g"))].map(
    ([, text]) => Number(text!.replaceAll(",", "")),
  );

describe("points as a picture", () => {
  it("stand more to the right and higher the more they are", () => {
    const [low, high] = discs(drawn(point(1, 1), point(2, 3)));
    expect(high![0]).toBeGreaterThan(low![0]);
    expect(high![1]).toBeLessThan(low![1]);
  });

  it("do not cover each other: those that are the same stand side by side, tied to where they are", () => {
    const svg = drawn(point(1, 1), point(1, 1), point(1, 1), point(2, 2));
    const places = discs(svg);
    for (const [index, [x, y]] of places.entries()) {
      for (const [otherX, otherY] of places.slice(0, index)) {
        expect((x - otherX) ** 2 + (y - otherY) ** 2).toBeGreaterThanOrEqual(400);
      }
    }
    expect(svg.match(/<path class="cross" d="M/g)).toHaveLength(2);
    for (const [x] of places) expect(x).toSatisfy((one: number) => one >= 10 && one <= 550);
  });

  it("have axes with a few round numbers, whatever the size of what they show", () => {
    for (const size of [1e-4, 0.03, 1, 700, 3e6]) {
      const found = marks(drawn(point(size, 0), point(2.3 * size, 1)), "end").length;
      expect(found).toSatisfy((count: number) => count >= 3 && count <= 7);
      const across = marks(drawn(point(size, 0), point(2.3 * size, 1)), "middle").filter(Number.isFinite);
      const steps = across.slice(1).map((mark, index) => mark - across[index]!);
      expect(Math.max(...steps) / Math.min(...steps)).toBeCloseTo(1, 6);
    }
  });

  it("have marks that can be told apart however little the values differ", () => {
    const found = marks(drawn(point(0, 0.99981), point(1, 0.99997)), "end");
    expect(new Set(found).size).toBe(found.length);
    expect(found.length).toBeGreaterThan(2);
  });

  it("begin at 0 where nothing is below it, and have room where all are the same", () => {
    const [place] = discs(drawn(point(0, 5), point(0, 5)));
    expect(place![0]).toBe(76);
    expect(drawn(point(0, 0))).not.toContain("NaN");
  });
});
