// The own time of a replica: it runs at the replica's speed, and stands still while that hangs. What takes a second of
// own time takes two at half speed. Knows instants and speeds, and nothing that happens at them.
import { type Instant, NEVER, START } from "../../base/units.js";
import { assertSpeed } from "./speed.js";

export class OwnClock {
  #speed = 1;
  #isHung = false;
  #hungAt: Instant = START;
  /** At this instant it showed that many microseconds, whole ones while the speed is 1. */
  #since: Instant = START;
  #shown = 0;

  /** Microseconds of own time at an instant not before the last change of speed. */
  at(now: Instant): number {
    return this.#shown + ((this.#isHung ? this.#hungAt : now) - this.#since) * this.#speed;
  }

  /** The first microsecond, from `now` on, at which it shows that much or more; NEVER while it stands still. */
  when(own: number, now: Instant): Instant {
    if (this.#isHung || own === Number.POSITIVE_INFINITY) return NEVER;
    let at = Math.max(now, this.#since + Math.floor((own - this.#shown) / this.#speed)) as Instant;
    // By the same arithmetic in which it is read: who waits until then finds that it has come.
    while (this.at(at) < own) at = (at + 1) as Instant;
    return at;
  }

  /** 0 makes it stand still; with the speed from before it then goes on as if the time between had not been. */
  setSpeed(speed: number, now: Instant): void {
    assertSpeed(speed);
    if (speed === 0) {
      if (!this.#isHung) this.#hungAt = now;
      this.#isHung = true;
      return;
    }
    if (this.#isHung) this.#since = (this.#since + now - this.#hungAt) as Instant;
    this.#isHung = false;
    if (speed === this.#speed) return;
    this.#shown = this.at(now);
    this.#since = now;
    this.#speed = speed;
  }
}
