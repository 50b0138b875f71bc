// Knows the load to come, and asks for each replica as long before it is used as it takes to start: the bound that
// others are compared with. It weighs one figure: how much of the GPU-seconds that a replica is held for, its cold
// start included, is to be used. By that figure it can be given the GPU-seconds of another, and it spends them where
// they serve most. For each k, the k-th replica is to be held where the sum of its use less that share is largest; to
// start once more costs what is held without use. An on-off problem with a cost of switching, and its optimum is known
// as soon as the sum ahead has left a band as wide as that cost: through a lull that costs less than another start, a
// replica is held (ours; a problem of rent or buy whose future is known).
import { assert } from "../../../../base/assert.js";
import type { Duration, Instant } from "../../../../base/units.js";
import { duration, MINUTE, real, share } from "../../../../document/units.js";
import { type Autoscaler, defineAutoscaler, type Foresight } from "./autoscaler.js";
import { knobOrigins, knobs } from "./knobs.js";
import type { ScalingView } from "./view.js";

/** Of a share of 0: whatever is used at all outweighs it, and of two lulls the shorter still costs less. */
const LEAST_USE = 1e-9;

interface Weighing {
  /** Microseconds from one decision to the next, and from asking for a replica to having it. */
  readonly interval: Duration;
  readonly start: Duration;
  readonly horizon: Duration;
  readonly target: number;
  readonly use: number;
}

class Clairvoyant implements Autoscaler {
  readonly looksBack = 0;
  readonly #foresight: Foresight;
  readonly #weighing: Weighing;
  /** One look ahead, and how many of them from one decision to the next. */
  readonly #step: number;
  readonly #looks: number;

  constructor(weighing: Weighing, foresight: Foresight) {
    this.#foresight = foresight;
    this.#weighing = { ...weighing, use: Math.max(weighing.use, LEAST_USE) };
    this.#looks = Math.ceil(weighing.interval / foresight.resolution);
    this.#step = weighing.interval / this.#looks;
  }

  recommend({ now, wanted }: ScalingView): number {
    // The more there are, the less the next is used: what is worth it is worth it for all below.
    if (!this.#isWorthStarting(wanted + 1, now))
      return lastOf(0, wanted, (k) => this.#isWorthKeeping(k, now));
    let beyond = wanted + 1;
    while (this.#isWorthStarting(2 * beyond, now)) beyond *= 2;
    return lastOf(beyond, 2 * beyond - 1, (k) => this.#isWorthStarting(k, now));
  }

  /** Asked for now, it pays for its start; and it would not pay more if it were asked for at a later decision. */
  #isWorthStarting(replica: number, now: Instant): boolean {
    const { start, horizon, use } = this.#weighing;
    const end = Math.ceil(horizon / this.#step);
    const from = now + start;
    let sum = 0;
    for (let look = 1; look <= end; look++) {
      const gain = this.#gain(replica, from, look);
      sum += gain;
      if (sum >= use * start) return true;
      if (this.#gainsNoMore(gain, from, look)) return false;
      if (look % this.#looks === 0 && sum < 0) return false;
    }
    return false;
  }

  /** It pays to keep it for some time from now, before letting it go and starting another would have cost less. */
  #isWorthKeeping(replica: number, now: Instant): boolean {
    const { start, horizon, interval, use } = this.#weighing;
    const end = Math.ceil((horizon + start) / this.#step);
    // One that is let go is back then at the soonest.
    const back = Math.ceil((interval + start) / this.#step);
    let sum = 0;
    for (let look = 1; look <= end; look++) {
      const gain = this.#gain(replica, now, look);
      sum += gain;
      if (sum > 0) return true;
      if (this.#gainsNoMore(gain, now, look)) return false;
      if (look >= back && sum <= -use * start) return false;
    }
    return false;
  }

  /** Once the run is over each look is as the last one: without this a start of years would be as many looks. */
  #gainsNoMore(gain: number, from: number, look: number): boolean {
    return gain <= 0 && from + (look - 1) * this.#step >= this.#foresight.end;
  }

  /** What it is used in one step, less what it has to be: in microseconds of one replica. */
  #gain(replica: number, from: number, look: number): number {
    const { target, use } = this.#weighing;
    const until = from + look * this.#step;
    const load = this.#foresight.mostLoad((until - this.#step) as Instant, until as Instant) / target;
    return (Math.min(1, Math.max(0, load - (replica - 1))) - use) * this.#step;
  }
}

/** The last number from `least` up to which it holds; it holds for `least`, and once it does not, for none above. */
function lastOf(least: number, most: number, holds: (value: number) => boolean): number {
  let [low, high] = [least, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

export const clairvoyant = defineAutoscaler({
  name: "clairvoyant",
  summary:
    "Knows the load to come and has each replica ready when it is needed: the bound that others are compared with.",
  defaults: { ...knobOrigins("ours", []), target: "ours", leastUse: "ours", ahead: "ours", horizon: "ours" },
  foresees: true,
  options: {
    ...knobs({ interval: "10s" }),
    target: real({ above: 0, to: 100 })
      .prefault(0.8)
      .describe("Load per replica: sequences over those that fit, or KV cache, whichever is more."),
    leastUse: share()
      .prefault(0)
      .describe(
        "A replica is held for what is used of the time at least so much, its start included. More: fewer GPUs.",
      ),
    ahead: duration()
      .exactOptional()
      .describe("How long before it is needed a replica is asked for; left out: what a cold start takes."),
    horizon: duration({ from: MINUTE / 60 })
      .prefault("30m")
      .describe("How far beyond that it looks at most."),
  },
  create: ({ interval, target, leastUse, ahead, horizon }, { coldStart, foresight }) => {
    assert(foresight !== undefined, "one that foresees is shown what will be");
    const weighing = { interval, start: ahead ?? coldStart, horizon, target, use: leastUse };
    return new Clairvoyant(weighing, foresight);
  },
});
