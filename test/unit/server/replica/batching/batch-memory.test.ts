import { expect, test } from "vitest";
import { openStream } from "../../../../../src/core/random/stream.js";
import { blocksAfter, stepsInMemory } from "../../../../../src/core/server/replica/batching/batch-memory.js";
import { Sequence } from "../../../../../src/core/server/replica/batching/sequence.js";
import { KvMemory } from "../../../../../src/core/server/replica/kv/memory.js";
import { aloneWork } from "../../../../conformance/replica-run.js";
import { EVEN } from "./forms.js";

const memory = new KvMemory({ kvTokens: 64, kvBlockTokens: 16, kvWatermark: 0, prefixCache: false });

function decoding(inputTokens: number, joined: number): Sequence {
  const made = new Sequence();
  made.begin(0, 0, aloneWork({ inputTokens, outputTokens: 99 }), EVEN, openStream("1", "acceptance"));
  made.joined = joined;
  return made;
}

test("blocks of a batch grow with its contexts, each rounded up", () => {
  const batch = [decoding(15, 0), decoding(20, 5)];
  // Contexts of 21 and 21, then of 33 and 33 tokens.
  expect([5, 17].map((steps) => blocksAfter(steps, batch, memory))).toEqual([2 + 2, 3 + 3]);
});

test("memory lasts for the steps after which all blocks are taken, or for all but one that are asked about", () => {
  const batch = [decoding(15, 0)];
  const ahead = (steps: number) => blocksAfter(steps, batch, memory);
  // 64 tokens of context after 48 steps.
  expect([10, 49, 50, 1000].map((tooMany) => stepsInMemory(tooMany, memory, ahead))).toEqual([9, 48, 48, 48]);
  expect(stepsInMemory(1000, memory, () => 5)).toBe(1);
});
