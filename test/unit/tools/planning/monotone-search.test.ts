import { describe, expect, it } from "vitest";
import type { RunResult } from "../../../../src/core/results/shape/result.js";
import {
  mostProbes,
  type SearchedPoint,
  searchLeast,
} from "../../../../src/core/tools/planning/monotone-search.js";
import type { ProbeVerdict } from "../../../../src/core/tools/planning/probe.js";

const NO_RESULT = {} as RunResult;
/** From here on what is undecided seems enough. */
const ENOUGH = 50;
const search = (
  count: number,
  guess: number,
  verdict: (index: number) => ProbeVerdict | undefined,
  known: readonly SearchedPoint[] = [],
) =>
  searchLeast(
    async (index) => {
      const found = verdict(index);
      const seemsEnough = found === "pass" || (found === "undecided" && index >= ENOUGH);
      return found && { verdict: found, seemsEnough, result: NO_RESULT, clusters: {}, requests: 1 };
    },
    { count, guess, known },
  );

describe("searchLeast", () => {
  it("finds every answer from every guess within its bound of probes", async () => {
    for (let answer = 0; answer <= 40; answer++) {
      for (const guess of [0, 7, 20, 39]) {
        const found = await search(40, guess, (index) => (index >= answer ? "pass" : "fail"));
        expect(found.answer).toBe(answer === 40 ? null : answer);
        expect(found.from).toBe(answer);
        expect(found.points.length).toBeLessThanOrEqual(mostProbes(40));
        expect(new Set(found.points.map(({ index }) => index)).size).toBe(found.points.length);
      }
    }
  });

  it("goes by what seems enough where it is undecided, and down to what fails", async () => {
    const found = await search(100, 45, (index) =>
      index >= 52 ? "pass" : index > 47 ? "undecided" : "fail",
    );
    expect(found.answer).toBe(ENOUGH);
    expect(found.from).toBeLessThanOrEqual(48);
    expect(found.from).toBeGreaterThan(40);
  });

  it("goes on between what was tried before, and tries none of it again", async () => {
    for (let answer = 0; answer <= 40; answer++) {
      const verdict = (index: number) => (index >= answer ? "pass" : "fail") as ProbeVerdict;
      const known = [0, 13, 26, 39].map((index) => ({
        index,
        probe: {
          ...{ verdict: verdict(index), seemsEnough: index >= answer },
          ...{ result: NO_RESULT, clusters: {}, requests: 1 },
        },
      }));
      const found = await search(40, 7, verdict, known);
      expect(found.answer).toBe(answer === 40 ? null : answer);
      expect(found.points.length).toBeLessThanOrEqual(4 + 4);
      expect(new Set(found.points.map(({ index }) => index)).size).toBe(found.points.length);
    }
  });

  it("tells what contradicts the order, and stops when interrupted", async () => {
    const odd = await search(100, 20, (index) => (index >= 20 && index < 23 ? "pass" : "fail"));
    expect(odd.contradictions).toEqual([{ passes: 20, fails: 25 }]);
    const stopped = await search(100, 20, (index) => (index === 20 ? "pass" : undefined));
    expect([stopped.answer, stopped.finished]).toEqual([20, false]);
  });
});
