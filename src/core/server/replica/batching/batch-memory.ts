// How memory lasts while sequences decode: the blocks that they hold some steps later, and for how many steps there are
// blocks. Knows no instants.
import type { KvMemory } from "../kv/memory.js";
import type { Sequence } from "./sequence.js";

/** Blocks of the sequences of a batch once it has done that many decode steps since its replica began. */
export function blocksAfter(steps: number, sequences: readonly Sequence[], memory: KvMemory): number {
  let blocks = 0;
  for (const sequence of sequences)
    blocks += memory.blocksFor(sequence.contextAfter(steps - sequence.joined));
  return blocks;
}

/** The most steps, fewer than so many, after which there is memory for what they take: one at least. */
export function stepsInMemory(
  tooMany: number,
  memory: KvMemory,
  blocksAhead: (steps: number) => number,
): number {
  let enough = 1;
  let least = tooMany;
  while (least - enough > 1) {
    const middle = Math.floor((enough + least) / 2);
    if (memory.used(blocksAhead(middle)) <= memory.capacity) enough = middle;
    else least = middle;
  }
  return enough;
}
