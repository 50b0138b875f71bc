// A controller on the queue inside the pool: attempts that have started and wait for their first token. Once a period
// it compares what came into that queue with what left it and with what may stand in it, and moves the limit against
// the difference. Of Cinnamon's rejector (Uber, 2023) are the error, (in - (out + free)) / out, as excerpted, and from
// memory the period of 500 ms, the gains and that it sheds only after the queue has not been empty for 10 s. Ours is
// the rest: there the controller sets a share of requests to refuse by priority in front of one queue, here how many
// may be inside, so each step is in attempts, the controller's output times `out`; free is negative while more wait
// than `prefills` (there a timeout empties the queue); and the limit neither falls below what generates, which is no
// queue, nor grows unused, nor by more than is free.
import { type Duration, type Instant, MICROS_PER_SECOND, NEVER, START, since } from "../../../base/units.js";
import { count, duration, real } from "../../../document/units.js";
import { type Bounds, boundsOptions, checkBounds } from "./bounds.js";
import { defineLimit, type Stay } from "./limit.js";
import { Weightless } from "./weightless.js";

interface PidOptions extends Bounds {
  readonly interval: Duration;
  /** Attempts that may wait for their first token without being a queue. */
  readonly prefills: number;
  readonly overloadAfter: Duration;
  readonly kp: number;
  readonly ki: number;
  readonly kd: number;
}

export class PidLimit extends Weightless {
  override readonly learns: boolean = true;
  override most: number;
  /** Of the last period that has ended, as a share of what left the queue in it. */
  error = 0;
  readonly #options: PidOptions;
  /** The limit before it is rounded down. */
  #estimate: number;
  #before = 0;
  #generating = 0;
  #waiting = 0;
  #waitingBefore = 0;
  /** Attempts that left the queue in this period, and the most that were inside. */
  #out = 0;
  #mostInside = 0;
  #emptyAt: Instant = START;
  #endsAt: Instant = START;

  constructor(options: PidOptions) {
    super();
    this.#options = options;
    this.most = options.initial;
    this.#estimate = options.initial;
  }

  override firstToken(_attempt: number, _startedAt: Instant, inside: number, now: Instant): void {
    this.#generating++;
    this.#out++;
    this.#look(inside, inside, now);
  }

  override left(_attempt: number, { firstTokenAt, leftAt }: Stay, inside: number): void {
    if (firstTokenAt === NEVER) this.#out++;
    else this.#generating--;
    this.#look(inside, inside + 1, leftAt);
  }

  #look(inside: number, before: number, now: Instant): void {
    this.#waiting = inside - this.#generating;
    if (this.#waiting <= this.#options.prefills) this.#emptyAt = now;
    this.#mostInside = Math.max(this.#mostInside, before);
    if (now < this.#endsAt) return;
    this.#control(now);
    this.#endsAt = (now + this.#options.interval) as Instant;
    this.#waitingBefore = this.#waiting;
    this.#out = 0;
    this.#mostInside = inside;
  }

  #control(now: Instant): void {
    const { kp, ki, kd, interval, prefills, overloadAfter, least, most } = this.#options;
    const out = Math.max(1, this.#out);
    const came = this.#out + this.#waiting - this.#waitingBefore;
    const free = prefills - this.#waiting;
    const error = (came - (this.#out + free)) / out;
    const period = interval / MICROS_PER_SECOND;
    const change = error - this.error;
    const output = kp * change + ki * period * error + (kd * (change - this.#before)) / period;
    // More than may wait at once would be a queue; that the queue has just become shorter is no room.
    const step = Math.min(-out * output, Math.max(0, free));
    this.error = error;
    this.#before = change;
    const isOverloaded = free < 0 && since(now, this.#emptyAt) >= overloadAfter;
    if (step > 0 ? this.#mostInside < this.most : !isOverloaded) return;
    const floor = Math.max(least, Math.min(this.#estimate, this.#generating));
    this.#estimate = Math.min(most, Math.max(floor, this.#estimate + step));
    this.most = Math.floor(this.#estimate);
  }
}

const gain = (value: number) => real({ from: 0, to: 1000 }).prefault(value);

export const pid = defineLimit({
  name: "pid",
  summary: "Keeps the queue of those inside that have no first token at a length, with a controller.",
  options: {
    prefills: count(1, 1_000_000)
      .prefault(4)
      .describe("So many may be without their first token, all replicas together, before that is a queue."),
    ...boundsOptions(20, 1, 1000),
    interval: duration({ above: 0 }).prefault("500ms").describe("Time between two steps of the controller."),
    overloadAfter: duration()
      .prefault("10s")
      .describe("It shrinks once there has been a queue for so long without a break."),
    kp: gain(0.1).describe("Gain on the change of the error."),
    ki: gain(1.4).describe("Gain on the error, per second."),
    kd: gain(0).describe("Gain on how the change of the error changes, in seconds."),
  },
  sources: [
    {
      text: 'Uber, "PID Controller for Cinnamon", uber.com/blog/pid-controller-for-cinnamon',
      date: "2026-11",
    },
  ],
  defaults: {
    prefills: "ours",
    initial: "ours",
    least: "ours",
    most: "ours",
    interval: "memory",
    overloadAfter: "memory",
    kp: "memory",
    ki: "memory",
    kd: "memory",
  },
  refine: checkBounds,
  create: (options) => new PidLimit(options),
});
