// An autoscaler at work on one pool: samples the pool, lets the autoscaler see what is old enough, damps what it wants
// and has the pool sized. A pool that is there before its first model is launched, or since that very instant, has the
// replicas that it was told to start with: until the autoscaler has seen traffic for as long as it looks back, it may
// add to them and takes none away.
import { after, type Duration, earlier, type Instant, NEVER, START } from "../../../base/units.js";
import type { Sizing } from "../sizing.js";
import type { Autoscaler } from "./autoscalers/autoscaler.js";
import { Damping } from "./autoscalers/damping.js";
import { ScalingHistory } from "./autoscalers/history.js";
import { type Knobs, samplePeriod } from "./autoscalers/knobs.js";
import type { ScalingSample } from "./autoscalers/view.js";
import type { Controller } from "./controller.js";

export interface AutoscalingOptions {
  readonly sizing: Sizing;
  readonly pool: number;
  readonly scaler: Autoscaler;
  readonly knobs: Knobs;
  /** The most replicas that there can be. */
  readonly available: number;
  /** When the first model of the pool is launched, for one that cannot know what comes then; START: it always was. */
  readonly launch: Instant;
}

export class Autoscaling implements Controller {
  readonly #options: AutoscalingOptions;
  readonly #damping: Damping;
  /** Undefined: once, for one that goes by the clock and looks at none. */
  readonly #samplePeriod: Duration | undefined;
  readonly #isAskedInTurn: boolean;
  /** From which sample on it may take away. */
  readonly #takesFrom: Instant;
  #history: ScalingHistory | undefined;
  #sampleAt: Instant = START;
  #decideAt: Instant = START;

  constructor(options: AutoscalingOptions) {
    const { sizing, pool, scaler, knobs, available, launch } = options;
    const isByClock = scaler.changesAt !== undefined;
    this.#options = options;
    this.#damping = new Damping(knobs, available);
    this.#samplePeriod = isByClock ? undefined : samplePeriod(knobs);
    const looksBack = Math.max(scaler.looksBack, knobs.interval) as Duration;
    this.#takesFrom = launch === START ? START : after(launch, looksBack);
    this.#isAskedInTurn = !isByClock || this.#damping.countsTime || sizing.canBeDisplaced(pool);
  }

  act(now: Instant): Instant {
    if (now >= this.#sampleAt) this.#sample(now);
    if (now >= this.#decideAt) this.#decide(now);
    return earlier(this.#sampleAt, this.#decideAt);
  }

  #sample(now: Instant): void {
    const { scaler, knobs } = this.#options;
    const sample = this.#sampleOf(now);
    if (this.#history === undefined) {
      this.#history = new ScalingHistory(sample, knobs.metricsDelay, scaler.looksBack as Duration);
    } else this.#history.add(sample);
    this.#sampleAt = this.#samplePeriod === undefined ? NEVER : after(now, this.#samplePeriod);
  }

  #decide(now: Instant): void {
    const { sizing, pool, scaler } = this.#options;
    this.#decideAt = this.#nextDecision(now);
    if (!sizing.isThere(pool)) return;
    const wanted = sizing.wantedOf(pool);
    const view = this.#history!.showAt(now, wanted);
    const own = scaler.recommend(view);
    const mayTake = own === undefined || view.latest.asOf >= this.#takesFrom;
    const next = this.#damping.decide(mayTake ? own : Math.max(own, wanted), wanted, now);
    // Its word for as many as there are counts, too, once it is one: what others took is not wanted back.
    if (next !== wanted || (own !== undefined && mayTake)) sizing.resize(pool, next, now);
  }

  /**
   * By the clock: when its word changes, and in between only where what is wanted may become another without it. Else a
   * run in which nothing will ever be up again would go on for nothing but decisions.
   */
  #nextDecision(now: Instant): Instant {
    const { scaler, knobs } = this.#options;
    const inTurn = this.#isAskedInTurn ? after(now, knobs.interval) : NEVER;
    return earlier(inTurn, scaler.changesAt?.(now) ?? NEVER);
  }

  #sampleOf(now: Instant): ScalingSample {
    const { sizing, pool: index, scaler } = this.#options;
    const { fleet } = sizing;
    const pool = fleet.pools[index]!;
    const { arrived, promptTokens, shed, completed, outputTokens } = pool.counts;
    const replicas = scaler.watchesKv === true ? pool.readyReplicas() : [];
    const kvUsed = replicas.map((replica) => replica.kvUsed(now));
    return {
      asOf: now,
      wanted: sizing.wantedOf(index),
      ready: pool.ready.replicas,
      starting: sizing.startingOf(index),
      queued: pool.queue.length,
      running: pool.readyBusy,
      slots: pool.ready.slots,
      kvTokens: pool.ready.kvTokens,
      kvUsed: kvUsed.reduce((sum, tokens) => sum + tokens, 0),
      kvShares: kvUsed.map((tokens, place) => tokens / replicas[place]!.kvTokens),
      ...{ arrived, promptTokens, shed, completed, outputTokens },
    };
  }
}
