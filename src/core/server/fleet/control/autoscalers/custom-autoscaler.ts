// An autoscaler of a user's own, as a pool has it: it is shown the newest sample that may be seen.
import { Has, NOTHING, SAMPLE } from "../../../../custom/code.js";
import type { CustomInstance } from "../../../../document/custom-instance.js";
import type { Autoscaler } from "./autoscaler.js";
import type { ScalingView } from "./view.js";

export class CustomAutoscaler implements Autoscaler {
  readonly looksBack = 0;
  readonly watchesKv: boolean;
  readonly #instance: CustomInstance;

  constructor(instance: CustomInstance) {
    this.#instance = instance;
    this.watchesKv = instance.hasAny(Has.watchesKv);
  }

  recommend({ latest, wanted, now }: ScalingView): number | undefined {
    const numbers = SAMPLE.map((name) => latest[name]);
    const replicas = this.#instance.checked(this.#instance.bridge.recommend(...numbers, wanted, now), now);
    return replicas === NOTHING ? undefined : replicas;
  }
}
