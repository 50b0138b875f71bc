// Several policies at once: an arrival is refused where any of them refuses it, for the reason of the first that does;
// a request starts where all let it; one is shed at the head where any sheds it. The queue is as short, and its
// deadline as soon, as the shortest and the soonest of theirs, and an arrival displaces or evicts others only where
// all of them do. To each policy it is as if it were alone: one that has let an arrival in which another refuses has
// that one settled as shed. Its policies are those that stand alone, so that there is one list of them and not a tree.
import * as z from "zod";
import { assert } from "../../../base/assert.js";
import type { Duration, Instant } from "../../../base/units.js";
import { checkNamed, definitionOf, oneOf } from "../../../document/definition.js";
import { asMap, listOf } from "../../../document/raw.js";
import { quote } from "../../../document/words.js";
import type { RequestFacts } from "../request-facts.js";
import type { PoolSignals } from "../signals.js";
import { ADMIT, DISPLACE, OVERLOADED_CAPACITY, type Verdict, WAIT } from "../verdict.js";
import {
  type AdmissionPolicy,
  definePolicy,
  type Occupancy,
  type PolicyDefinition,
  type Settlement,
} from "./policy.js";

/** How many may wait, and how long; Infinity and undefined: without end. */
export interface QueueBounds {
  readonly maxQueue: number;
  readonly queueTimeout: Duration | undefined;
}

/** What holds to all of them. */
export function tightest(all: readonly QueueBounds[]): QueueBounds {
  const timeouts = all.flatMap(({ queueTimeout }) => queueTimeout ?? []);
  return {
    maxQueue: Math.min(...all.map(({ maxQueue }) => maxQueue)),
    queueTimeout: timeouts.length === 0 ? undefined : (Math.min(...timeouts) as Duration),
  };
}

export class AnyOf implements AdmissionPolicy {
  readonly maxQueue: number;
  readonly queueTimeout: Duration | undefined;
  readonly displaceLower: boolean;
  readonly evictsLower: boolean;
  readonly watchesKv: boolean;
  readonly startsByKv: boolean;
  readonly learns: boolean;
  readonly dropsAtHead: boolean;
  readonly #policies: readonly AdmissionPolicy[];

  constructor(policies: readonly AdmissionPolicy[]) {
    assert(policies.length > 0, "any of none would be nothing to ask");
    this.#policies = policies;
    const { maxQueue, queueTimeout } = tightest(policies);
    this.maxQueue = maxQueue;
    this.queueTimeout = queueTimeout;
    this.displaceLower = policies.every(({ displaceLower }) => displaceLower);
    this.evictsLower = policies.every(({ evictsLower }) => evictsLower);
    this.watchesKv = policies.some(({ watchesKv }) => watchesKv);
    this.startsByKv = policies.some(({ startsByKv }) => startsByKv);
    this.learns = policies.some(({ learns }) => learns);
    this.dropsAtHead = policies.some(({ dropsAtHead }) => dropsAtHead);
  }

  /** The first refusal, or what else keeps it from its own path and pool; otherwise the most that any demands. */
  decide(facts: RequestFacts, signals: PoolSignals, now: Instant): Verdict {
    let waits = false;
    let displaces = false;
    for (let index = 0; index < this.#policies.length; index++) {
      const verdict = this.#policies[index]!.decide(facts, signals, now);
      if (verdict.kind !== "admit" && verdict.kind !== "wait") {
        this.#takeBack(index, facts.path, now);
        return verdict;
      }
      if (verdict.kind === "admit") continue;
      waits = true;
      displaces ||= verdict.displaces;
    }
    if (!waits) return ADMIT;
    if (!displaces) return WAIT;
    if (this.displaceLower) return DISPLACE;
    this.#takeBack(this.#policies.length, facts.path, now);
    return OVERLOADED_CAPACITY;
  }

  /** Of the first so many policies each has let it in. */
  #takeBack(count: number, path: number, now: Instant): void {
    for (let index = 0; index < count; index++) this.#policies[index]!.settle(path, "shed", now);
  }

  mayStart(path: number, inputTokens: number, occupancy: Occupancy): boolean {
    for (const policy of this.#policies) if (!policy.mayStart(path, inputTokens, occupancy)) return false;
    return true;
  }

  /** All are asked, since they learn from what they are asked. */
  dropsHead(path: number, waited: Duration, now: Instant, others: number): boolean {
    let drops = false;
    for (const policy of this.#policies) {
      if (policy.dropsAtHead && policy.dropsHead(path, waited, now, others)) drops = true;
    }
    return drops;
  }

  started(path: number, waited: Duration, now: Instant): void {
    for (const policy of this.#policies) if (policy.learns) policy.started(path, waited, now);
  }

  settle(path: number, settlement: Settlement, now: Instant): void {
    for (const policy of this.#policies) policy.settle(path, settlement, now);
  }
}

const NAME = "any-of";

// Over what it may combine, which the registry knows.
type Combined = PolicyDefinition<string, z.ZodRawShape>;

/** The definition that combines those. */
export function anyOf<const All extends readonly [Combined, ...Combined[]]>(alone: All) {
  const one = oneOf("policy", alone);
  return definePolicy({
    name: NAME,
    summary: "Several policies at once: refuses where any of them refuses, and starts what all let start.",
    ordersByPriority: alone.every(({ ordersByPriority }) => ordersByPriority),
    options: {
      of: z.array(one).min(1).describe("The policies with their options; none of them is any-of again."),
    },
    check({ of }, at, around, report) {
      for (const [index, part] of listOf(of).entries()) {
        const place = [...at, "of", index];
        const own = asMap(part);
        checkNamed(alone, "policy", own, place, around, report);
        if (own["policy"] !== NAME) continue;
        const hint = "write its policies into the one list";
        report(place, `${quote(NAME)} does not stand within itself`, { hint });
      }
    },
    create: ({ of }, context) =>
      new AnyOf(
        (of as readonly { readonly policy: string }[]).map(({ policy: name, ...options }) =>
          definitionOf(alone, name, "policy").create(options as never, context),
        ),
      ),
  });
}
