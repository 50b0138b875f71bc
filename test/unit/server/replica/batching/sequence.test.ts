import { describe, expect, it } from "vitest";
import { openStream } from "../../../../../src/core/random/stream.js";
import { expectedTokens } from "../../../../../src/core/server/profile/speculative.js";
import { Sequence } from "../../../../../src/core/server/replica/batching/sequence.js";
import { aloneWork } from "../../../../conformance/replica-run.js";
import { EVEN } from "./forms.js";

const chance = openStream("1", "acceptance");

function begin(outputTokens: number, tokensPerSequence = 1, acceptance = 0): Sequence {
  const sequence = new Sequence();
  const profile = { ...EVEN, tokensPerSequence, acceptance };
  sequence.begin(5, 9, aloneWork({ inputTokens: 100, outputTokens, rank: 2 }), profile, chance);
  sequence.prompt = 100;
  return sequence;
}

describe("a sequence", () => {
  it("without drafts has a step for each token after the first", () => {
    const { id, order, rank, steps, perStep } = begin(50);
    expect([id, order, rank, steps, perStep]).toEqual([5, 9, 2, 49, 1]);
  });

  it.each([
    [2, 0.3],
    [4, 0.7],
    [6, 0.95],
  ])(
    "with %i tokens a step and acceptance %d gains on the average what the formula says",
    (tokens, acceptance) => {
      const { steps, perStep } = begin(200_001, tokens, acceptance);
      const mean = 200_000 / steps;
      const expected = expectedTokens(tokens - 1, acceptance);
      // The spread of a step's tokens is below 1.7; five standard errors.
      expect(Math.abs(mean - expected)).toBeLessThan((5 * 1.7 * expected) / Math.sqrt(200_000 / expected));
      expect([perStep <= mean, mean - perStep < 2 ** -20]).toEqual([true, true]);
    },
  );

  it("gains one token a step where no draft is accepted, and all of them where each is", () => {
    expect([begin(101, 5, 0).steps, begin(101, 5, 1).steps, begin(102, 5, 1).steps]).toEqual([100, 20, 21]);
  });

  it("never gains more than all its drafts, and one at least", () => {
    for (let output = 2; output < 300; output++) {
      const { perStep } = begin(output, 4, 0.8);
      expect(perStep >= 1 - 2 ** -20 && perStep <= 4).toBe(true);
    }
  });

  it("counts its tokens in whole ones, the first with the prefill and the last with the last step", () => {
    const sequence = begin(11, 4, 0.5);
    expect(sequence.generatedAfter(0)).toBe(0);
    sequence.answered = true;
    const counts = Array.from({ length: sequence.steps + 1 }, (_, done) => sequence.generatedAfter(done));
    expect([counts[0], counts.at(-1)]).toEqual([1, 11]);
    expect(counts.every((count, done) => Number.isInteger(count) && count >= (counts[done - 1] ?? 0))).toBe(
      true,
    );
    expect(sequence.contextAfter(3)).toBe(101 + 3 * sequence.perStep);
  });

  it("prefills anew, with one step more, what it had before it was preempted", () => {
    const sequence = begin(50);
    expect([sequence.doneAfterPrefill, sequence.prefillContext]).toEqual([0, 101]);
    sequence.answered = true;
    sequence.done = 20;
    expect([sequence.doneAfterPrefill, sequence.prefillContext]).toEqual([21, 122]);
  });

  it("prefills at least the last token, however much is cached", () => {
    const sequence = begin(50);
    const prefilled = [0, 99, 100, 500].map((hit) => {
      sequence.restart(hit);
      return sequence.prefilled;
    });
    expect(prefilled).toEqual([0, 99, 99, 99]);
  });
});
