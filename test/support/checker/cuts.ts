// What an attempt had done when it was taken out of its replica: asked of the replica in the moment before. The spies
// sit on the replicas and pass everything on unchanged.
import type { Engine } from "../../../src/core/engine/engine.js";

export interface Cut {
  /** Tokens of its prompt computed, and tokens generated. */
  readonly prefilled: number;
  readonly generated: number;
}

export class Cuts {
  readonly #cuts = new Map<number, Cut>();

  constructor({ world }: Engine) {
    for (const replica of world.replicas) {
      const cancel = replica.cancel.bind(replica);
      replica.cancel = (slot, now) => {
        const prefilled = replica.prefilled(slot, now);
        const generated = cancel(slot, now);
        this.#cuts.set(slot, { prefilled, generated });
        return generated;
      };
    }
  }

  /** Of the attempt that has just left this slot; undefined for one that was not taken out. */
  take(slot: number): Cut | undefined {
    const cut = this.#cuts.get(slot);
    this.#cuts.delete(slot);
    return cut;
  }
}
