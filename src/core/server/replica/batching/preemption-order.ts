// Who loses its memory first where a step finds none, and who gets it back first: of two sequences the one with the
// higher rank gives way, then the one admitted later. Knows ranks and admission, no memory.
import { assert } from "../../../base/assert.js";
import type { Sequence } from "./sequence.js";

/** The sequence that is preempted next: the youngest of the lowest tier. */
export function nextVictim(decoding: readonly Sequence[], prefilling: readonly Sequence[]): Sequence {
  assert(decoding.length + prefilling.length > 1, "LAW-12: a sequence alone has room for all its tokens");
  let victim: Sequence | undefined;
  for (const inside of [decoding, prefilling]) {
    for (const sequence of inside) {
      if (victim === undefined || staysBefore(victim, sequence)) victim = sequence;
    }
  }
  return victim!;
}

/** Puts a preempted sequence where its turn to come back is. */
export function insertInTurn(preempted: Sequence[], victim: Sequence): void {
  const place = preempted.findIndex((other) => staysBefore(victim, other));
  preempted.splice(place < 0 ? preempted.length : place, 0, victim);
}

function staysBefore(one: Sequence, other: Sequence): boolean {
  return one.rank < other.rank || (one.rank === other.rank && one.order < other.order);
}
