// A bounded queue that sheds at its head while waits are too long for too long: controlled delay. Once all requests of
// a path that start have waited longer than a target for a whole interval it sheds one, and while that lasts one more
// each interval / sqrt(count), more and more often; when one starts that has waited less it stops. So a burst passes
// through, and a queue that stands is worked off. This is CoDel of RFC 8289 (Nichols, Jacobson), whose rule this is,
// one request for one packet, and for each path its own, since paths do not wait alike. Its 5 ms and 100 ms are for
// networks: target and interval here are ours, and so is that higher ranks have a longer target. It never sheds the
// only one that waits. Its rate grows slowly: an overload that does not give way to refusals is left to the bound and
// the deadline.
import * as z from "zod";
import { type Duration, type Instant, NEVER } from "../../../base/units.js";
import { duration, name, real } from "../../../document/units.js";
import { checkPaths, definePolicy, type PathOfPool, ranksOf } from "./policy.js";
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
  // By path.
  /** From when on, if all that start until then have waited too long, the queue stands; NEVER while none has. */
  readonly #standsAt: Float64Array;
  /** In a spell of shedding, when the next is shed; otherwise NEVER. After one, when it would have been. */
  readonly #nextAt: Float64Array;
  readonly #lastNextAt: Float64Array;
  /** How many of a spell were shed, and how many it began with. */
  readonly #counts: Int32Array;
  readonly #firstCounts: Int32Array;

  constructor(options: CodelOptions) {
    super(options);
    this.#own = options;
    const paths = options.targets.length;
    this.#standsAt = new Float64Array(paths).fill(NEVER);
    this.#nextAt = new Float64Array(paths).fill(NEVER);
    this.#lastNextAt = new Float64Array(paths);
    this.#counts = new Int32Array(paths);
    this.#firstCounts = new Int32Array(paths);
  }

  override dropsHead(path: number, waited: Duration, now: Instant, others: number): boolean {
    if (waited < this.#own.targets[path]! || others === 0) {
      this.#rest(path);
      return false;
    }
    const { interval } = this.#own;
    if (this.#standsAt[path] === NEVER) this.#standsAt[path] = now + interval;
    if (now < this.#standsAt[path]!) return false;
    if (this.#nextAt[path] === NEVER) this.#begin(path, now);
    else if (now < this.#nextAt[path]!) return false;
    else this.#nextAt[path]! += interval / Math.sqrt(++this.#counts[path]!);
    return true;
  }

  /** Of those that never waited the head of the queue knows nothing. */
  override started(path: number, waited: Duration, _now: Instant): void {
    if (waited < this.#own.targets[path]!) this.#rest(path);
  }

  #rest(path: number): void {
    this.#standsAt[path] = NEVER;
    if (this.#nextAt[path] === NEVER) return;
    this.#lastNextAt[path] = this.#nextAt[path]!;
    this.#nextAt[path] = NEVER;
  }

  #begin(path: number, now: Instant): void {
    const { interval } = this.#own;
    const shedLast = this.#counts[path]! - this.#firstCounts[path]!;
    const isSoon = now - this.#lastNextAt[path]! < REMEMBERED * interval;
    const count = shedLast > 1 && isSoon ? shedLast : 1;
    this.#counts[path] = count;
    this.#firstCounts[path] = count;
    this.#nextAt[path] = now + interval / Math.sqrt(count);
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
    { text: "RFC 8289 (2018), Controlled Delay Active Queue Management, section 5", date: "2026-11" },
    {
      text: "Nichols and Jacobson, Controlling queue delay, ACM Queue 10(5), 2012, appendix",
      date: "2026-11",
    },
  ],
  defaults: { target: "ours", interval: "ours", targetFactor: "ours", ...BOUNDED_QUEUE_DEFAULTS },
  check({ targetFactor }, at, around, report) {
    checkPaths(targetFactor, around, [...at, "targetFactor"], report);
  },
  create: ({ target, targetFactor, ...options }, { paths }) =>
    new Codel({ ...options, targets: targetsOf(target, targetFactor, paths) }),
});
