import { describe, expect, it } from "vitest";
import { openStream } from "../../../../../src/core/random/stream.js";
import { LearnedLine } from "../../../../../src/core/server/gateway/concurrency/learned-line.js";

const STATED = { base: 20, slope: 3, scale: 10 };

describe("a line that is learned", () => {
  it("is the stated one before anything has been seen", () => {
    const line = new LearnedLine(STATED, 100);
    expect([0, 1, 10, 1000].map((x) => line.at(x))).toEqual([20, 23, 50, 3020]);
  });

  it("stays it where that is what is seen", () => {
    const line = new LearnedLine(STATED, 5);
    for (const x of [3, 7, 1, 40, 2]) line.learn(x, 20 + 3 * x);
    expect(line.at(100)).toBeCloseTo(320, 9);
  });

  it("is the least squares of all points, the two stated ones among them, while none is forgotten", () => {
    const line = new LearnedLine(STATED, 1e12);
    // With (0, 20) and (10, 50): means 8 and 40, spread 64 + 4 + 36 = 104, together 160 + 20 + 60 = 240.
    line.learn(14, 50);
    expect(line.at(8)).toBeCloseTo(40, 6);
    expect(line.at(9) - line.at(8)).toBeCloseTo(240 / 104, 6);
  });

  it("forgets what it began with", () => {
    const line = new LearnedLine(STATED, 10);
    const chance = openStream("1", "line");
    for (let n = 0; n < 5000; n++) {
      const x = 100 * chance.uniform();
      line.learn(x, 5 + 0.5 * x + chance.uniform() - 0.5);
    }
    expect([0, 50, 100].map((x) => Math.round(line.at(x)))).toEqual([5, 30, 55]);
  });

  it("moves its height at once and its slope more slowly", () => {
    const line = new LearnedLine(STATED, 10);
    for (let n = 0; n < 100; n++) line.learn(10, 80);
    expect(line.at(10)).toBeCloseTo(80, 2);
    expect(line.at(11) - line.at(10)).toBeGreaterThan(2);
  });

  it("keeps its slope where all is at one place, rises or is level, and is never below 0", () => {
    const level = new LearnedLine({ base: 20, slope: 0, scale: 10 }, 4);
    for (let n = 0; n < 100_000; n++) level.learn(5, 20);
    expect(level.at(1e6)).toBeCloseTo(20, 6);
    const falling = new LearnedLine(STATED, 2);
    for (const x of [1, 5, 9, 2, 7, 4, 8]) falling.learn(x, 50 - 5 * x);
    for (const x of [1, 5, 9, 2, 7, 4, 8, 1, 9, 3]) falling.learn(x, 50 - 5 * x);
    expect(falling.at(1000)).toBe(falling.at(0));
    const steep = new LearnedLine({ base: 0, slope: 3, scale: 10 }, 2);
    for (const x of [50, 60, 70, 80, 55, 66]) steep.learn(x, 10 * x - 450);
    expect(steep.at(0)).toBe(0);
  });
});
