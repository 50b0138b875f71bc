// The attempts that are in the server, a row each in two halves (stated/, work.ts; what of both is touched again and
// again stands on one line, stated/shared-lines.ts), in slots that are reused: memory is bounded by how many are inside
// at once, and nothing is allocated per attempt. Holds facts, and the one order in which an attempt may go through its
// states; changes none by itself.
import type { Handle } from "../../api/wire.js";
import { assert } from "../../base/assert.js";
import { NONE } from "../../base/none.js";
import { Slots } from "../../base/slots.js";
import { StatedRows } from "./stated/rows.js";
import { SharedLines } from "./stated/shared-lines.js";
import { WorkRows } from "./work.js";

export const AttemptState = {
  /** The slot belongs to no attempt. */
  free: 0,
  /** Nothing has been decided about it. */
  received: 1,
  /** In front of a pool. */
  queued: 2,
  /** In a replica. */
  running: 3,
} as const;
export type AttemptState = (typeof AttemptState)[keyof typeof AttemptState];

const { free, received, queued, running } = AttemptState;

/** By state: those that may follow it. */
const FOLLOWERS: readonly (readonly AttemptState[])[] = [[received], [queued, free], [running, free], [free]];
/** The same as bits, from * 4 + to. */
const LEGAL = FOLLOWERS.reduce(
  (bits, followers, from) => followers.reduce((so, to) => so | (1 << (from * 4 + to)), bits),
  0,
);

/** A handle is slot + generation * SLOTS: more attempts than that are never inside at once. */
const SLOTS = 2 ** 24;
/** The last one whose handles are whole numbers below 2^53. A slot that has had it is not used again. */
const LAST_GENERATION = 2 ** 29 - 1;

export class AttemptTable {
  readonly stated: StatedRows = new StatedRows();
  readonly work: WorkRows = new WorkRows();
  readonly #lines = new SharedLines();
  readonly #slots = new Slots();
  #retired = 0;
  #opened = 0;

  readonly #lastGeneration: number;

  constructor(lastGeneration: number = LAST_GENERATION) {
    this.#lastGeneration = lastGeneration;
  }

  /** Attempts inside. */
  get alive(): number {
    return this.#slots.inUse - this.#retired;
  }

  /** Attempts that ever came. */
  get opened(): number {
    return this.#opened;
  }

  /** Slots to look through when visiting all attempts inside. */
  get capacity(): number {
    return this.#slots.capacity;
  }

  /** A slot for an attempt that has just come; the next number in the order of coming is `opened`. */
  open(): number {
    if (this.#slots.areAllInUse) this.#grow();
    const slot = this.#slots.take();
    this.#opened++;
    this.move(slot, received);
    return slot;
  }

  close(slot: number): void {
    this.move(slot, free);
    if (this.work.generation(slot) === this.#lastGeneration) {
      this.#retired++;
      return;
    }
    this.work.endGeneration(slot);
    this.#slots.giveBack(slot);
  }

  move(slot: number, to: AttemptState): void {
    const from = this.work.state(slot);
    assert(
      ((LEGAL >> (from * 4 + to)) & 1) === 1,
      "LAW-10: an attempt is received, waits, runs and ends once",
    );
    this.work.enter(slot, to);
  }

  handleOf(slot: number): Handle {
    return slot + this.work.generation(slot) * SLOTS;
  }

  /** NONE for a handle that is stale, or of no attempt. */
  slotOf(handle: Handle): number {
    if (handle < 0) return NONE;
    const slot = handle % SLOTS;
    const isThere = slot < this.capacity && this.work.state(slot) !== free;
    return isThere && this.handleOf(slot) === handle ? slot : NONE;
  }

  /** Slots of all attempts inside, in the order in which they came. */
  inOrder(): number[] {
    const slots: number[] = [];
    for (let slot = 0; slot < this.capacity; slot++) {
      if (this.work.state(slot) !== free) slots.push(slot);
    }
    return slots.sort((one, other) => this.work.serial(one) - this.work.serial(other));
  }

  #grow(): void {
    const capacity = this.#slots.grow();
    assert(capacity <= SLOTS, "fewer than 16 million attempts are inside at once");
    this.#lines.grow(capacity);
    this.stated.grow(this.#lines, capacity);
    this.work.grow(this.#lines, capacity);
  }
}
