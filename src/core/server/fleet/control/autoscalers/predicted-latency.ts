// Times to the first token and between tokens that a pool would show in the long run, from the step times of a
// replica and the traffic: what `sla` counts replicas by. Two parts, both textbook.
//
// The batch is Little's law at a fixed point. With n sequences decoding, every step of length T(n) takes n / k of
// them to their end, where k is the steps that an answer has, and as many prompts are prefilled in it: the throughput
// is n / (k T(n)), and the batch is the smallest n that carries the traffic of one replica.
//
// The wait is that of M/M/c, where c is the sequences that fit into all replicas, each served as in a full batch: the
// approximation of Sakasegawa (1977, memory) to Erlang C, which Allen-Cunneen's factor (Ca^2 + Cs^2) / 2 = 1 leaves
// as it is: arrivals at random and lengths of answers with a coefficient of variation of 1 (ours). Below a full batch
// service is faster than that, so it errs to the long side.
import pow from "@stdlib/math-base-special-pow";
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

  constructor({ slots, kvTokens, profile }: ReplicaLimits, traffic: Traffic) {
    this.#profile = profile;
    this.#traffic = traffic;
    const { promptTokens, cachedTokens, outputTokens } = traffic;
    this.#yield = expectedTokens(profile.tokensPerSequence - 1, profile.acceptance);
    this.#context = promptTokens + outputTokens / 2;
    this.#prefilled = promptTokens - cachedTokens;
    this.#fullBatch = Math.max(1, Math.min(slots, Math.floor(kvTokens / (promptTokens + outputTokens))));
    this.#fullRate = this.#throughput(this.#fullBatch);
  }

  /** Attempts per microsecond that a replica can take at most. */
  get capacity(): number {
    return this.#fullRate;
  }

  /** With so many replicas; undefined where they cannot keep up. */
  with(replicas: number): Latency | undefined {
    const load = this.#traffic.rate / replicas;
    if (load >= this.#fullRate) return undefined;
    return this.#at(this.#batch(load), this.#wait(load / this.#fullRate, replicas * this.#fullBatch));
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
    return batch / (this.#steps * this.#stepTime(batch));
  }

  /** The smallest batch that carries that much: throughput rises with it. */
  #batch(load: number): number {
    let below = 0;
    let enough = this.#fullBatch;
    while (enough - below > 1) {
      const middle = Math.floor((below + enough) / 2);
      if (this.#throughput(middle) >= load) enough = middle;
      else below = middle;
    }
    return enough;
  }

  #wait(utilization: number, servers: number): number {
    const service = this.#fullBatch / this.#fullRate;
    const delayed = pow(utilization, Math.sqrt(2 * (servers + 1)) - 1);
    return ((service / servers) * delayed) / (1 - utilization);
  }
}
