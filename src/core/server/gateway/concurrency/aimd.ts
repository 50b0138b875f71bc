// Additive increase, multiplicative decrease: one more for each attempt that had its first token soon after its start,
// while at least half of the limit was used; less by a factor for each that had not. Only the time inside counts, since
// a wait in front of the pool would shrink the limit that makes it longer. Source: AIMDLimit of Netflix's
// concurrency-limits, whose rule and defaults these are; its sample is the whole call, which for a model is a matter of
// how long the answer is. It settles where one attempt in about 1 + (1 - backoff) x limit is slow.
import { type Duration, type Instant, NEVER } from "../../../base/units.js";
import { duration, share } from "../../../document/units.js";
import { boundsOptions, checkBounds } from "./bounds.js";
import { defineLimit, type Stay } from "./limit.js";
import { Weightless } from "./weightless.js";

interface AimdOptions {
  readonly initial: number;
  /** Bounds of the limit. */
  readonly least: number;
  readonly most: number;
  /** What is left of the limit after a slow attempt, rounded down. */
  readonly backoff: number;
  readonly slow: Duration;
}

export class AimdLimit extends Weightless {
  override readonly learns: boolean = true;
  override most: number;
  readonly #options: AimdOptions;

  constructor(options: AimdOptions) {
    super();
    this.most = options.initial;
    this.#options = options;
  }

  override firstToken(_attempt: number, startedAt: Instant, inside: number, now: Instant): void {
    if (now - startedAt > this.#options.slow) this.#decrease();
    else if (2 * inside >= this.most) this.most = Math.min(this.#options.most, this.most + 1);
  }

  /** One that left without a first token was slow if it was inside for so long, and says nothing otherwise. */
  override left(_attempt: number, { startedAt, firstTokenAt, leftAt }: Stay): void {
    if (firstTokenAt === NEVER && leftAt - startedAt > this.#options.slow) this.#decrease();
  }

  #decrease(): void {
    const { least, backoff } = this.#options;
    this.most = Math.max(least, Math.floor(this.most * backoff));
  }
}

export const aimd = defineLimit({
  name: "aimd",
  summary: "Grows by one while first tokens are quick, and shrinks by a factor when one is slow.",
  options: {
    slow: duration({ above: 0 })
      .prefault("5s")
      .describe("A first token later than this after the start is slow."),
    ...boundsOptions(20, 20, 200),
    backoff: share({ below: 1 }).prefault("90%").describe("What a slow first token leaves of the limit."),
  },
  sources: [{ text: "Netflix/concurrency-limits @78a74b9, AIMDLimit.java", date: "2026-11" }],
  defaults: { slow: "read", initial: "read", least: "read", most: "read", backoff: "read" },
  refine: checkBounds,
  create: (options) => new AimdLimit(options),
});
