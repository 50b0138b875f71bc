// An admission policy of a user's own, as the gateway has it: a bounded queue with a deadline as tail-drop's, whose
// answers are the user's where the user's module gives any. What is asked of the module goes into its realm as numbers.
import type { Duration, Instant } from "../../../base/units.js";
import { Has, SETTLEMENTS } from "../../../custom/code.js";
import type { CustomInstance } from "../../../document/custom-instance.js";
import type { RequestFacts } from "../request-facts.js";
import type { PoolSignals } from "../signals.js";
import {
  ADMIT,
  DEMOTE,
  DISPLACE,
  OVERLOADED_CAPACITY,
  OVERLOADED_DELAY,
  OVERLOADED_PREDICTED,
  SPILL,
  type Verdict,
  WAIT,
} from "../verdict.js";
import type { Occupancy, Settlement } from "./policy.js";
import { TailDrop, type TailDropOptions } from "./tail-drop.js";

/** In the order of VERDICTS; the last, for no answer, is tail-drop's to say. */
const BY_CODE: readonly (Verdict | undefined)[] = [
  ADMIT,
  WAIT,
  DISPLACE,
  DEMOTE,
  SPILL,
  OVERLOADED_CAPACITY,
  OVERLOADED_DELAY,
  OVERLOADED_PREDICTED,
  undefined,
];

export interface CustomPolicyOptions extends TailDropOptions {
  readonly instance: CustomInstance;
  /** Uniform on [0, 1). */
  readonly chance: () => number;
}

export class CustomPolicy extends TailDrop {
  override readonly watchesKv: boolean;
  override readonly startsByKv: boolean;
  override readonly learns: boolean;
  override readonly dropsAtHead: boolean;
  readonly #instance: CustomInstance;
  readonly #chance: () => number;

  constructor(options: CustomPolicyOptions) {
    super(options);
    const { instance, chance } = options;
    this.#instance = instance;
    this.#chance = chance;
    this.watchesKv = instance.hasAny(Has.watchesKv);
    this.startsByKv = this.watchesKv && instance.hasAny(Has.mayStart);
    this.learns = instance.hasAny(Has.started);
    this.dropsAtHead = instance.hasAny(Has.dropsHead);
  }

  override decide(facts: RequestFacts, signals: PoolSignals, now: Instant): Verdict {
    const instance = this.#instance;
    if (!instance.hasAny(Has.decide)) return super.decide(facts, signals, now);
    const { bridge } = instance;
    const { queuedByRank } = signals;
    for (let rank = 0; rank < queuedByRank.length; rank++) bridge.queuedOf(rank, queuedByRank[rank]!);
    this.#reseed();
    const code = bridge.decide(
      ...instance.numbersOf(facts),
      signals.asOf,
      signals.replicas,
      signals.slotsBusy,
      signals.slots,
      signals.openings,
      signals.kvUsed,
      signals.kvTokens,
      signals.queued,
      now,
    );
    const verdict = BY_CODE[instance.checked(code, now)] ?? super.decide(facts, signals, now);
    return verdict.kind === "wait" ? this.#waits(verdict, facts, signals) : verdict;
  }

  /** Where nothing is to be displaced it waits, if there is a place; where there is none, it is as tail-drop has it. */
  #waits(verdict: Verdict, facts: RequestFacts, signals: PoolSignals): Verdict {
    const isAnyBelow = signals.queuedBelow(facts.rank) > 0;
    if (verdict === DISPLACE && isAnyBelow) return DISPLACE;
    if (signals.queued < this.maxQueue) return WAIT;
    return this.displaceLower && isAnyBelow ? DISPLACE : OVERLOADED_CAPACITY;
  }

  override mayStart(path: number, inputTokens: number, occupancy: Occupancy): boolean {
    const instance = this.#instance;
    const { slotsBusy, slots, kvUsed, kvTokens } = occupancy;
    // In an empty pool every request may: nothing would ever leave it to make room.
    if (slotsBusy === 0 || !instance.hasAny(Has.mayStart)) return true;
    const code = instance.bridge.mayStart(path, inputTokens, slotsBusy, slots, kvUsed, kvTokens);
    return instance.checked(code, instance.now) === 1;
  }

  override dropsHead(path: number, waited: Duration, now: Instant, others: number): boolean {
    const instance = this.#instance;
    if (!instance.hasAny(Has.dropsHead)) return false;
    this.#reseed();
    return instance.checked(instance.bridge.dropsHead(path, waited, now, others), now) === 1;
  }

  override started(path: number, waited: Duration, now: Instant): void {
    const instance = this.#instance;
    if (instance.hasAny(Has.started)) instance.checked(instance.bridge.started(path, waited, now), now);
  }

  override settle(path: number, settlement: Settlement, now: Instant): void {
    const instance = this.#instance;
    if (!instance.hasAny(Has.settle)) return;
    instance.checked(instance.bridge.settle(path, SETTLEMENTS.indexOf(settlement), now), now);
  }

  #reseed(): void {
    if (this.#instance.hasAny(Has.chance)) this.#instance.bridge.reseed(this.#chance());
  }
}
