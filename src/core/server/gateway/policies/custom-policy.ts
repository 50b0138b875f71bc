// An admission policy of a user's own, as the gateway has it: a bounded queue with a deadline as tail-drop's, whose
// answers are the user's where the user's module gives any. What is asked of the module goes into its realm as numbers.
import type { Duration, Instant } from "../../../base/units.js";
import { START } from "../../../base/units.js";
import { Has, SETTLEMENTS } from "../../../custom/code.js";
import type { CustomInstance } from "../../../custom/instance.js";
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
  override readonly learns: boolean;
  override readonly dropsAtHead: boolean;
  readonly #instance: CustomInstance;
  readonly #has: number;
  readonly #chance: () => number;
  #now: Instant = START;

  constructor(options: CustomPolicyOptions) {
    super(options);
    const { instance, chance } = options;
    this.#instance = instance;
    this.#has = instance.has;
    this.#chance = chance;
    this.watchesKv = this.#hasAny(Has.watchesKv);
    this.learns = this.#hasAny(Has.started);
    this.dropsAtHead = this.#hasAny(Has.dropsHead);
  }

  override decide(facts: RequestFacts, signals: PoolSignals, now: Instant): Verdict {
    if (!this.#hasAny(Has.decide)) return super.decide(facts, signals, now);
    const { bridge } = this.#instance;
    for (let rank = 0; rank < signals.queuedByRank.length; rank++)
      bridge.queuedOf(rank, signals.queuedByRank[rank]!);
    this.#reseed();
    const { account, path, model, rank, inputTokens, cachedTokens, maxTokens } = facts;
    const { asOf, replicas, slotsBusy, slots, openings, kvUsed, kvTokens, queued } = signals;
    const code = bridge.decide(
      account,
      path,
      model,
      rank,
      inputTokens,
      cachedTokens,
      maxTokens,
      asOf,
      replicas,
      slotsBusy,
      slots,
      openings,
      kvUsed,
      kvTokens,
      queued,
      now,
    );
    const verdict = BY_CODE[this.#checked(code, now)] ?? super.decide(facts, signals, now);
    // Where nothing is to be displaced it waits, if there is a place: the pool holds to that.
    return verdict === DISPLACE && signals.queuedBelow(facts.rank) === 0 ? WAIT : verdict;
  }

  override mayStart(path: number, inputTokens: number, occupancy: Occupancy): boolean {
    if (!this.#hasAny(Has.mayStart)) return true;
    const { slotsBusy, slots, kvUsed, kvTokens } = occupancy;
    const code = this.#instance.bridge.mayStart(path, inputTokens, slotsBusy, slots, kvUsed, kvTokens);
    return this.#checked(code, this.#now) === 1;
  }

  override dropsHead(path: number, waited: Duration, now: Instant): boolean {
    this.#reseed();
    return this.#checked(this.#instance.bridge.dropsHead(path, waited, now), now) === 1;
  }

  override started(path: number, waited: Duration, now: Instant): void {
    this.#checked(this.#instance.bridge.started(path, waited, now), now);
  }

  override settle(path: number, settlement: Settlement, now: Instant): void {
    if (!this.#hasAny(Has.settle)) return;
    this.#checked(this.#instance.bridge.settle(path, SETTLEMENTS.indexOf(settlement), now), now);
  }

  #hasAny(bits: number): boolean {
    return (this.#has & bits) !== 0;
  }

  #reseed(): void {
    if (this.#hasAny(Has.chance)) this.#instance.bridge.reseed(this.#chance());
  }

  #checked(result: number, now: Instant): number {
    this.#now = now;
    return this.#instance.checked(result, now);
  }
}
