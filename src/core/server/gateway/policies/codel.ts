// A bounded queue that sheds at its head while waits are too long for too long: controlled delay. Once all that start
// have waited longer than a target for a whole interval it sheds one, and while that lasts one more each
// interval / sqrt(count), more and more often; when one starts that has waited less it stops. So a burst passes through,
// and a queue that stands is worked off. This is CoDel of RFC 8289 (Nichols, Jacobson), whose rule this is, one request
// for one packet; its 5 ms and 100 ms are for networks, the target and the interval here are ours, and so is that
// higher ranks have a longer target. It never sheds the only one that waits. Beside `adaptive-lifo` it is what Facebook
// described in "Fail at scale" (2015).
import * as z from "zod";
import { type Duration, type Instant, NEVER } from "../../../base/units.js";
import { asMap } from "../../../document/raw.js";
import { duration, name, real } from "../../../document/units.js";
import { checkServed, definePolicy, type PathOfPool, ranksOf } from "./policy.js";
import { BOUNDED_QUEUE_DEFAULTS, boundedQueue, TailDrop, type TailDropOptions } from "./tail-drop.js";

export interface CodelOptions extends TailDropOptions {
  readonly interval: Duration;
  /** By path index: the wait, in microseconds, that is too long. */
  readonly targets: readonly number[];
}

/** A new spell this many intervals after the last goes on at the rate that had controlled that one. */
const REMEMBERED = 16;

export class Codel extends TailDrop {
  override readonly learns: boolean = true;
  override readonly dropsAtHead: boolean = true;
  readonly #own: CodelOptions;
  /** From when on, if all that start until then have waited too long, the queue stands; NEVER while none has. */
  #standsAt: Instant = NEVER;
  #isShedding = false;
  /** In a spell of shedding: when the next is shed, and how many were; at its beginning, how many it began with. */
  #nextAt = 0;
  #count = 0;
  #firstCount = 0;

  constructor(options: CodelOptions) {
    super(options);
    this.#own = options;
  }

  override dropsHead(path: number, waited: Duration, now: Instant, others: number): boolean {
    if (this.#isShort(path, waited) || others === 0) {
      this.#rest();
      return false;
    }
    const { interval } = this.#own;
    if (this.#standsAt === NEVER) this.#standsAt = (now + interval) as Instant;
    if (now < this.#standsAt) return false;
    if (!this.#isShedding) return this.#begin(now);
    if (now < this.#nextAt) return false;
    this.#count++;
    this.#nextAt += interval / Math.sqrt(this.#count);
    return true;
  }

  /** Of those that never waited the head of the queue knows nothing. */
  override started(path: number, waited: Duration, _now: Instant): void {
    if (this.#isShort(path, waited)) this.#rest();
  }

  #isShort(path: number, waited: Duration): boolean {
    return waited < this.#own.targets[path]!;
  }

  #rest(): void {
    this.#standsAt = NEVER;
    this.#isShedding = false;
  }

  #begin(now: Instant): boolean {
    const { interval } = this.#own;
    const shedLast = this.#count - this.#firstCount;
    const isSoon = now - this.#nextAt < REMEMBERED * interval;
    this.#count = shedLast > 1 && isSoon ? shedLast : 1;
    this.#firstCount = this.#count;
    this.#isShedding = true;
    this.#nextAt = now + interval / Math.sqrt(this.#count);
    return true;
  }
}

/** How many targets those may wait that are above another rank, unless told. */
const HIGHER_FACTOR = 4;

/** By path index. */
function targetsOf(
  target: Duration,
  given: Readonly<Record<string, number>> | undefined,
  paths: readonly PathOfPool[],
): number[] {
  const lowest = ranksOf(paths) - 1;
  return paths.map((path) => target * (given?.[path.name] ?? (path.rank < lowest ? HIGHER_FACTOR : 1)));
}

export const codel = definePolicy({
  name: "codel",
  summary: "As tail-drop, and sheds at the head while waits are too long for too long.",
  ordersByPriority: true,
  options: {
    target: duration({ above: 0 }).prefault("250ms").describe("A longer wait than this is too long."),
    interval: duration({ above: 0 })
      .prefault("5s")
      .describe(
        "How long all waits are too long before one is shed, and how long after the first the second is.",
      ),
    targetFactor: z
      .record(name, real({ from: 1, to: 1000 }))
      .exactOptional()
      .describe(
        "Per path: how many targets it may wait. Default: 1 for the lowest rank, 4 for those above it.",
      ),
    ...boundedQueue,
  },
  sources: [
    { text: "RFC 8289, Controlled Delay Active Queue Management, section 5", date: "2018-01" },
    { text: "Nichols and Jacobson, Controlling queue delay, ACM Queue 10(5), appendix", date: "2012-05" },
  ],
  defaults: { target: "ours", interval: "ours", targetFactor: "ours", ...BOUNDED_QUEUE_DEFAULTS },
  check({ targetFactor }, at, around, report) {
    for (const key of Object.keys(asMap(targetFactor))) {
      checkServed(key, around, [...at, "targetFactor", key], report, "key");
    }
  },
  create: ({ target, targetFactor, ...options }, { paths }) =>
    new Codel({ ...options, targets: targetsOf(target, targetFactor, paths) }),
});
