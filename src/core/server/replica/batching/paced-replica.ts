// What a change of speed is to both forms of continuous batching, which share the alarm for this. A replica that hangs
// keeps all it had planned and only has no alarm: its time stands still, and all its instants come later by as long as
// that lasted. Any other change stretches what is left of the step in progress, and makes what follows an epoch of its
// own. Rounded in the same places in both forms, so that they stay equal bit for bit (LAW-5).
import { type Duration, type Instant, NEVER, START } from "../../../base/units.js";
import { type EventHandle, NO_EVENT } from "../../../kernel/event-queue.js";
import type { Phase } from "../../../kernel/phase.js";
import { assertSpeed } from "../speed.js";
import { BatchingReplica } from "./batching-replica.js";
import { SPEED } from "./replica-rows.js";

/**
 * When a step ends that would have ended at `end`, if what is left of it at `now` takes that many times as long: in
 * whole microseconds, and after `now`, since what was to complete now has.
 */
export function stretched(end: Instant, now: Instant, times: number): Instant {
  return (now + Math.max(1, Math.round((end - now) * times))) as Instant;
}

export abstract class PacedReplica extends BatchingReplica {
  #isHung = false;
  #hungAt: Instant = START;
  #alarm: EventHandle = NO_EVENT;
  /** When the alarm comes, or would if the replica did not hang. */
  protected alarmAt: Instant = NEVER;

  /** The phase of the alarm that is set. */
  protected abstract get alarmPhase(): Phase;
  /** All instants that it has planned by, but that of the alarm, come later by that much. */
  protected abstract delay(by: Duration): void;
  /** The speed is another one: what is left of the step in progress takes that many times as long. */
  protected abstract changePace(now: Instant, times: number): void;

  setSpeed(speed: number, now: Instant): void {
    assertSpeed(speed);
    if (speed === 0) {
      if (!this.#isHung) this.#hang(now);
      return;
    }
    if (this.#isHung) this.#goOn(now);
    const { numbers } = this.workspace.rows;
    const before = numbers[this.row + SPEED]!;
    if (speed === before) return;
    numbers[this.row + SPEED] = speed;
    this.changePace(now, before / speed);
  }

  /** The instant at which it is: one that hangs is still where it stopped. */
  protected ownTime(now: Instant): Instant {
    return this.#isHung ? this.#hungAt : now;
  }

  protected setAlarm(at: Instant, phase: Phase): void {
    this.alarmAt = at;
    if (this.#isHung) return;
    const { events, kind, subject } = this;
    if (this.#alarm === NO_EVENT) {
      this.#alarm = events.scheduleInPlace(at, phase, subject, kind, subject);
    } else {
      events.rescheduleInPlace(this.#alarm, at, phase, subject);
    }
  }

  protected clearAlarm(): void {
    this.#silence();
    this.alarmAt = NEVER;
  }

  /** The event of the alarm is out of the queue. */
  protected alarmCame(): void {
    this.#alarm = NO_EVENT;
  }

  #silence(): void {
    if (this.#alarm !== NO_EVENT) this.events.cancel(this.#alarm);
    this.#alarm = NO_EVENT;
  }

  #hang(now: Instant): void {
    this.#isHung = true;
    this.#hungAt = now;
    this.#silence();
  }

  #goOn(now: Instant): void {
    const by = (now - this.#hungAt) as Duration;
    this.#isHung = false;
    this.workspace.rows.delay(this.row, by);
    this.delay(by);
    if (this.alarmAt !== NEVER) this.setAlarm((this.alarmAt + by) as Instant, this.alarmPhase);
  }
}
