// A concurrency limit that goes by the mean of how long attempts took, window by window: what `vegas` and `gradient2`
// have in common. Their source samples the whole call. For a model that is a matter of how long the answer is, so here
// the sample is the time from the start to the first token unless said otherwise; that, and what counts as a drop, is
// ours. The wait in front of the pool is in no sample: it would shrink the limit that makes it longer.
import * as z from "zod";
import { type Instant, NEVER, since } from "../../../base/units.js";
import { count, duration } from "../../../document/units.js";
import type { Bounds } from "./bounds.js";
import type { Stay } from "./limit.js";
import { SampleWindow, type WindowOptions } from "./sample-window.js";
import { Weightless } from "./weightless.js";

/** ttft: from start to first token. tpot: a token of the answer, the first apart. latency: from start to end. */
type SampleKind = "ttft" | "tpot" | "latency";

export interface SampledOptions extends WindowOptions, Bounds {
  readonly sample: SampleKind;
}

export abstract class SampledLimit extends Weightless {
  override readonly learns: boolean = true;
  override most: number;
  /** The limit before it is rounded down. */
  protected estimate: number;
  readonly #window: SampleWindow;
  readonly #sample: SampleKind;

  constructor(options: SampledOptions) {
    super();
    this.most = options.initial;
    this.estimate = options.initial;
    this.#window = new SampleWindow(options);
    this.#sample = options.sample;
  }

  /** What a sample is without load, in microseconds; Infinity where that is not known yet. */
  protected abstract readonly unloaded: number;

  /** Sets `estimate` from the mean sample of a window, the most that were inside and whether any was dropped. */
  protected abstract update(sample: number, inside: number, hasDrop: boolean): void;

  override firstToken(_attempt: number, startedAt: Instant, inside: number, now: Instant): void {
    if (this.#sample === "ttft") this.#add(since(now, startedAt), inside, false, now);
  }

  override left(_attempt: number, stay: Stay, inside: number): void {
    const { startedAt, firstTokenAt, leftAt, outputTokens, settlement } = stay;
    if (firstTokenAt === NEVER) {
      // It was dropped if it had to wait at least as long as one does without load; else nothing can be told of it.
      const waited = since(leftAt, startedAt);
      const isDrop = this.#sample !== "tpot" && settlement === "cut" && waited > this.unloaded;
      if (isDrop) this.#add(waited, inside + 1, true, leftAt);
      return;
    }
    if (settlement !== "completed") return;
    if (this.#sample === "latency") this.#add(since(leftAt, startedAt), inside + 1, false, leftAt);
    else if (this.#sample === "tpot" && outputTokens > 1)
      this.#add(since(leftAt, firstTokenAt) / (outputTokens - 1), inside + 1, false, leftAt);
  }

  #add(sample: number, inside: number, isDrop: boolean, now: Instant): void {
    const window = this.#window;
    if (!window.add(sample, inside, isDrop, now)) return;
    this.update(window.average, window.mostInside, window.hasDrop);
    this.most = Math.floor(this.estimate);
  }
}

export const sampleOptions = {
  sample: z
    .enum(["ttft", "tpot", "latency"])
    .prefault("ttft")
    .describe(
      "What it goes by: ttft, from start to first token; tpot, per token after that; latency, the whole stay.",
    ),
  window: duration({ above: 0 }).prefault("1s").describe("Samples are averaged over so long at least."),
  samples: count(1, 1_000_000).prefault(10).describe("And over so many at least, if that takes longer."),
};
