// When the sessions of an account start, and which of those that began before the run are in progress when it begins: a
// Poisson process that goes back as far as any of its sessions may last, so that the start is stationary. Knows how
// long sessions last, not what they ask for.
import type { Instant } from "../../../base/units.js";
import type { Stream } from "../../../random/stream.js";
import { type ArrivalProcess, createArrivalsSince } from "../rate/account-arrivals.js";
import type { RateSpec } from "../rate/rate-spec.js";
import type { Lifetimes, SessionTurns } from "../sessions/lifetimes.js";
import type { PlanLimits, ThreadPlan } from "../sessions/plan.js";
import { type LivingTable, LivingTerm, livingTable } from "./living.js";

/** One that may be in progress at the start: whether it is, going through it tells. */
export interface EarlierSession {
  /** Seconds before the start at which it began. */
  readonly ago: number;
  readonly plan: (stream: Stream) => ThreadPlan;
}

export interface SessionStarts {
  /** From the start on. */
  readonly arrivals: ArrivalProcess;
  /** The latest first; undefined when there are no more. */
  readonly nextEarlier: () => EarlierSession | undefined;
  readonly newPlan: (stream: Stream) => ThreadPlan;
}

export interface AccountOfSessions {
  readonly rates: Omit<RateSpec, "cv" | "onOff">;
  /** Sessions. */
  readonly perSecond: number;
  readonly limits: PlanLimits;
  readonly until: Instant;
  readonly own: (purpose: string) => Stream;
}

/** Sessions of one kind, in a whole population. */
export class SessionKind<Turns extends SessionTurns> {
  readonly #lifetimes: Lifetimes<Turns>;
  readonly #plan: (stream: Stream, limits: PlanLimits, turns?: Turns) => ThreadPlan;
  readonly #table: LivingTable;

  /** `plan` draws what it is not given. */
  constructor(
    lifetimes: Lifetimes<Turns>,
    plan: (stream: Stream, limits: PlanLimits, turns?: Turns) => ThreadPlan,
  ) {
    this.#lifetimes = lifetimes;
    this.#plan = plan;
    this.#table = livingTable(lifetimes);
  }

  startsOf({ rates, perSecond, limits, until, own }: AccountOfSessions): SessionStarts {
    const living = new LivingTerm(this.#table);
    const { arrivals, earlier } = createArrivalsSince(rates, perSecond, own, until, living);
    const turnsBefore = own("before/turns");
    const nextEarlier = (): EarlierSession | undefined => {
      for (;;) {
        const ago = earlier.next();
        if (ago === Number.POSITIVE_INFINITY) return undefined;
        const turns = this.#lifetimes.draw(turnsBefore, living.least);
        // What is over for sure need not be gone through.
        if (this.#lifetimes.longestOf(turns) < ago) continue;
        return { ago, plan: (stream) => this.#plan(stream, limits, turns) };
      }
    };
    return { arrivals, nextEarlier, newPlan: (stream) => this.#plan(stream, limits) };
  }
}
