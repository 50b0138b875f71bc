// The time outside the engine, between callers and the server: HTTP, tokenizer, detokenizer and the network itself. A
// call is received when its way in is over, so that until then it takes no place in a queue and no slot; its answers
// are told when their way out is over, so that they take none any more. Both ways of a call are drawn as it is sent, by
// the pool of the path that it names, whose endpoint is called; where a detour has it served in another pool, its way
// out is that pool's, whose detokenizer and HTTP server answer. All its answers, refusals too, take the same way out,
// and come in their order. Where a way takes no time nothing is scheduled.
//
// Callers' clocks run from when they send. Who hangs up is gone at once: a call on its way in is never received, one
// inside is cancelled, and an answer on its way out reaches nobody. What the server decides for itself it decides by
// its own time.
import type { Answers, Call, Calls, Handle, Refusal, Served, Usage } from "../../api/wire.js";
import { NO_HANDLE } from "../../api/wire.js";
import { assert } from "../../base/assert.js";
import { NONE } from "../../base/none.js";
import type { Reason } from "../../base/outcome.js";
import { after, type Duration, type Instant, NEVER, NO_TIME } from "../../base/units.js";
import { type EventHandle, type EventQueue, NO_EVENT } from "../../kernel/event-queue.js";
import { Phase } from "../../kernel/phase.js";
import type { ServiceLedger } from "../../server/service/books.js";
import { COMPLETED, newTransit, Place, type Transit } from "./transit.js";

/** What events of the network are in the clock's queue, by the reference of a call; no number is another's. */
export const NetworkEvent = {
  /** A call has come in. */
  received: 14,
  /** Its first token has come out. */
  firstToken: 15,
  /** What became of it has come out. */
  ended: 16,
} as const;

export type NetworkEvent = (typeof NetworkEvent)[keyof typeof NetworkEvent];

/** What calls to one pool take on their way. */
export interface FrontEnd {
  wayIn(promptTokens: number): Duration;
  wayOut(): Duration;
}

const NOTHING: Usage = { computedTokens: 0, outputTokens: 0 };
/**
 * A handle is reference + serial * REFERENCES: as many calls at a time as there are attempts inside a server at most,
 * and serials that begin anew long after a handle with the same one was stale, so that the sum stays whole.
 */
const REFERENCES = 2 ** 24;
const SERIALS = 2 ** 28;

interface NetworkParts {
  readonly events: EventQueue;
  /** Who is called. */
  readonly calls: Calls;
  /** Where answers that reach nobody are entered. */
  readonly ledger: Pick<ServiceLedger, "wasted">;
  /** By pool; undefined where a call takes no time. */
  readonly frontEnds: readonly (FrontEnd | undefined)[];
  /** By route, the pool of that path. */
  readonly poolOf: readonly number[];
}

export class Network implements Calls, Answers {
  /** Calls that the server was given, and those that are on their way, in or out. */
  passed = 0;
  outside = 0;
  readonly #events: EventQueue;
  readonly #calls: Calls;
  readonly #ledger: NetworkParts["ledger"];
  readonly #frontEnds: NetworkParts["frontEnds"];
  readonly #poolOf: NetworkParts["poolOf"];
  readonly #transits: Transit[] = [];
  #answers: Answers | undefined;
  #sent = 0;
  #onWayIn = 0;
  /** Calls whose callers had gone before they came in. */
  #dropped = 0;

  constructor({ events, calls, ledger, frontEnds, poolOf }: NetworkParts) {
    this.#events = events;
    this.#calls = calls;
    this.#ledger = ledger;
    this.#frontEnds = frontEnds;
    this.#poolOf = poolOf;
  }

  /** Who is told; once, before the first call. */
  answerTo(answers: Answers): void {
    this.#answers = answers;
  }

  /** LAW-1, of all that were sent. Call at the end. */
  assertConserved(sent: number): void {
    assert(this.#sent === sent, "LAW-1: every call that is made is on its way");
    assert(sent === this.passed + this.#dropped + this.#onWayIn, "LAW-1: no call is lost on its way in");
  }

  /** How long the call that has this reference was on its way in. */
  wayIn(reference: number): Duration {
    return this.#transits[reference]!.wayIn;
  }

  /** When the server had the first token of the call that has this reference, or had it last; NEVER for none. */
  firstTokenLeftAt(reference: number): Instant {
    return this.#transits[reference]!.firstTokenLeft;
  }

  /** When the server was done with the call that has this reference, or had it last; NEVER where it never had it. */
  leftAt(reference: number): Instant {
    return this.#transits[reference]!.left;
  }

  /** What the server calls an attempt; NO_HANDLE while it has none. */
  serverHandle(handle: Handle): Handle {
    const transit = this.#transitOf(handle);
    return transit?.place === Place.inside ? transit.handle : NO_HANDLE;
  }

  receive(call: Call, now: Instant): Handle {
    const { reference, route, inputTokens } = call;
    this.#transits[reference] ??= newTransit();
    const transit = this.#transits[reference];
    assert(transit.place === Place.none, "a reference stands for one call at a time");
    transit.pool = this.#poolOf[route] ?? NONE;
    const frontEnd = this.#frontEnds[transit.pool];
    this.#sent++;
    transit.serial = (transit.serial + 1) % SERIALS;
    transit.wayIn = frontEnd?.wayIn(inputTokens) ?? NO_TIME;
    transit.wayOut = frontEnd?.wayOut() ?? NO_TIME;
    transit.firstTokenLeft = NEVER;
    transit.left = NEVER;
    transit.hasFirstToken = false;
    transit.handle = NO_HANDLE;
    transit.isFar = transit.wayIn > 0 || transit.wayOut > 0;
    if (transit.isFar) this.#told.queued(reference, now);
    if (transit.wayIn === 0) this.#pass(transit, call, now);
    else {
      Object.assign(transit.call, call);
      this.#moveOutside(transit, Place.onWayIn);
      this.#onWayIn++;
      transit.event = this.#schedule(after(now, transit.wayIn), NetworkEvent.received, reference);
    }
    return reference + transit.serial * REFERENCES;
  }

  cancel(handle: Handle, now: Instant): void {
    const transit = this.#transitOf(handle);
    if (transit === undefined) return;
    const reference = handle % REFERENCES;
    if (transit.place === Place.inside) {
      this.#calls.cancel(transit.handle, now);
      return;
    }
    const { place, usage, reason } = transit;
    this.#events.cancel(transit.event);
    this.#dropFirstToken(transit);
    this.#leave(transit);
    if (place === Place.onWayIn) {
      this.#onWayIn--;
      this.#dropped++;
    } else if (reason === COMPLETED)
      this.#ledger.wasted(transit.call.route, usage.computedTokens, usage.outputTokens, reference);
    this.#told.cancelled(reference, place === Place.onWayIn ? NOTHING : usage, now);
  }

  /** As the server counts them, once the first has come out: the last of them may be on their way out still. */
  progress(handle: Handle, now: Instant): number {
    const transit = this.#transitOf(handle);
    if (transit === undefined || !transit.hasFirstToken) return 0;
    return transit.place === Place.inside
      ? this.#calls.progress(transit.handle, now)
      : transit.usage.outputTokens;
  }

  /** An event of the network's own has come. */
  handle(kind: NetworkEvent, reference: number, now: Instant): void {
    const transit = this.#transits[reference]!;
    if (kind === NetworkEvent.received) {
      this.#onWayIn--;
      this.outside--;
      this.#pass(transit, transit.call, now);
    } else if (kind === NetworkEvent.firstToken) {
      transit.firstToken = NO_EVENT;
      transit.hasFirstToken = true;
      this.#told.firstToken(reference, now);
    } else this.#tellEnd(transit, reference, now);
  }

  queued(reference: number, now: Instant): void {
    if (!this.#transits[reference]!.isFar) this.#told.queued(reference, now);
  }

  started(reference: number, served: Served, cachedTokens: number, now: Instant): void {
    const transit = this.#transits[reference]!;
    if (transit.pool !== served.pool) {
      transit.pool = served.pool;
      transit.wayOut = this.#frontEnds[served.pool]?.wayOut() ?? NO_TIME;
    }
    this.#told.started(reference, served, cachedTokens, now);
  }

  firstToken(reference: number, now: Instant): void {
    const transit = this.#transits[reference]!;
    transit.firstTokenLeft = now;
    if (transit.wayOut > 0) {
      transit.firstToken = this.#schedule(after(now, transit.wayOut), NetworkEvent.firstToken, reference);
      return;
    }
    transit.hasFirstToken = true;
    this.#told.firstToken(reference, now);
  }

  completed(reference: number, usage: Usage, now: Instant): void {
    this.#ends(reference, COMPLETED, undefined, usage, now);
  }

  refused(reference: number, refusal: Refusal, now: Instant): void {
    this.#ends(reference, refusal.reason, refusal, NOTHING, now);
  }

  broken(reference: number, reason: Reason, usage: Usage, now: Instant): void {
    this.#ends(reference, reason, undefined, usage, now);
  }

  cancelled(reference: number, usage: Usage, now: Instant): void {
    const transit = this.#transits[reference]!;
    this.#dropFirstToken(transit);
    transit.place = Place.none;
    transit.left = now;
    this.#told.cancelled(reference, usage, now);
  }

  /** The way in of a call is over. */
  #pass(transit: Transit, call: Call, now: Instant): void {
    this.passed++;
    transit.place = Place.inside;
    const { serial } = transit;
    transit.call.route = call.route;
    const handle = this.#calls.receive(call, now);
    if (transit.serial === serial) transit.handle = handle;
  }

  /** The server is done with a call. */
  #ends(reference: number, reason: Reason, refusal: Refusal | undefined, usage: Usage, now: Instant): void {
    const transit = this.#transits[reference]!;
    transit.left = now;
    transit.reason = reason;
    transit.isRefused = refusal !== undefined;
    if (refusal !== undefined) Object.assign(transit.refusal, refusal);
    transit.usage.computedTokens = usage.computedTokens;
    transit.usage.outputTokens = usage.outputTokens;
    this.#moveOutside(transit, Place.onWayOut);
    if (transit.wayOut === 0) this.#tellEnd(transit, reference, now);
    else transit.event = this.#schedule(after(now, transit.wayOut), NetworkEvent.ended, reference);
  }

  #tellEnd(transit: Transit, reference: number, now: Instant): void {
    this.#leave(transit);
    const { reason, isRefused, usage, refusal } = transit;
    if (isRefused) this.#told.refused(reference, refusal, now);
    else if (reason === COMPLETED) this.#told.completed(reference, usage, now);
    else this.#told.broken(reference, reason, usage, now);
  }

  #moveOutside(transit: Transit, place: typeof Place.onWayIn | typeof Place.onWayOut): void {
    transit.place = place;
    this.outside++;
  }

  #leave(transit: Transit): void {
    transit.place = Place.none;
    this.outside--;
  }

  #dropFirstToken(transit: Transit): void {
    if (transit.firstToken !== NO_EVENT) this.#events.cancel(transit.firstToken);
    transit.firstToken = NO_EVENT;
  }

  /** As arrivals do, they come before what has been waited for in vain until then. */
  #schedule(at: Instant, kind: NetworkEvent, reference: number): EventHandle {
    return this.#events.schedule(at, Phase.arrival, kind, reference);
  }

  #transitOf(handle: Handle): Transit | undefined {
    const transit = handle < 0 ? undefined : this.#transits[handle % REFERENCES];
    const isIt = transit?.serial === Math.floor(handle / REFERENCES) && transit.place !== Place.none;
    return isIt ? transit : undefined;
  }

  get #told(): Answers {
    assert(this.#answers !== undefined, "a network is given its Answers before the first call");
    return this.#answers;
  }
}
