// Drives one replica without a fleet: an event queue for its clock, scripted arrivals and cancellations, a log of what
// it tells. Events at one instant come in the order of phases, as in a run.

import { NONE } from "../../src/core/base/none.js";
import { type Instant, NEVER } from "../../src/core/base/units.js";
import { EventQueue } from "../../src/core/kernel/event-queue.js";
import { Phase } from "../../src/core/kernel/phase.js";
import type {
  HaltedSequence,
  Replica,
  ReplicaClock,
  ReplicaListener,
  SequenceWork,
} from "../../src/core/server/replica/replica.js";

export type CreateReplica = (clock: ReplicaClock, listener: ReplicaListener) => Replica;

export interface Told {
  readonly what: "admitted" | "first" | "preempted" | "completed" | "cancelled" | "halted";
  readonly id: number;
  readonly at: number;
}

const ENDS: readonly Told["what"][] = ["completed", "cancelled", "halted"];

/** A sequence of a script; what it leaves out does not matter to it. */
export type ScriptedWork = Pick<SequenceWork, "inputTokens" | "outputTokens"> & Partial<SequenceWork>;

/** A sequence that shares nothing, of the only tier, but for what is said of it. */
export function aloneWork(work: ScriptedWork): SequenceWork {
  const alone = {
    maxTokens: Infinity,
    cachedTokens: 0,
    rank: 0,
    prefix: NONE,
    prefixTokens: 0,
    session: NONE,
    sharedTokens: 0,
  };
  return { ...alone, ...work };
}

const WAKE = 0;
const ARRIVE = 1;
const CANCEL = 2;
const PROBE = 3;
const HALT = 4;
const SPEED = 5;

export class ReplicaRun implements ReplicaListener {
  readonly replica: Replica;
  readonly log: Told[] = [];
  /** Instants at which the replica was woken, each once. */
  readonly wakes: number[] = [];
  /** Called after each event, when all is settled. */
  afterEvent: (now: Instant) => void = () => undefined;
  /** Called before a cancellation takes effect, and with the tokens it returned. */
  cancelled: (id: number, generated: number, now: Instant) => void = () => undefined;
  /** Called before a sequence goes in. */
  admitting: (id: number, now: Instant) => void = () => undefined;
  /** Prompt tokens that each sequence skipped when it went in. */
  readonly skipped: number[] = [];
  /** Called before the replica halts, and with what it handed back; nothing is let in any more. */
  halting: (now: Instant) => void = () => undefined;
  halted: readonly HaltedSequence[] | undefined;
  /** Called at the probes. */
  probed: (now: Instant) => void = () => undefined;
  /** Whether waiting sequences are admitted inside the replica's own calls rather than after them. */
  admitsInside = false;
  readonly #events = new EventQueue(4);
  readonly #works: SequenceWork[] = [];
  /** By the subject of the event that brings it. */
  readonly #speeds: number[] = [];
  /** Events in the queue that the script put there. */
  #scripted = 0;
  /** Events of the replica that have come. */
  wakeCount = 0;
  readonly #waiting: number[] = [];

  constructor(create: CreateReplica) {
    this.replica = create({ events: this.#events, kind: WAKE, subject: 7 }, this);
  }

  /** A sequence that comes at `at`, and waits where it does not fit. Returns its number, counted from 0. */
  arrive(at: number, work: ScriptedWork): number {
    const id = this.#works.push(aloneWork(work)) - 1;
    this.#scripted++;
    this.#events.schedule(at as Instant, Phase.arrival, ARRIVE, id);
    return id;
  }

  /** The replica is looked at, with `probed`, when all is decided at `at`, or before anything arrives then. */
  probeAt(at: number, phase: Phase = Phase.sample): void {
    this.#scripted++;
    this.#events.schedule(at as Instant, phase, PROBE, 0);
  }

  /** In the phase of a fault all that completes at `at` has done so, and nothing has arrived yet. */
  cancelAt(at: number, id: number, phase: Phase = Phase.timeout): void {
    this.#scripted++;
    this.#events.schedule(at as Instant, phase, CANCEL, id);
  }

  /** The replica is lost at `at`, when all that completes then has done so. */
  haltAt(at: number): void {
    this.#scripted++;
    this.#events.schedule(at as Instant, Phase.fault, HALT, 0);
  }

  /** The replica works at that speed from `at` on, when all that completes then has done so. */
  setSpeedAt(at: number, speed: number, phase: Phase = Phase.fault): void {
    this.#scripted++;
    this.#events.schedule(at as Instant, phase, SPEED, this.#speeds.push(speed) - 1);
  }

  workOf(id: number): SequenceWork {
    return this.#works[id]!;
  }

  /** Sequences inside, in the order in which they were admitted. */
  get inside(): number[] {
    const out = new Set(this.log.filter(({ what }) => ENDS.includes(what)).map(({ id }) => id));
    return this.log.filter(({ what, id }) => what === "admitted" && !out.has(id)).map(({ id }) => id);
  }

  /** The sequence that would be let in next. */
  get nextWaiting(): SequenceWork | undefined {
    return this.#waiting.length === 0 ? undefined : this.#works[this.#waiting[0]!];
  }

  /** Events of the replica that stand in the queue at this moment. */
  get alarms(): number {
    return this.#events.size - this.#scripted;
  }

  /** Processes all events up to and including `until`, by default all there are. */
  run(until: Instant = NEVER): this {
    const events = this.#events;
    while (events.nextAt <= until && events.pop()) {
      const { time, kind, subject } = events;
      if (kind === WAKE) this.wakeCount++;
      else this.#scripted--;
      if (kind === ARRIVE) this.#waiting.push(subject);
      else if (kind === CANCEL) this.#cancel(subject, time);
      else if (kind === HALT) this.#halt(time);
      else if (kind === SPEED) this.replica.setSpeed(this.#speeds[subject]!, time);
      else if (kind === PROBE) this.probed(time);
      else {
        if (this.wakes.at(-1) !== time) this.wakes.push(time);
        if (!this.replica.wake(time)) {
          this.afterEvent(time);
          continue;
        }
      }
      this.#admit(time);
      this.afterEvent(time);
    }
    return this;
  }

  firstToken(id: number, now: Instant): void {
    this.log.push({ what: "first", id, at: now });
  }

  preempted(id: number, now: Instant): void {
    this.log.push({ what: "preempted", id, at: now });
  }

  completed(id: number, now: Instant): void {
    this.log.push({ what: "completed", id, at: now });
    if (this.admitsInside) this.#admit(now);
  }

  /** When something was told of a sequence, from `origin`; undefined if it never was. */
  timeOf(what: Told["what"], id: number): number | undefined {
    return this.log.find((told) => told.what === what && told.id === id)?.at;
  }

  /** First token and completion of each sequence that arrived. */
  times(): [first: number | undefined, completed: number | undefined][] {
    return this.#works.map((_, id) => [this.timeOf("first", id), this.timeOf("completed", id)]);
  }

  #halt(now: Instant): void {
    this.halting(now);
    this.halted = this.replica.halt(now);
    for (const { sequence } of this.halted) this.log.push({ what: "halted", id: sequence, at: now });
  }

  #admit(now: Instant): void {
    while (this.halted === undefined) {
      const id = this.#waiting[0];
      if (id === undefined) return;
      const work = this.#works[id]!;
      if (!this.replica.fits(work, now)) return;
      this.#waiting.shift();
      this.log.push({ what: "admitted", id, at: now });
      this.admitting(id, now);
      this.skipped[id] = this.replica.admit(id, work, now);
    }
  }

  #cancel(id: number, now: Instant): void {
    const place = this.#waiting.indexOf(id);
    if (place >= 0) this.#waiting.splice(place, 1);
    if (!this.inside.includes(id)) return;
    const generated = this.replica.cancel(id, now);
    this.log.push({ what: "cancelled", id, at: now });
    this.cancelled(id, generated, now);
  }
}
