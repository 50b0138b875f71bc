// Times to the first token and between tokens that a pool would show in the long run, from the step times of a
// replica and the traffic: what `sla` counts replicas by. Arrivals are taken to be at random (Poisson) and lengths of
// answers exponential, so that a running answer has on average a full mean length behind it (ours). Two parts, both
// textbook.
//
// The batch is Little's law at a fixed point. With n sequences decoding, every step of length T(n) takes n / k of
// them to their end, where k is the steps that an answer has, and as many prompts are prefilled in it: the throughput
// is n / (k T(n)), and the batch is the smallest n that carries the traffic of one replica.
//
// The wait is that of a birth-death chain over the sequences in the pool, spread evenly over its replicas, whose rate
// of ends is what those batches yield and grows no more once all of them are full (Kleinrock, Queueing Systems 1,
// 1975, chapter 3; memory). Where steps do not depend on the batch it is M/M/c. Rows of real GPUs are padded, so that
// a larger batch may yield less than a smaller one: the chain takes of each the least that any larger one yields
// (ours), since a pool that has grown beyond the smaller one stays there. It errs to the long side then, and more
// replicas never wait longer.
import { expectedTokens } from "../../../profile/speculative.js";
import type { StepProfile } from "../../../profile/step-profile.js";

/** What comes, on average. */
export interface Traffic {
  /** Attempts per microsecond. */
  readonly rate: number;
  readonly promptTokens: number;
  /** Those of them that the prefix cache has. */
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

/** In microseconds. */
export interface Latency {
  readonly ttft: number;
  readonly tpot: number;
}

/** What comes less often than once in so many times changes no wait that one could measure. */
const HARDLY_EVER = 1e12;

interface ReplicaLimits {
  readonly slots: number;
  readonly kvTokens: number;
  readonly profile: StepProfile;
}

export class PredictedLatency {
  readonly #profile: StepProfile;
  readonly #traffic: Traffic;
  /** Tokens that a step yields of one sequence; context and prefilled tokens of one. */
  readonly #yield: number;
  readonly #context: number;
  readonly #prefilled: number;
  readonly #fullBatch: number;
  readonly #fullRate: number;
  /** By batch: attempts per microsecond that end, and the least of those with no fewer sequences. */
  readonly #yields: Float64Array;
  readonly #sure: Float64Array;

  constructor({ slots, kvTokens, profile }: ReplicaLimits, traffic: Traffic) {
    this.#profile = profile;
    this.#traffic = traffic;
    const { promptTokens, cachedTokens, outputTokens } = traffic;
    this.#yield = expectedTokens(profile.tokensPerSequence - 1, profile.acceptance);
    this.#context = promptTokens + outputTokens;
    this.#prefilled = promptTokens - cachedTokens;
    this.#fullBatch = Math.max(1, Math.min(slots, Math.floor(kvTokens / (promptTokens + outputTokens))));
    this.#yields = Float64Array.from({ length: this.#fullBatch + 1 }, (_, batch) => this.#throughput(batch));
    this.#sure = this.#yields.slice();
    for (let batch = this.#fullBatch - 1; batch >= 0; batch--)
      this.#sure[batch] = Math.min(this.#yields[batch]!, this.#sure[batch + 1]!);
    this.#fullRate = this.#yields[this.#fullBatch]!;
  }

  /** Attempts per microsecond that a replica can take at most. */
  get capacity(): number {
    return this.#fullRate;
  }

  /** With so many replicas; undefined where they cannot keep up. */
  with(replicas: number): Latency | undefined {
    const load = this.#traffic.rate / replicas;
    if (load >= this.#fullRate) return undefined;
    return this.#at(this.#batch(load), this.#wait(replicas));
  }

  /** With as many replicas as one likes: nothing waits, and every sequence is alone. */
  atBest(): Latency {
    return this.#at(1, 0);
  }

  #at(batch: number, wait: number): Latency {
    const step = this.#stepTime(batch);
    // An attempt comes in the middle of a step, and its prompt is in the next one as a whole.
    const first = this.#time(batch, this.#prefilled, 1);
    return { ttft: wait + step / 2 + first, tpot: step / this.#yield };
  }

  /** Of a step with so many sequences in the long run: where one leaves, another's prompt takes its place. */
  #stepTime(batch: number): number {
    const starts = batch / this.#steps;
    return this.#time(batch, starts * this.#prefilled, starts);
  }

  #time(batch: number, prefillTokens: number, prompts: number): number {
    const { cachedTokens } = this.#traffic;
    const chunk = this.#prefilled;
    const area = chunk * (cachedTokens + (chunk + 1) / 2);
    const { base, slope, prefill } = this.#profile;
    return (
      base.call(this.#profile, batch, Math.round(prefillTokens)) +
      slope.call(this.#profile, batch) * batch * this.#context +
      prefill.call(this.#profile, prompts * area, prompts * cachedTokens)
    );
  }

  get #steps(): number {
    return Math.max(1, this.#traffic.outputTokens / this.#yield);
  }

  /** Attempts per microsecond that end with so many sequences in the batch. */
  #throughput(batch: number): number {
    return batch === 0 ? 0 : batch / (this.#steps * this.#stepTime(batch));
  }

  /** The smallest batch that carries that much; a full one does. */
  #batch(load: number): number {
    return this.#yields.findIndex((most) => most >= load);
  }

  /** Until there is room in a batch: the mean queue over the rate at which attempts come. */
  #wait(replicas: number): number {
    const { rate } = this.#traffic;
    const utilization = rate / (replicas * this.#fullRate);
    const whenFull = utilization / (1 - utilization);
    const share = 1 / (this.#notFull(replicas) + whenFull);
    return (share * whenFull) / (1 - utilization) / rate;
  }

  /** How often the pool has room, or is just full, for each time that it is just full: a sum down the chain. */
  #notFull(replicas: number): number {
    const { rate } = this.#traffic;
    let [weight, sum] = [1, 1];
    for (let inside = replicas * this.#fullBatch; inside > 0; inside--) {
      weight *= this.#endsOf(inside, replicas) / rate;
      sum += weight;
      // Weights rise to the number that is usual and fall from there.
      if (sum > HARDLY_EVER || weight < sum / HARDLY_EVER) break;
    }
    return sum;
  }

  /** Attempts per microsecond that end with so many sequences, spread evenly. */
  #endsOf(inside: number, replicas: number): number {
    const batch = Math.floor(inside / replicas);
    const more = inside - batch * replicas;
    const ends = (replicas - more) * this.#sure[batch]!;
    return more === 0 ? ends : ends + more * this.#sure[batch + 1]!;
  }
}
