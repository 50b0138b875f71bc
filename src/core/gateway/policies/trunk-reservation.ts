// A bounded line with a deadline, and a share of capacity that some paths may not take: while less than its reserve
// is free, a path waits or is shed, so that what is left serves the others. This is the trunk reservation of
// telephony; its blocking has a closed form (birth-death chain, see docs/model.md) that the tests hold it to.
import { assert } from "../../base/assert.js";
import type { PoolSignals } from "../signals.js";
import { TailDrop, type TailDropOptions } from "./tail-drop.js";

export interface TrunkReservationOptions extends TailDropOptions {
  /** By path index: the share of capacity, from 0 up to below 1, that this path may not take. */
  readonly reserve: readonly number[];
  /** What capacity means: sequences, or tokens of KV cache. */
  readonly signal: "slots" | "kv";
}

/** Room for the rounding of shares like 0.07 x 100, which is a little above 7 in doubles. */
const ROUNDING = 1e-9;

export class TrunkReservation extends TailDrop {
  override readonly name = "trunk-reservation";
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
  }

  override mayStart(path: number, signals: PoolSignals): boolean {
    if (signals.slotsBusy >= signals.slots) return false;
    const share = this.#reserve[path] ?? 0;
    // Replicas without a memory limit have no share of it to keep.
    if (this.#signal === "kv" && signals.kvTokens === Number.POSITIVE_INFINITY) return true;
    if (this.#signal === "kv")
      return signals.kvUsed < signals.kvTokens - Math.ceil(share * signals.kvTokens - ROUNDING);
    return signals.slotsBusy < signals.slots - Math.ceil(share * signals.slots - ROUNDING);
  }
}
