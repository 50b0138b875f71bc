import { mean, sampleCorrelation, standardDeviation } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { seconds } from "../../../../../src/core/base/units.js";
import { type Swing, SwingTerm, swingPiece } from "../../../../../src/core/demand/traffic/rate/swings.js";
import { openStream } from "../../../../../src/core/random/stream.js";
import { kolmogorovSmirnov } from "../../../../support/goodness-of-fit.js";
import { gear } from "../../../../support/mode.js";
import { seeds } from "./fleet.js";

const SWING: Swing = { sigma: 0.8, tau: seconds(900) };

/** The factors of the first pieces of one path. */
function path(swing: Swing, pieces: number, seed = "1"): number[] {
  const term = new SwingTerm(swing, openStream(seed, "swing"));
  return Array.from({ length: pieces }, () => {
    const { value } = term;
    term.next();
    return value;
  });
}

const logs = (factors: readonly number[]) => factors.map((factor) => Math.log(factor));

describe("the grid of a swing", () => {
  it.each([
    [5700, 60],
    [900, 60],
    [450, 30],
    [60, 10],
  ])("of tau %d s is %d s, and holds for whole pieces", (tau, piece) => {
    expect(swingPiece(seconds(tau))).toBe(piece);
    const term = new SwingTerm({ sigma: 1, tau: seconds(tau) }, openStream("1", "swing"));
    for (let index = 0; index < 5; index++) {
      expect([term.from, term.until, term.slope]).toEqual([index * piece, (index + 1) * piece, 0]);
      term.next();
    }
  });
});

describe("the factor of a swing", () => {
  const DRAWS = gear(2000, 5000);
  /** P(X <= x) of the normal distribution, after Abramowitz and Stegun 7.1.26, to 1e-7. */
  const normal = (x: number): number => {
    if (x < 0) return 1 - normal(-x);
    const t = 1 / (1 + (0.3275911 * x) / Math.SQRT2);
    const series = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
    return 1 - (series.reduce((sum, factor) => sum * t + factor, 0) * t * Math.exp((-x * x) / 2)) / 2;
  };
  const cumulative = (factor: number) => normal((Math.log(factor) + 0.32) / 0.8);

  it.each([0, 1, 40])("is lognormal of mean 1 at piece %d: it starts stationary and stays so", (piece) => {
    const factors = seeds(DRAWS).map((seed) => path(SWING, piece + 1, seed)[piece]!);
    const fit = kolmogorovSmirnov(Float64Array.from(factors), cumulative);
    expect(fit.statistic).toBeLessThan(fit.limit);
    expect(Math.abs(mean(factors) - 1)).toBeLessThan((4 * standardDeviation(factors)) / Math.sqrt(DRAWS));
  });

  it("forgets as e^(-t / tau), whatever its grid", () => {
    for (const tau of [900, 300]) {
      const all = logs(path({ sigma: 0.8, tau: seconds(tau) }, 100_000));
      const lag = (time: number) => {
        const pieces = time / swingPiece(seconds(tau));
        return sampleCorrelation(all.slice(0, -pieces), all.slice(pieces));
      };
      for (const time of [60, 300, 900])
        expect(Math.abs(lag(time) - Math.exp(-time / tau))).toBeLessThan(0.04);
      expect(standardDeviation(all) / 0.8).toBeCloseTo(1, 1);
    }
  });

  it("swings wider with sigma on the same path", () => {
    const [narrow, wide] = [0.4, 1.2].map((sigma) => logs(path({ ...SWING, sigma }, 100)));
    narrow!.forEach((x, index) => {
      expect(3 * (x + 0.08)).toBeCloseTo(wide![index]! + 0.72, 9);
    });
  });
});

describe("a swing before the start", () => {
  const RUNS = gear(1500, 5000);
  /** Logarithms at the start and so long before it, over many seeds. */
  const pairs = (ago: number) =>
    seeds(RUNS).map((seed) => {
      const term = new SwingTerm(SWING, openStream(seed, "swing"));
      const before = term.before(openStream(seed, "before"));
      while (before.until <= ago) before.next();
      return [Math.log(term.value), Math.log(before.value), before.value] as const;
    });

  it.each([0, 600, 3600])("goes back from where it is, by the same law: %d s ago", (ago) => {
    const all = pairs(ago);
    const factors = all.map(([, , factor]) => factor);
    expect(Math.abs(mean(factors) - 1)).toBeLessThan((4 * standardDeviation(factors)) / Math.sqrt(RUNS));
    const now = all.map(([x]) => x);
    const then = all.map(([, x]) => x);
    expect(standardDeviation(then) / 0.8).toBeCloseTo(1, 1);
    // A piece stands for what the process is at its end that is longer ago, a tenth longer at most.
    const lag = Math.max(60, 1.1 * ago);
    const slack = Math.exp(-ago / 900) - Math.exp(-lag / 900);
    expect(Math.abs(sampleCorrelation(now, then) - Math.exp(-lag / 900))).toBeLessThan(slack + 0.08);
  });

  it("has pieces that grow and follow each other", () => {
    const before = new SwingTerm(SWING, openStream("1", "swing")).before(openStream("1", "before"));
    let pieces = 0;
    for (let until = 0; until < 7 * 24 * 3600; until = before.until, pieces++) {
      if (pieces > 0) before.next();
      expect(before.from).toBe(until);
      expect(before.until).toBeGreaterThan(before.from);
    }
    expect(pieces).toBeLessThan(100);
  });

  it("takes nothing of the path after the start", () => {
    const [alone, other] = [1, 2].map(() => new SwingTerm(SWING, openStream("1", "swing")));
    other!.before(openStream("1", "before")).next();
    for (let piece = 0; piece < 20; piece++, alone!.next(), other!.next())
      expect(other!.value).toBe(alone!.value);
  });
});
