// An admission policy of a user's own inside its realm: numbers come in, the objects that it is written against are made
// of them here, new and frozen each time, and a number goes out.
import { type Bridge, Has, SETTLEMENTS, VERDICTS } from "../core/custom/code.js";
import type { CustomPolicy, PolicyContext, PolicyPath, PolicyVerdict } from "../core/custom/policy.js";
import { optionalMethod, shown, truth } from "./checks.js";

const METHODS = ["decide", "mayStart", "dropsHead", "started", "settle"] as const;
const KNOWN: readonly string[] = [...METHODS, "watchesKv"];
const WORDS = VERDICTS.filter((word) => word !== undefined).join(", ");

export class PolicyInRealm {
  readonly has: number;
  readonly #made: CustomPolicy;
  readonly #paths: readonly PolicyPath[];
  readonly #queued: number[] = [];

  constructor(made: unknown, { paths }: PolicyContext) {
    if (typeof made !== "object" || made === null) {
      throw new TypeError(
        `create returned ${shown(made)}; it returns the policy, an object with its methods`,
      );
    }
    for (const name in made) {
      if (!KNOWN.includes(name) && typeof (made as Record<string, unknown>)[name] === "function")
        throw new TypeError(`a policy has no method ${name}; it has ${METHODS.join(", ")}`);
    }
    this.#made = made;
    this.#paths = paths;
    let has = this.#made.watchesKv === true ? Has.watchesKv : 0;
    for (const name of METHODS) if (optionalMethod(made, name)) has |= Has[name];
    this.has = has;
  }

  queuedOf(rank: number, count: number): number {
    this.#queued[rank] = count;
    return 0;
  }

  decide(
    ...[account, path, model, rank, inputTokens, cachedTokens, maxTokens, ...rest]: Parameters<
      Bridge["decide"]
    >
  ): number {
    const [asOf, replicas, slotsBusy, slots, openings, kvUsed, kvTokens, queued, now] = rest;
    const name = this.#paths[path]!.name;
    const request = { account, path: name, model, rank, inputTokens, cachedTokens, maxTokens };
    const queuedByRank = Object.freeze(this.#queued.slice());
    const below = (of: number) => {
      let count = 0;
      for (let lower = of + 1; lower < queuedByRank.length; lower++) count += queuedByRank[lower]!;
      return count;
    };
    const pool = {
      ...{ asOf, replicas, slotsBusy, slots, openings, kvUsed, kvTokens, queued, queuedByRank },
      queuedBelow: below,
      queuedAhead: (of: number) => queued - below(of),
    };
    return this.#code(this.#made.decide!(Object.freeze(request), Object.freeze(pool), now));
  }

  #code(verdict: PolicyVerdict): number {
    for (let code = 0; code < VERDICTS.length; code++) if (VERDICTS[code] === verdict) return code;
    throw new TypeError(`decide returned ${shown(verdict)}; it returns ${WORDS}, or nothing`);
  }

  mayStart(
    path: number,
    inputTokens: number,
    ...[slotsBusy, slots, kvUsed, kvTokens]: [number, number, number, number]
  ): number {
    const request = Object.freeze({ path: this.#paths[path]!.name, inputTokens });
    const inside = Object.freeze({ slotsBusy, slots, kvUsed, kvTokens });
    return truth(this.#made.mayStart!(request, inside), "mayStart");
  }

  dropsHead(path: number, waited: number, now: number): number {
    return truth(this.#made.dropsHead!(this.#paths[path]!.name, waited, now), "dropsHead");
  }

  started(path: number, waited: number, now: number): number {
    this.#made.started!(this.#paths[path]!.name, waited, now);
    return 0;
  }

  settle(path: number, settlement: number, now: number): number {
    this.#made.settle!(this.#paths[path]!.name, SETTLEMENTS[settlement]!, now);
    return 0;
  }
}
