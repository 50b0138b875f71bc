// A queue rule in use, beside plain lists of who waits, in the order of joining, and who runs: for its contract, and
// for tests by hand.
import { type Instant, START } from "../../base/units.js";
import type { AdmissionPolicy } from "../../server/gateway/policies/policy.js";
import type { QueueContext, QueueRule } from "../../server/gateway/queue/rule.js";
import { facts, lanesOf, occupancy, startsAll, waitingView } from "./views.js";

export interface QueuedRequest {
  readonly id: number;
  readonly path: number;
  readonly account: number;
  readonly inputTokens: number;
  readonly arrivedAt: Instant;
}

export interface QueueCall {
  readonly path?: number;
  readonly account?: number;
  readonly tokens?: number;
}

/** `now` is moved on by hand. */
export class QueueInUse {
  readonly rule: QueueRule;
  readonly waiting: QueuedRequest[] = [];
  readonly running: QueuedRequest[] = [];
  readonly #requests = new Map<number, QueuedRequest>();
  readonly #view = waitingView({
    pathOf: (id) => this.of(id).path,
    inputTokensOf: (id) => this.of(id).inputTokens,
    arrivedAtOf: (id) => this.of(id).arrivedAt,
    factsOf: (id) => facts(this.of(id)),
  });
  readonly #ranks: readonly number[];
  #freeIds: number[] = [];
  now: Instant = START;

  constructor(create: (context: QueueContext) => QueueRule, ranks: readonly number[]) {
    this.#ranks = ranks;
    this.rule = create(lanesOf(ranks));
  }

  of(id: number): QueuedRequest {
    return this.#requests.get(id)!;
  }

  next(policy: AdmissionPolicy = startsAll): number {
    return this.rule.next(policy, this.#view, occupancy(), this.now);
  }

  isLate(id: number): boolean {
    return this.rule.isLate(id, this.#view, this.now);
  }

  /** Undefined for one that finds no place. */
  join(call: QueueCall): QueuedRequest | undefined {
    const request = this.#arrive(call);
    if (request === undefined) return undefined;
    this.waiting.push(request);
    this.rule.join(request.id, request.path, request.account, this.now);
    return request;
  }

  /** Starts one that finds the queue empty. */
  pass(call: QueueCall): void {
    const request = this.#arrive(call);
    if (request === undefined) return;
    const { id, path, account, inputTokens } = request;
    if (this.rule.seesAll) this.rule.passed(id, path, account, inputTokens, this.now);
    this.running.push(request);
  }

  #arrive({ path = 0, account = 0, tokens = 1 }: QueueCall): QueuedRequest | undefined {
    const { rule } = this;
    if (rule.isBounded && !rule.hasPlace(this.#ranks[path]!, account)) return undefined;
    // Slots of requests that have gone are used again.
    const id = this.#freeIds.pop() ?? this.#requests.size;
    const request = { id, path, account, inputTokens: tokens, arrivedAt: this.now };
    this.#requests.set(id, request);
    return request;
  }

  /** Starts who is next, or sheds it at the head; undefined where none is next. */
  start(): QueuedRequest | undefined {
    const next = this.next();
    const request = this.waiting.find(({ id }) => id === next);
    if (request === undefined) return undefined;
    if (this.rule.dropsLate && this.isLate(next)) {
      this.leave(request);
      return request;
    }
    this.waiting.splice(this.waiting.indexOf(request), 1);
    this.rule.leave(next);
    this.rule.started(next, request.inputTokens, this.now);
    this.running.push(request);
    return request;
  }

  leave(request: QueuedRequest): void {
    this.waiting.splice(this.waiting.indexOf(request), 1);
    this.rule.leave(request.id);
    this.#settle(request, 0);
  }

  /** It has generated so many tokens. */
  end(request: QueuedRequest, tokens = 0): void {
    this.running.splice(this.running.indexOf(request), 1);
    this.#settle(request, tokens);
  }

  #settle({ id }: QueuedRequest, tokens: number): void {
    this.rule.settled(id, tokens, this.now);
    this.#freeIds.push(id);
  }
}
