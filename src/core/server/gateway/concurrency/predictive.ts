// Lets an attempt in if by what it has learned the attempt will have its first token in time, and the pool will then
// generate as fast as it has to. Source: Mooncake's early rejection (Qin et al., FAST 2025; from memory), which refuses
// at arrival by predicted TTFT and by the decoding load, and there found that going by the load of the moment makes
// prefill and decoding swing against each other: what decodes now is few, many are let in, and all of them decode
// later. Its cure is to count those that will decode when this one's prefill is done. Both are here, `current` and
// `predicted`. It goes by stated facts and by what has come back: the time to a first token is a straight line over the
// uncached prompt tokens ahead, a token's time one over the sequences that generate, and an answer lasts as long as
// sequences have generated, all together, per one that left (completed ones alone would be the short ones at first). As
// in Mooncake all answers are taken to last equally long; that those which last longer leave evenly, and how speeds are
// learned and where that begins, is ours. Nothing depends on the time of asking: what it once kept out it lets in only
// after it has been told something.
import * as z from "zod";
import { grown } from "../../../base/grown.js";
import { type Duration, type Instant, NEVER, START, since } from "../../../base/units.js";
import { count, duration, fineDuration } from "../../../document/units.js";
import type { RequestFacts } from "../request-facts.js";
import { Ages } from "./ages.js";
import { LearnedLine } from "./learned-line.js";
import { type ConcurrencyLimit, defineLimit, type Stay } from "./limit.js";

interface PredictiveOptions {
  readonly ttft: Duration;
  readonly tpot: Duration;
  readonly predictor: "current" | "predicted";
  /** About so many of the last attempts count. */
  readonly memory: number;
  // Where it begins, in microseconds.
  readonly perPromptToken: number;
  readonly perToken: number;
  readonly perSequence: number;
  readonly answer: Duration;
}

/** No prompt has so many tokens. */
const NOTHING = -1;

/** Where the second points lie of the lines that it begins with: of prompt tokens and of sequences. */
const SCALE = { promptTokens: 10_000, sequences: 10 } as const;

export class PredictiveLimit implements ConcurrencyLimit {
  readonly learns: boolean = true;
  readonly weighs: boolean = true;
  readonly most: number = Number.POSITIVE_INFINITY;
  readonly #options: PredictiveOptions;
  readonly #firstTokens: LearnedLine;
  readonly #tokens: LearnedLine;
  /** Microseconds that sequences have generated, and how many have left, both fading; and until when that is. */
  #generated: number;
  #ended = 1;
  #asOf: Instant = START;
  readonly #ages = new Ages();
  /** Sequences without a first token, their uncached prompt tokens, and sequences with one. */
  #prefilling = 0;
  #promptTokens = 0;
  #generating = 0;
  /** What it said of how many prompt tokens, until it is told something: an arrival is asked about twice. */
  #saidOf = NOTHING;
  #said = false;
  // By attempt: its own uncached prompt tokens; those ahead when it started, with its own; with how many it generated.
  #own: Float64Array = new Float64Array(0);
  #ahead: Float64Array = new Float64Array(0);
  #beside: Float64Array = new Float64Array(0);

  constructor(options: PredictiveOptions) {
    const { perPromptToken, perToken, perSequence, answer, memory } = options;
    this.#options = options;
    this.#firstTokens = new LearnedLine(
      { base: perToken, slope: perPromptToken, scale: SCALE.promptTokens },
      memory,
    );
    this.#tokens = new LearnedLine({ base: perToken, slope: perSequence, scale: SCALE.sequences }, memory);
    this.#generated = answer;
    this.#ages.reach(2 * answer);
  }

  mayEnter(facts: RequestFacts): boolean {
    const promptTokens = uncached(facts);
    if (promptTokens !== this.#saidOf) {
      this.#said = this.#isFastEnough(promptTokens);
      this.#saidOf = promptTokens;
    }
    return this.#said;
  }

  #isFastEnough(promptTokens: number): boolean {
    const { ttft, tpot } = this.#options;
    const wait = this.ttftAfter(promptTokens);
    if (wait > ttft) return false;
    // More cannot be: what is fast enough with all of them need not be looked at more closely.
    const atMost = this.#generating + this.#prefilling;
    return this.#tokens.at(atMost + 1) <= tpot || this.#tokens.at(this.#generatingAfter(wait) + 1) <= tpot;
  }

  /** Microseconds to the first token of one that starts now with so many uncached prompt tokens, as predicted. */
  ttftAfter(promptTokens: number): number {
    return this.#firstTokens.at(this.#promptTokens + promptTokens);
  }

  /** Microseconds per generated token where so many sequences generate, as predicted. */
  tpotOf(sequences: number): number {
    return this.#tokens.at(sequences);
  }

  /** Sequences that generate at the end of `wait`: those that still do, and of those that prefill now who will. */
  #generatingAfter(wait: number): number {
    if (this.#options.predictor === "current") return this.#generating;
    const life = this.#life;
    const now = this.#asOf;
    // Of those that have gone on for longer than that a share leaves in any time.
    const late = this.#ages.before(now - life);
    const ending = wait === 0 ? 0 : this.#ages.before(now - life + wait) - late;
    const stays = life > wait ? 1 - wait / life : 0;
    // First tokens come evenly over the wait: those stay that had theirs less than a life ago.
    const joins = wait > life ? life / wait : 1;
    return this.#generating - ending - late * (1 - stays) + this.#prefilling * joins;
  }

  /** Microseconds from first token to end. */
  get #life(): number {
    return this.#generated / this.#ended;
  }

  entered(attempt: number, facts: RequestFacts, _inside: number, now: Instant): void {
    this.#saidOf = NOTHING;
    this.#pass(now);
    if (attempt >= this.#own.length) this.#grow(attempt);
    const own = uncached(facts);
    this.#prefilling++;
    this.#promptTokens += own;
    this.#own[attempt] = own;
    this.#ahead[attempt] = this.#promptTokens;
  }

  foundCached(attempt: number, facts: RequestFacts): void {
    this.#saidOf = NOTHING;
    const own = uncached(facts);
    const more = own - this.#own[attempt]!;
    this.#own[attempt] = own;
    this.#ahead[attempt]! += more;
    this.#promptTokens += more;
  }

  firstToken(attempt: number, startedAt: Instant, _inside: number, now: Instant): void {
    this.#saidOf = NOTHING;
    this.#firstTokens.learn(this.#ahead[attempt]!, since(now, startedAt));
    this.#endPrefill(attempt);
    this.#pass(now);
    this.#generating++;
    this.#ages.add(now);
    this.#beside[attempt] = this.#generating;
  }

  left(attempt: number, { startedAt, firstTokenAt, leftAt, outputTokens, settlement }: Stay): void {
    this.#saidOf = NOTHING;
    if (firstTokenAt === NEVER) {
      // Its first token would have come later still.
      const waited = since(leftAt, startedAt);
      const ahead = this.#ahead[attempt]!;
      if (waited > this.#firstTokens.at(ahead)) this.#firstTokens.learn(ahead, waited);
      this.#endPrefill(attempt);
      return;
    }
    if (settlement === "completed" && outputTokens > 1) {
      const beside = (this.#beside[attempt]! + this.#generating) / 2;
      this.#tokens.learn(beside, since(leftAt, firstTokenAt) / (outputTokens - 1));
    }
    this.#pass(leftAt);
    this.#generating--;
    this.#ages.remove(firstTokenAt);
    const keep = 1 - 1 / this.#options.memory;
    this.#generated *= keep;
    this.#ended = keep * this.#ended + 1;
    this.#ages.reach(2 * this.#life);
  }

  #pass(now: Instant): void {
    this.#generated += this.#generating * since(now, this.#asOf);
    this.#asOf = now;
  }

  #endPrefill(attempt: number): void {
    this.#prefilling--;
    this.#promptTokens -= this.#own[attempt]!;
  }

  #grow(attempt: number): void {
    const size = Math.max(attempt + 1, this.#own.length * 2, 64);
    this.#own = grown(this.#own, size);
    this.#ahead = grown(this.#ahead, size);
    this.#beside = grown(this.#beside, size);
  }
}

function uncached({ inputTokens, cachedTokens }: RequestFacts): number {
  return inputTokens - cachedTokens;
}

export const predictive = defineLimit({
  name: "predictive",
  looksAtCached: true,
  summary:
    "Lets in what will be fast enough, by the prompt tokens ahead and the load once they are worked through.",
  options: {
    ttft: duration({ above: 0 }).prefault("5s").describe("A first token may take so long from the start."),
    tpot: duration({ above: 0 }).prefault("100ms").describe("A token of an answer may take so long."),
    predictor: z
      .enum(["current", "predicted"])
      .prefault("predicted")
      .describe("The load that counts: what generates now, or what will once this prompt is worked through."),
    memory: count(2, 1_000_000).prefault(100).describe("It learns from about so many of the last attempts."),
    perPromptToken: fineDuration()
      .prefault("50us")
      .describe("Where it begins: time that each uncached prompt token adds to the first tokens behind it."),
    perToken: fineDuration()
      .prefault("20ms")
      .describe("Where it begins: time of a generated token without load."),
    perSequence: fineDuration()
      .prefault("500us")
      .describe("Where it begins: time that each sequence adds to the tokens of all."),
    answer: duration({ above: 0 })
      .prefault("10s")
      .describe("Where it begins: time from the first token of an answer to its last."),
  },
  sources: [
    {
      text: "Qin et al., Mooncake: a KVCache-centric disaggregated architecture for LLM serving, FAST 2025",
      date: "2026-11",
    },
  ],
  defaults: {
    ttft: "ours",
    tpot: "ours",
    predictor: "memory",
    memory: "ours",
    perPromptToken: "ours",
    perToken: "ours",
    perSequence: "ours",
    answer: "ours",
  },
  check(part, at, _, report) {
    if (!Object.hasOwn(part, "answer") || part["predictor"] !== "current") return;
    report([...at, "answer"], "only predictor: predicted uses this", { at: "key" });
  },
  create: (options) => new PredictiveLimit(options),
});
