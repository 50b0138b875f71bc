// The requests that callers have under way, a row each in slots that are reused when a request ends: memory is
// bounded by how many are alive at once, and nothing is allocated per request. A request is what the caller wants; it
// has at most one attempt under way at a time in a slot, and a second slot for a hedge or for an attempt that was
// abandoned. Holds facts, and the one order in which a slot may go through its states; changes none by itself.
import { assert } from "../../base/assert.js";
import { Slots } from "../../base/slots.js";
import type { Instant } from "../../base/units.js";
import type { Arrival } from "../traffic/source.js";
import { RequestRows } from "./request-rows.js";

export const RequestState = {
  /** The slot belongs to no request. */
  free: 0,
  /** Before, between and after attempts. */
  resting: 1,
  /** The server has its attempt. */
  underWay: 2,
} as const;
export type RequestState = (typeof RequestState)[keyof typeof RequestState];

const { free, resting, underWay } = RequestState;

export class RequestTable extends RequestRows {
  readonly #slots = new Slots();
  #opened = 0;

  /** Slots in use: requests alive, and attempts beside them. */
  get alive(): number {
    return this.#slots.inUse;
  }

  /** Requests that ever came up. */
  get opened(): number {
    return this.#opened;
  }

  /** Slots to look through when visiting all live requests. */
  get capacity(): number {
    return this.#slots.capacity;
  }

  /** Slots whose attempt the server has, in the order in which their requests came up. */
  underWay(): number[] {
    const slots: number[] = [];
    for (let slot = 0; slot < this.capacity; slot++) {
      if (this.state(slot) === underWay) slots.push(slot);
    }
    return slots.sort((one, other) => this.number(one) - this.number(other));
  }

  /** How many these are, without putting them in order. */
  get underWayCount(): number {
    let count = 0;
    for (let slot = 0; slot < this.capacity; slot++) if (this.state(slot) === underWay) count++;
    return count;
  }

  /** A slot for a new request, with what its arrival says of it. */
  open(arrival: Arrival, source: number, now: Instant): number {
    const slot = this.#take();
    this.write(slot, ++this.#opened, arrival, source, now);
    return slot;
  }

  /** The next attempt of the request in a slot leaves. */
  send(slot: number, now: Instant): void {
    this.move(slot, underWay);
    this.writeAttempt(slot, now);
  }

  /** A second slot for the same request, in a state of its own. */
  openBeside(slot: number, state: typeof resting | typeof underWay): number {
    const other = this.#take();
    if (state === underWay) this.move(other, underWay);
    this.copy(slot, other);
    return other;
  }

  /** A slot rests, has an attempt under way, rests again and is free: nothing else follows anything. */
  move(slot: number, to: RequestState): void {
    const from = this.state(slot);
    const isLegal = from === resting ? to !== resting : to === resting;
    assert(isLegal, "LAW-1: a request ends once, and has one attempt at a time");
    this.enter(slot, to);
  }

  close(slot: number): void {
    this.move(slot, free);
    this.#slots.giveBack(slot);
  }

  #take(): number {
    if (this.#slots.areAllInUse) this.growTo(this.#slots.grow());
    const slot = this.#slots.take();
    this.move(slot, resting);
    return slot;
  }
}
