/// <reference path="../../../src/core/random/alea.d.ts" />
import alea from "seedrandom/lib/alea.js";
import { sampleCorrelation } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { openStream, type Stream } from "../../../src/core/random/stream.js";
import { chiSquare, kolmogorovSmirnov } from "../../support/goodness-of-fit.js";

const DRAWS = 20_000;

const uniforms = (stream: Stream, count = DRAWS) =>
  Float64Array.from({ length: count }, () => stream.uniform());

describe("stream", () => {
  it("gives the same draws for the same seed and name", () => {
    const [first, again] = [0, 1].map(() => uniforms(openStream("7", "arrivals"), 500));
    expect(first).toEqual(again);
  });

  it("gives these very draws in every release: results of old runs stay reproducible", () => {
    expect([...uniforms(openStream("1", "arrivals"), 3)]).toMatchInlineSnapshot(`
      [
        0.04029754347129122,
        0.44617755988467356,
        0.4487737769691482,
      ]
    `);
  });

  it("gives the library's numbers, one by one, however many are drawn", () => {
    for (const [seed, name] of [
      ["1", "arrivals"],
      ["black friday", "traffic/agents/agents-12/session-3"],
    ] as const) {
      const library = alea(`${seed}/${name}`, { state: true });
      const stream = openStream(seed, name);
      for (let draw = 0; draw < 1000; draw++) expect(stream.uniform()).toBe(library.double());
    }
  });

  it("is not moved by other streams that are drawn from in between", () => {
    const alone = uniforms(openStream("1", "one"), 200);
    const [one, other] = [openStream("1", "one"), openStream("1", "other")];
    const between = Float64Array.from({ length: 200 }, () => {
      other.uniform();
      return one.uniform();
    });
    expect(between).toEqual(alone);
  });

  it("gives other draws for another name or another seed", () => {
    const first = openStream("7", "arrivals").uniform();
    const others = [openStream("7", "lengths").uniform(), openStream("8", "arrivals").uniform()];
    expect(others).not.toContain(first);
  });

  it("is uniform on [0, 1)", () => {
    const fit = kolmogorovSmirnov(uniforms(openStream("1", "uniform")), (value) => value);
    expect(fit.statistic).toBeLessThan(fit.limit);
  });

  it("uses 53 bits: all draws are multiples of 2^-53 and half of them of no coarser grid", () => {
    const scaled = uniforms(openStream("1", "bits")).map((value) => value * 2 ** 53);
    const odd = scaled.filter((value) => value % 2 === 1).length / DRAWS;
    expect(scaled.every(Number.isInteger)).toBe(true);
    expect(Math.abs(odd - 0.5)).toBeLessThan(0.02);
  });

  it("is not correlated with streams of similar names and seeds, nor with its own past", () => {
    const names = ["account-1", "account-2", "account-10", "account-11"];
    const drawn = ["1", "2"].flatMap((seed) => names.map((name) => uniforms(openStream(seed, name))));
    drawn.push(uniforms(openStream("1", "account-1"), DRAWS + 1).subarray(1));
    const worst = drawn.flatMap((left, index) =>
      drawn.slice(index + 1).map((right) => Math.abs(sampleCorrelation([...left], [...right]))),
    );
    // Five standard errors of a correlation of independent draws.
    expect(Math.max(...worst)).toBeLessThan(5 / Math.sqrt(DRAWS));
  });
});

describe("below", () => {
  it("draws every number below n equally often", () => {
    const stream = openStream("1", "below");
    const counts = new Array<number>(7).fill(0);
    for (let draw = 0; draw < DRAWS; draw++) counts[stream.below(7)]!++;
    const fit = chiSquare(counts, new Array<number>(7).fill(DRAWS / 7));
    expect(fit.statistic).toBeLessThan(fit.limit);
  });

  it("stays below n where n is large", () => {
    const stream = openStream("1", "large");
    const draws = Array.from({ length: 1000 }, () => stream.below(Number.MAX_SAFE_INTEGER));
    expect(draws.every((draw) => Number.isSafeInteger(draw) && draw < Number.MAX_SAFE_INTEGER)).toBe(true);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses n = %s", (n) => {
    expect(() => openStream("1", "bad").below(n)).toThrow("whole n");
  });
});
