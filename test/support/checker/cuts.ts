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

  constructor({ service }: Engine) {
    for (const [, replica] of service.parts.fleet.instances.up()) {
      const cancel = replica.cancel.bind(replica);
      replica.cancel = (attempt, now) => {
        const prefilled = replica.prefilled(attempt, now);
        const generated = cancel(attempt, now);
        this.#cuts.set(attempt, { prefilled, generated });
        return generated;
      };
    }
  }

  /** Of the attempt that has just left this slot of the server; undefined for one that was not taken out. */
  take(attempt: number): Cut | undefined {
    const cut = this.#cuts.get(attempt);
    this.#cuts.delete(attempt);
    return cut;
  }
}
