// A bounded line with a deadline, and a share of capacity that some paths may not take: while less than its reserve
// is free, a path waits or is shed, so that what is left serves the others. This is the trunk reservation of
// telephony; its blocking has a closed form (birth-death chain, see docs/model.md) that the tests hold it to.
import { assert } from "../../../base/assert.js";
import type { Occupancy } from "../policy.js";
import type { RequestFacts } from "../request-facts.js";
import type { PoolSignals } from "../signals.js";
import { TailDrop, type TailDropOptions } from "./tail-drop.js";

export interface TrunkReservationOptions extends TailDropOptions {
  /** By path index: the share of capacity, from 0 up to below 1, that this path may not take. */
  readonly reserve: readonly number[];
  /** What capacity means: sequences, or tokens of KV cache. */
  readonly signal: "slots" | "kv";
}

/** Room for the rounding of shares like 0.29 x 100, which is a little below 29 in doubles. */
const ROUNDING = 1e-9;

export class TrunkReservation extends TailDrop {
  override readonly name = "trunk-reservation";
  override readonly watchesKv: boolean;
  readonly #reserve: readonly number[];
  readonly #signal: "slots" | "kv";

  constructor(options: TrunkReservationOptions) {
    super(options);
    assert(
      options.reserve.every((share) => share >= 0 && share < 1),
      "a reserve is a share of the whole",
    );
    this.#reserve = options.reserve;
    this.#signal = options.signal;
    this.watchesKv = options.signal === "kv";
  }

  override mayStart(path: number, inputTokens: number, occupancy: Occupancy): boolean {
    return this.#leavesReserve(path, inputTokens, occupancy);
  }

  protected override hasRoom(facts: RequestFacts, signals: PoolSignals): boolean {
    return this.#leavesReserve(facts.path, facts.inputTokens, signals);
  }

  #leavesReserve(path: number, inputTokens: number, inside: Occupancy): boolean {
    const share = this.#reserve[path] ?? 0;
    // Whoever is alone takes nothing from anyone, however large; and someone has to be able to start.
    if (share === 0 || inside.slotsBusy === 0) return true;
    // By prompts and by what has been generated: nobody knows how long outputs will be.
    if (this.#signal === "kv") return leaves(share, inside.kvUsed + inputTokens, inside.kvTokens);
    return leaves(share, inside.slotsBusy + 1, inside.slots);
  }
}

/** Whether `taken` of `all` leaves the reserve, a share rounded down to whole units: 2 % of 10 slots keep none. */
function leaves(share: number, taken: number, all: number): boolean {
  if (all === Number.POSITIVE_INFINITY) return true;
  return taken <= all - Math.floor(share * all + ROUNDING);
}
