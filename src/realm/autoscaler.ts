// An autoscaler of a user's own inside its realm.
import type { CustomAutoscaler, PoolSample } from "../core/custom/autoscaler.js";
import { Has, NOTHING, SAMPLE } from "../core/custom/code.js";
import { amount, methodsOf } from "./checks.js";

export class AutoscalerInRealm {
  readonly has: number;
  readonly #made: CustomAutoscaler;

  constructor(made: unknown) {
    const has = methodsOf(made, { what: "an autoscaler", methods: ["recommend"], needed: ["recommend"] });
    this.#made = made as CustomAutoscaler;
    this.has = has | (this.#made.watchesKv === true ? Has.watchesKv : 0);
  }

  recommend(...numbers: number[]): number {
    const sample: Record<string, number> = {};
    for (const [index, name] of SAMPLE.entries()) sample[name] = numbers[index]!;
    const [wanted, now] = numbers.slice(SAMPLE.length) as [number, number];
    const latest = Object.freeze(sample) as unknown as PoolSample;
    const replicas = this.#made.recommend(latest, wanted, now);
    return replicas === undefined ? NOTHING : amount(replicas, "recommend");
  }
}
