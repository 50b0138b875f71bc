// An admission policy of a user's own inside its realm: numbers come in, the objects that it is written against are
// made of them here, new and frozen each time, and a number goes out.
import {
  Has,
  type InsideNumbers,
  type PolicyBridge,
  type PoolNumbers,
  type RequestNumbers,
  SETTLEMENTS,
  VERDICTS,
} from "../core/custom/code.js";
import type { CustomPolicy, PolicyPath, PolicyVerdict, PoolView } from "../core/custom/policy.js";
import { methodsOf, shown, truth } from "./checks.js";
import { requestOf } from "./request.js";

const METHODS = ["decide", "mayStart", "dropsHead", "started", "settle"] as const;
const WORDS = VERDICTS.filter((word) => word !== undefined).join(", ");

export class PolicyInRealm implements PolicyBridge {
  readonly has: number;
  readonly #made: CustomPolicy;
  readonly #paths: readonly PolicyPath[];
  readonly #queued: number[] = [];

  constructor(made: unknown, paths: readonly PolicyPath[]) {
    const has = methodsOf(made, { what: "a policy", methods: METHODS });
    this.#made = made as CustomPolicy;
    this.#paths = paths;
    this.has = has | (this.#made.watchesKv === true ? Has.watchesKv : 0);
  }

  queuedOf(rank: number, count: number): number {
    this.#queued[rank] = count;
    return 0;
  }

  decide(...numbers: Parameters<PolicyBridge["decide"]>): number {
    const request = requestOf(this.#paths, ...(numbers.slice(0, 7) as RequestNumbers));
    const pool = this.#view(numbers.slice(7, 15) as PoolNumbers);
    return codeOf(this.#made.decide!(request, pool, numbers[15]));
  }

  #view([asOf, replicas, slotsBusy, slots, openings, kvUsed, kvTokens, queued]: PoolNumbers): PoolView {
    const queuedByRank = Object.freeze(this.#queued.slice());
    const queuedBelow = (rank: number) => {
      let count = 0;
      for (let lower = rank + 1; lower < queuedByRank.length; lower++) count += queuedByRank[lower]!;
      return count;
    };
    return Object.freeze({
      asOf,
      replicas,
      slotsBusy,
      slots,
      openings,
      kvUsed,
      kvTokens,
      queued,
      queuedByRank,
      queuedBelow,
      queuedAhead: (rank: number) => queued - queuedBelow(rank),
    });
  }

  mayStart(path: number, inputTokens: number, ...inside: InsideNumbers): number {
    const [slotsBusy, slots, kvUsed, kvTokens] = inside;
    const request = Object.freeze({ path: this.#paths[path]!.name, inputTokens });
    const seen = Object.freeze({ slotsBusy, slots, kvUsed, kvTokens });
    return truth(this.#made.mayStart!(request, seen), "mayStart");
  }

  dropsHead(path: number, waited: number, now: number, others: number): number {
    return truth(this.#made.dropsHead!(this.#paths[path]!.name, waited, now, others), "dropsHead");
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

function codeOf(verdict: PolicyVerdict): number {
  for (let code = 0; code < VERDICTS.length; code++) if (VERDICTS[code] === verdict) return code;
  throw new TypeError(`decide returned ${shown(verdict)}; it returns ${WORDS}, or nothing`);
}
