import { describe, expect, it } from "vitest";
import { LivingTerm, livingTable } from "../../../../../src/core/demand/traffic/population/living.js";
import { agentLifetimes, chatLifetimes } from "../../../../../src/core/demand/traffic/sessions/lifetimes.js";
import { AGENT, CHAT, LONG_AGENT } from "../../../../../src/core/demand/traffic/sessions/spec.js";

const DAY = 24 * 3600;

describe.each([
  ["agents", agentLifetimes(AGENT), 10],
  ["chats", chatLifetimes(CHAT), 1],
  ["long agents", agentLifetimes(LONG_AGENT), 90],
] as const)("the table of %s that may still go on", (_, lifetimes, days) => {
  const table = livingTable(lifetimes);

  it("asks for more turns the longer ago, and keeps a smaller share", () => {
    for (let piece = 0; piece < table.until.length; piece++) {
      const [least, until] = [table.least[piece]!, table.until[piece]!];
      expect(table.share[piece]).toBe(lifetimes.atLeast(least));
      // Whatever has fewer turns is over when the piece begins.
      if (piece > 0) {
        expect(least).toBeGreaterThan(table.least[piece - 1]!);
        expect(until).toBeGreaterThan(table.until[piece - 1]!);
        expect(lifetimes.longest(least - 1)).toBeLessThanOrEqual(table.until[piece - 1]! + 1e-6);
      }
    }
    expect([table.least[0], table.share[0]]).toEqual([1, 1]);
  });

  it("ends where hardly any session time is left", () => {
    expect(table.until.at(-1)! / DAY).toBeLessThanOrEqual(days);
    expect(table.until.length).toBeLessThan(70);
  });
});

describe("as a factor of the rate of starts", () => {
  const table = { until: [10, 30], least: [1, 3], share: [1, 0.2] };

  it("goes through the pieces, and is nothing beyond the last", () => {
    const term = new LivingTerm(table);
    expect(term.end).toBe(30);
    expect([term.value, term.from, term.until, term.least]).toEqual([1, 0, 10, 1]);
    term.next();
    expect([term.value, term.from, term.until, term.least]).toEqual([0.2, 10, 30, 3]);
    term.next();
    expect([term.value, term.from, term.until]).toEqual([0, 30, Number.POSITIVE_INFINITY]);
  });
});
