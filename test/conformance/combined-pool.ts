// A small pool in front of which an admission of any parts stands, behind a gateway: requests of several ranks and
// accounts come, start, have first tokens, end, give up, are displaced and evicted, on one clock, and what the policy sees
// of it may be old. It asks what the service of a real fleet asks, in the same order, and keeps books of its own. Knows
// nothing of what a contract demands.
import { after, type Duration, duration, type Instant, NEVER, START } from "../../src/core/base/units.js";
import type { AccountLimits } from "../../src/core/server/gateway/accounts/account-limits.js";
import { Admission, type AdmissionParts, KEPT } from "../../src/core/server/gateway/admission.js";
import { Gateway } from "../../src/core/server/gateway/gateway.js";
import type { Occupancy, Settlement } from "../../src/core/server/gateway/policies/policy.js";
import { NO_REQUEST } from "../../src/core/server/gateway/queue/queue.js";
import type { WaitingView } from "../../src/core/server/gateway/queue/rule.js";
import type { RequestFacts } from "../../src/core/server/gateway/request-facts.js";
import { PoolSignals } from "../../src/core/server/gateway/signals.js";
import { OVERLOADED_CAPACITY, type Verdict } from "../../src/core/server/gateway/verdict.js";
import { type Call, factsOf, type Place, RANKS } from "./combined-calls.js";

/** What became of one call. */
export interface Fate {
  readonly at: Instant;
  readonly verdict: Verdict;
  /** Whether it found nothing inside and nothing waiting, and the copy says so, too. */
  readonly metIdle: boolean;
  /** Whether it found the queue, or what it made of it, longer than the policy states, before any was let go for that. */
  isOverBound: boolean;
  /** What went with the refusals that it met. */
  readonly retryAfter: (number | undefined)[];
  startedAt: Instant;
  /** `refused`, and in the end how it left. */
  end: Settlement | "refused" | "inside";
}

type Kind = "call" | "firstToken" | "end" | "timeout" | "giveUp";

interface Event {
  readonly at: number;
  readonly kind: Kind;
  readonly subject: number;
}

interface Guest {
  readonly call: Call;
  readonly facts: RequestFacts;
  readonly decidedAt: Instant;
  firstTokenAt: number;
  state: "waiting" | "running" | "gone";
}

export interface CombinedPoolOptions {
  readonly place: Place;
  readonly limits?: AccountLimits | undefined;
  /** Of retry-after, which is as wide as it may be. */
  readonly chance: () => number;
}

/** Plays one log. Everything that it says of it is in `fates`, by call, and in `trace`, in the order of time. */
export class CombinedPool {
  readonly admission: Admission;
  readonly fates: Fate[] = [];
  /** What happened: when, to which call, and what. */
  readonly trace: string[] = [];
  /** The pool as it was when the copy that decisions see was made. */
  readonly picture: PoolSignals = new PoolSignals(RANKS);
  /** Whether decisions have left the copy as it was: an admission keeps openings from some, one at a time. */
  isCopyKept = true;
  /** What it should not have done by the limit or the rule: the first. */
  misstep: string | undefined;
  /** When the first of those that were let in was settled; NEVER before. */
  firstSettledAt: Instant = NEVER;
  now: Instant = START;
  readonly #place: Place;
  readonly #gateway: Gateway;
  readonly #signals = new PoolSignals(RANKS);
  readonly #guests: Guest[] = [];
  readonly #events: Event[] = [];
  #prefilling = 0;
  #dueAt: Instant = START;
  readonly #waiting: WaitingView = {
    pathOf: (id) => this.#guests[id]!.facts.path,
    inputTokensOf: (id) => this.#guests[id]!.facts.inputTokens,
    arrivedAtOf: (id) => this.#guests[id]!.decidedAt,
    factsOf: (id) => this.#guests[id]!.facts,
  };

  constructor(parts: AdmissionParts, { place, limits, chance }: CombinedPoolOptions) {
    this.#place = place;
    this.admission = new Admission(parts);
    this.#gateway = new Gateway({
      admissions: [this.admission],
      limits,
      retryAfter: { overloaded: duration(1), rateLimited: "estimate", shouldRetry: {}, jitter: 1 },
      signals: (_, now) => this.#signalsAt(now),
      chance,
    });
  }

  /** Plays the calls of a log to the last that comes, or until all that came have left. */
  play(calls: readonly Call[], isDrained: boolean): this {
    let at = 0;
    let left = calls.length;
    for (const [place, { gap }] of calls.entries()) {
      at += gap;
      this.#schedule(at, "call", place);
    }
    while (this.#events.length > 0 && (isDrained || left > 0)) {
      const { at: next, kind, subject } = this.#events.shift()!;
      this.#renewCopy(next as Instant);
      this.now = next as Instant;
      if (kind === "call") {
        this.#arrive(calls[subject]!);
        left--;
      } else this.#happen(kind, subject);
    }
    return this;
  }

  /** What happened before that instant. */
  traceBefore(at: number): string[] {
    return this.trace.filter((line) => Number.parseInt(line, 10) < at);
  }

  get isEmpty(): boolean {
    return this.admission.inside === 0 && this.admission.queue.length === 0;
  }

  #schedule(at: number, kind: Kind, subject: number): void {
    if (at === NEVER) return;
    let place = this.#events.length;
    while (place > 0 && this.#events[place - 1]!.at > at) place--;
    this.#events.splice(place, 0, { at, kind, subject });
  }

  #happen(kind: Kind, id: number): void {
    const guest = this.#guests[id]!;
    if (guest.state === "gone") return;
    if (kind === "firstToken") this.#firstToken(guest, id);
    else if (kind === "end") this.#leave(id, "completed");
    else if (kind === "giveUp") this.#leave(id, "cut");
    else if (guest.state === "waiting") this.#leave(id, "shed");
    this.#dispatch();
  }

  #firstToken(guest: Guest, id: number): void {
    guest.firstTokenAt = this.now;
    this.#prefilling--;
    this.#tell(id, "has a token");
    this.admission.firstToken(id, this.now);
  }

  /** What the service does about an arrival: src/core/server/service. */
  #arrive(call: Call): void {
    const { admission, now } = this;
    const id = this.fates.length;
    const facts = factsOf(call);
    const wasIdle = this.isEmpty;
    const verdict = this.#gateway.decide(facts, now);
    if (verdict.kind === "reject") this.#gateway.refused(verdict.reason, facts, now);
    this.isCopyKept &&= this.#signals.openings === this.picture.openings;
    const metIdle = wasIdle && this.picture.slotsBusy === 0 && this.picture.queued === 0;
    this.#guests.push({ call, facts, decidedAt: now, firstTokenAt: NEVER, state: "waiting" });
    const fate: Fate = {
      at: now,
      verdict,
      metIdle,
      isOverBound: false,
      retryAfter: [],
      startedAt: NEVER,
      end: "inside",
    };
    this.fates.push(fate);
    this.#tell(id, `is told ${verdict.kind} ${verdict.kind === "reject" ? verdict.reason : ""}`);
    if (verdict.kind !== "admit" && verdict.kind !== "wait") {
      this.#refuse(id, verdict.kind === "reject" ? verdict.reason : reasonOf(OVERLOADED_CAPACITY));
      return;
    }
    const displaced = admission.displacedBy(verdict, facts.rank);
    if (displaced !== NO_REQUEST) this.#leave(displaced, "shed");
    if (call.patience !== undefined) this.#schedule(now + call.patience, "giveUp", id);
    if (this.#startsAtOnce(facts)) {
      this.#enter(id);
      admission.startAtOnce(id, facts.path, facts.account, this.#waiting, now);
      return;
    }
    admission.join(id, facts.path, facts.account, now);
    this.#dispatch();
    this.#makeRoomFor(id);
  }

  /** For an arrival that waits now: what runs below it may end, or what waits, or it is let go itself. */
  #makeRoomFor(id: number): void {
    const { admission } = this;
    const { facts, decidedAt } = this.#guests[id]!;
    const waits = () => this.#guests[id]!.state === "waiting";
    const victim = waits() ? admission.evictedBy(facts.rank, () => true) : NO_REQUEST;
    if (victim !== NO_REQUEST) {
      this.#leave(victim, this.#generated(victim) > 0 ? "cut" : "shed");
      this.#dispatch();
    }
    if (!waits()) return;
    this.fates[id]!.isOverBound = admission.isOverBound;
    const other = admission.isOverBound ? admission.displacedFrom(facts.rank) : NO_REQUEST;
    if (other !== NO_REQUEST) this.#leave(other, "shed");
    if (admission.isOverBound) this.#leave(id, "shed");
    else this.#schedule(admission.deadline(decidedAt), "timeout", id);
  }

  #startsAtOnce(facts: RequestFacts): boolean {
    const { admission } = this;
    if (this.#openings === 0 || !admission.isPassable) return false;
    if (!admission.mayEnter(facts, this.now) || !this.#fits(facts)) return false;
    return admission.policy.mayStart(facts.path, facts.inputTokens, this.#occupancy);
  }

  #dispatch(): void {
    const { admission, now } = this;
    admission.hasGrown = false;
    while (admission.queue.length > 0 && this.#openings > 0 && admission.isBelowLimit) {
      const next = admission.next(this.#waiting, this.#occupancy, now);
      const again = admission.next(this.#waiting, this.#occupancy, now);
      if (next !== again) this.misstep ??= `next is ${next}, and asked again ${again}`;
      if (next === NO_REQUEST) return;
      const reason = admission.dropsAtHead ? admission.dropsHead(next, this.#waiting, now) : KEPT;
      if (reason !== KEPT) {
        this.#leave(admission.droppedFor(next, reason), "shed", reason);
        continue;
      }
      if (!this.#fits(this.#guests[next]!.facts)) return;
      this.#enter(next);
      admission.start(next, this.#waiting, now);
    }
  }

  #enter(id: number): void {
    const guest = this.#guests[id]!;
    const { prefill, perToken, outputTokens } = guest.call;
    const { limit, inside } = this.admission;
    if (inside >= limit.most) this.misstep ??= `${id} starts beside ${inside} where ${limit.most} may be`;
    guest.state = "running";
    this.#prefilling++;
    this.fates[id]!.startedAt = this.now;
    this.#tell(id, "starts");
    this.#schedule(this.now + prefill, "firstToken", id);
    this.#schedule(this.now + prefill + perToken * outputTokens, "end", id);
  }

  #leave(id: number, settlement: Settlement, reason = reasonOf(OVERLOADED_CAPACITY)): void {
    const guest = this.#guests[id]!;
    const generated = this.#generated(id);
    if (guest.state === "waiting") this.admission.leave(id);
    else {
      if (guest.firstTokenAt === NEVER) this.#prefilling--;
      this.admission.left(id);
    }
    guest.state = "gone";
    this.fates[id]!.end = settlement;
    this.firstSettledAt = Math.min(this.firstSettledAt, this.now) as Instant;
    this.#tell(id, `leaves, ${settlement}, ${generated} tokens`);
    this.#gateway.settle(id, guest.facts, settlement, generated, guest.decidedAt, this.now);
    if (settlement === "shed") this.#hear(id, reason);
  }

  #refuse(id: number, reason: number): void {
    this.#guests[id]!.state = "gone";
    this.fates[id]!.end = "refused";
    this.#hear(id, reason);
  }

  #hear(id: number, reason: number): void {
    const wait = this.#gateway.retryAfter(reason, this.#guests[id]!.facts, this.now);
    this.fates[id]!.retryAfter.push(wait);
  }

  #tell(id: number, what: string): void {
    this.trace.push(`${this.now} ${id} ${what}`);
  }

  #generated(id: number): number {
    const { firstTokenAt, call, state } = this.#guests[id]!;
    if (firstTokenAt === NEVER || state !== "running") return 0;
    const passed = this.now - firstTokenAt;
    return Math.min(call.outputTokens, call.perToken === 0 ? 1 : Math.floor(passed / call.perToken));
  }

  get #kvUsed(): number {
    return this.#guests.reduce((sum, { facts, state }, id) => {
      return state === "running" ? sum + facts.inputTokens + this.#generated(id) : sum;
    }, 0);
  }

  /** What the replicas have left, whatever the limit says. */
  get #openings(): number {
    const { slots, prefills } = this.#place;
    return Math.max(0, Math.min(slots - this.admission.inside, prefills - this.#prefilling));
  }

  #fits({ inputTokens }: RequestFacts): boolean {
    return this.isRoomy || this.#kvUsed + inputTokens <= this.#place.kvTokens;
  }

  get isRoomy(): boolean {
    return this.admission.inside === 0 || this.#place.kvTokens === Number.POSITIVE_INFINITY;
  }

  get #occupancy(): Occupancy {
    const slots = this.admission.slotsOf(this.#place.slots);
    const { kvTokens } = this.#place;
    return { slots, slotsBusy: this.admission.inside, kvTokens, kvUsed: this.#kvUsed };
  }

  /** Before anything changes at `now`: then the pool is what it was when the copy fell due. */
  #renewCopy(now: Instant): void {
    const { staleness } = this.#place;
    if (staleness === 0 || now < this.#dueAt) return;
    const dueAt = (Math.floor(now / staleness) * staleness) as Instant;
    this.now = dueAt;
    this.#copy(dueAt);
    this.#dueAt = after(dueAt, staleness as Duration);
  }

  #signalsAt(now: Instant): PoolSignals {
    if (this.#place.staleness === 0) this.#copy(now);
    return this.#signals;
  }

  #copy(asOf: Instant): void {
    const { admission } = this;
    const openings = admission.openingsOf(this.#openings);
    const { queue } = admission;
    for (const copy of [this.#signals, this.picture]) {
      Object.assign(copy, this.#occupancy, { asOf, openings, replicas: 1, queued: queue.length });
      for (let rank = 0; rank < RANKS; rank++) copy.queuedByRank[rank] = queue.countOfRank(rank);
    }
  }
}

const reasonOf = (verdict: Verdict): number => (verdict.kind === "reject" ? verdict.reason : KEPT);
