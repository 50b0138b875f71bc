// A queue rule of a user's own, as the gateway has it: each waiting request has a number of the user's, of the heads of
// lanes the least goes first, and who is displaced goes by rank. A request is scored before the first start after it
// came, since only then its facts can be asked.
import { type Instant, since } from "../../../base/units.js";
import { Has } from "../../../custom/code.js";
import type { CustomInstance } from "../../../document/custom-instance.js";
import type { AdmissionPolicy, Occupancy } from "../policies/policy.js";
import { NO_REQUEST, RequestQueue } from "./queue.js";
import type { QueueRule, WaitingView } from "./rule.js";
import { ScoredLanes } from "./scored-lanes.js";

export class CustomRule implements QueueRule {
  readonly queue: RequestQueue;
  readonly seesAll: boolean;
  readonly isBounded = false;
  readonly dropsLate: boolean;
  readonly #instance: CustomInstance;
  readonly #lanes: ScoredLanes;
  /** Joined and not scored yet, with the tickets by which those are known that have left since. */
  #unscored: { readonly request: number; readonly ticket: number }[] = [];
  /** By request, whose it is: told when it leaves. */
  readonly #accounts: number[] = [];

  constructor(ranks: readonly number[], instance: CustomInstance) {
    this.queue = new RequestQueue(ranks);
    this.seesAll = instance.hasAny(Has.started) || instance.hasAny(Has.settled);
    this.dropsLate = instance.hasAny(Has.isLate);
    this.#instance = instance;
    this.#lanes = new ScoredLanes(this.queue);
  }

  join(request: number, lane: number, account: number, _now: Instant): void {
    this.queue.join(request, lane);
    this.#accounts[request] = account;
    this.#unscored.push({ request, ticket: this.queue.ticketOf(request) });
  }

  passed(request: number, _lane: number, account: number, inputTokens: number, now: Instant): void {
    this.#accounts[request] = account;
    this.started(request, inputTokens, now);
  }

  leave(request: number): void {
    this.queue.leave(request);
  }

  next(policy: AdmissionPolicy, waiting: WaitingView, occupancy: Occupancy, now: Instant): number {
    this.#scoreAll(waiting, now);
    let next = NO_REQUEST;
    let nextLane = 0;
    for (let lane = 0; lane < this.queue.ranks.length; lane++) {
      const head = this.#lanes.headOf(lane);
      if (head === NO_REQUEST) continue;
      if (next !== NO_REQUEST && !this.#lanes.goesBefore(lane, nextLane)) continue;
      if (!policy.mayStart(waiting.pathOf(head), waiting.inputTokensOf(head), occupancy)) continue;
      next = head;
      nextLane = lane;
    }
    return next;
  }

  #scoreAll(waiting: WaitingView, now: Instant): void {
    const { queue } = this;
    const instance = this.#instance;
    for (const { request, ticket } of this.#unscored) {
      if (!queue.has(request) || queue.ticketOf(request) !== ticket) continue;
      const numbers = instance.numbersOf(waiting.factsOf(request));
      const score = instance.bridge.score(...numbers, waiting.arrivedAtOf(request));
      this.#lanes.add(request, instance.checked(score, now));
    }
    if (this.#unscored.length > 0) this.#unscored = [];
  }

  lastBelow(rank: number): number {
    return this.queue.lastBelow(rank);
  }

  hasPlace(): boolean {
    return true;
  }

  isLate(request: number, waiting: WaitingView, now: Instant): boolean {
    const instance = this.#instance;
    const numbers = instance.numbersOf(waiting.factsOf(request));
    const late = instance.bridge.isLate(...numbers, since(now, waiting.arrivedAtOf(request)), now);
    return instance.checked(late, now) === 1;
  }

  started(request: number, inputTokens: number, now: Instant): void {
    const instance = this.#instance;
    if (!instance.hasAny(Has.started)) return;
    instance.checked(instance.bridge.ruleStarted(this.#accounts[request]!, inputTokens, now), now);
  }

  settled(request: number, outputTokens: number, now: Instant): void {
    const instance = this.#instance;
    if (!instance.hasAny(Has.settled)) return;
    instance.checked(instance.bridge.settled(this.#accounts[request]!, outputTokens, now), now);
  }
}
