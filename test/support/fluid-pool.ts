// A pool as a fluid: so much arrives a second, flows through what replicas there are, and an autoscaler that sees samples
// of it says how many there shall be. No chance, no sequence of its own: what is left is the loop of load, samples,
// decisions and cold starts, whose course can be worked out by hand.
import { type Instant, MICROS_PER_SECOND, seconds } from "../../src/core/base/units.js";
import type {
  Autoscaler,
  ScalerContext,
} from "../../src/core/server/fleet/control/autoscalers/autoscaler.js";
import { Damping } from "../../src/core/server/fleet/control/autoscalers/damping.js";
import { ScalingHistory } from "../../src/core/server/fleet/control/autoscalers/history.js";
import { type Knobs, samplePeriod } from "../../src/core/server/fleet/control/autoscalers/knobs.js";
import type { ScalingSample, ScalingView } from "../../src/core/server/fleet/control/autoscalers/view.js";
import { linearProfile } from "../../src/core/server/profile/linear.js";

/** Seconds that a sequence is inside. */
export const SERVICE = 6;
/** The most replicas that there can be. */
export const AVAILABLE = 400;

const PROMPT_TOKENS = 500;
const OUTPUT_TOKENS = 200;
const SLOTS = 16;
/** Of a sequence, on average. */
const KV_TOKENS = PROMPT_TOKENS + OUTPUT_TOKENS / 2;

export const CONTEXT: ScalerContext = {
  slots: SLOTS,
  kvTokens: SLOTS * KV_TOKENS,
  profile: linearProfile({ base: 20_000, perSequence: 500, perContextToken: 0, perPrefillToken: 20 }),
  coldStart: seconds(60),
  foresight: undefined,
};

export interface Scaled {
  readonly scaler: Autoscaler;
  readonly knobs: Knobs;
}

export interface FluidWorld {
  /** Arrivals a second, by second of the run. */
  readonly load: (second: number) => number;
  readonly seconds: number;
  readonly replicas?: number;
  /** False: what does not fit into a replica that is ready is shed. */
  readonly waits?: boolean;
  /** Stands between the autoscaler and what it sees. */
  readonly watch?: (view: ScalingView) => ScalingView;
}

/** After a decision. */
export interface Decision {
  readonly second: number;
  readonly wanted: number;
  readonly ready: number;
  /** Running and queued. */
  readonly inside: number;
}

class FluidPool {
  wanted: number;
  ready: number;
  inside = 0;
  #starting: readonly Instant[] = [];
  #arrived = 0;
  #left = 0;
  #shed = 0;

  readonly #waits: boolean;

  constructor(replicas: number, waits: boolean) {
    this.#waits = waits;
    this.wanted = replicas;
    this.ready = replicas;
  }

  flow(arrivals: number, time: number): void {
    const running = Math.min(this.inside, this.ready * SLOTS);
    const gone = (running * time) / MICROS_PER_SECOND / SERVICE;
    const came = (arrivals * time) / MICROS_PER_SECOND;
    this.#arrived += came;
    this.#left += gone;
    this.inside += came - gone;
    const over = this.#waits ? 0 : Math.max(0, this.inside - this.ready * SLOTS);
    this.inside -= over;
    this.#shed += over;
    // A fluid drains for ever; real sequences end.
    if (arrivals === 0 && this.inside < 1e-3 && this.ready > 0) this.inside = 0;
  }

  start(now: number): void {
    const isUp = (at: Instant) => at <= now;
    this.ready += this.#starting.filter(isUp).length;
    this.#starting = this.#starting.filter((at) => !isUp(at));
  }

  resize(replicas: number, now: number): void {
    const more = replicas - this.wanted;
    this.wanted = replicas;
    const started = Array.from({ length: Math.max(0, more) }, () => (now + CONTEXT.coldStart) as Instant);
    this.#starting = [...this.#starting, ...started].slice(
      0,
      more < 0 ? Math.max(0, this.#starting.length + more) : undefined,
    );
    this.ready = this.wanted - this.#starting.length;
  }

  sample(now: number): ScalingSample {
    const { wanted, ready, inside } = this;
    const running = Math.min(inside, ready * SLOTS);
    const kvUsed = running * KV_TOKENS;
    return {
      asOf: now as Instant,
      wanted,
      ready,
      starting: this.#starting.length,
      queued: inside - running,
      running,
      slots: ready * SLOTS,
      kvTokens: ready * CONTEXT.kvTokens,
      kvUsed,
      kvShares: Array.from({ length: ready }, () => kvUsed / (ready * CONTEXT.kvTokens)),
      arrived: this.#arrived,
      promptTokens: this.#arrived * PROMPT_TOKENS,
      shed: this.#shed,
      completed: this.#left,
      outputTokens: this.#left * OUTPUT_TOKENS,
    };
  }
}

/** The decisions of a run, in order. */
export function runFluid({ scaler, knobs }: Scaled, world: FluidWorld): Decision[] {
  const pool = new FluidPool(world.replicas ?? knobs.min, world.waits ?? true);
  const history = new ScalingHistory(
    pool.sample(0),
    knobs.metricsDelay,
    seconds(scaler.looksBack / MICROS_PER_SECOND),
  );
  const damping = new Damping(knobs, AVAILABLE);
  const watch = world.watch ?? ((view) => view);
  const decisions: Decision[] = [];
  const tick = Math.min(MICROS_PER_SECOND, knobs.interval, samplePeriod(knobs));
  for (let now = 0; now < world.seconds * MICROS_PER_SECOND; now += tick) {
    pool.start(now);
    if (now > 0 && now % samplePeriod(knobs) === 0) history.add(pool.sample(now));
    if (now % knobs.interval === 0) {
      const recommended = scaler.recommend(watch(history.showAt(now as Instant, pool.wanted)));
      pool.resize(damping.decide(recommended, pool.wanted, now as Instant), now);
      const { wanted, ready, inside } = pool;
      decisions.push({ second: now / MICROS_PER_SECOND, wanted, ready, inside });
    }
    pool.flow(world.load(now / MICROS_PER_SECOND), tick);
  }
  return decisions;
}
