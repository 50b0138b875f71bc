// What an attempt had done when it was taken out of its replica, or lost with it: asked of the replica in the moment
// before. The spies sit on the replicas, those that come up later included, and pass everything on unchanged.
import type { Engine } from "../../../src/core/engine/engine.js";
import type { Replica } from "../../../src/core/server/replica/replica.js";

export interface Cut {
  /** Tokens of its prompt computed, and tokens generated. */
  readonly prefilled: number;
  readonly generated: number;
}

export class Cuts {
  readonly #cuts = new Map<number, Cut>();

  constructor({ service }: Engine) {
    const { instances } = service.parts.fleet;
    for (const [, replica] of instances.up()) this.#spyOn(replica);
    const install = instances.install.bind(instances);
    instances.install = (slot, replica, leaf) => {
      this.#spyOn(replica);
      install(slot, replica, leaf);
    };
  }

  #spyOn(replica: Replica): void {
    const cancel = replica.cancel.bind(replica);
    replica.cancel = (attempt, now) => {
      const prefilled = replica.prefilled(attempt, now);
      const generated = cancel(attempt, now);
      this.#cuts.set(attempt, { prefilled, generated });
      return generated;
    };
    const halt = replica.halt.bind(replica);
    replica.halt = (now) => {
      const halted = halt(now);
      for (const { sequence, prefilled, generated } of halted)
        this.#cuts.set(sequence, { prefilled, generated });
      return halted;
    };
  }

  /** Of the attempt that has just left this slot of the server; undefined for one that was not taken out. */
  take(attempt: number): Cut | undefined {
    const cut = this.#cuts.get(attempt);
    this.#cuts.delete(attempt);
    return cut;
  }
}
