// Lets an attempt in if by what it has learned the attempt will have its first token in time, and the pool will then
// generate as fast as it has to. Source: Mooncake's early rejection (Qin et al., FAST 2025; from memory), which refuses
// at arrival by predicted TTFT and by the decoding load, and there found that going by the load of the moment makes
// prefill and decoding swing against each other: what decodes now is few, many are let in, and all of them decode later.
// Its cure is to count those that will decode when this one's prefill is done. Both are here, `current` and `predicted`.
// It goes by stated facts and by what has come back: the time to a first token is a straight line over the uncached
// prompt tokens ahead, a token's time one over the sequences that decode, and an answer is as long as completed ones
// were. As in Mooncake all answers are taken to last equally long; that those under way are of all ages alike, and so
// leave evenly, and how speeds are learned and where that begins, is ours. Nothing in it depends on the time of asking,
// so what it once kept out it lets in only after it has been told something.
import * as z from "zod";
import { grown } from "../../../base/grown.js";
import { type Duration, type Instant, NEVER, since } from "../../../base/units.js";
import { amount, count, duration, fineDuration } from "../../../document/units.js";
import type { RequestFacts } from "../request-facts.js";
import { LearnedLine } from "./learned-line.js";
import { type ConcurrencyLimit, defineLimit, type Stay } from "./limit.js";

interface PredictiveOptions {
  readonly ttft: Duration;
  readonly tpot: Duration;
  readonly predictor: "current" | "predicted";
  /** About so many of the last attempts count. */
  readonly memory: number;
  // Where it begins, in microseconds and tokens.
  readonly perPromptToken: number;
  readonly perToken: number;
  readonly perSequence: number;
  readonly outputTokens: number;
}

/** Where the second points lie of the lines that it begins with: of prompt tokens and of sequences. */
const SCALE = { promptTokens: 10_000, sequences: 10 } as const;

export class PredictiveLimit implements ConcurrencyLimit {
  readonly learns: boolean = true;
  readonly weighs: boolean = true;
  readonly most: number = Number.POSITIVE_INFINITY;
  readonly #options: PredictiveOptions;
  readonly #firstTokens: LearnedLine;
  readonly #tokens: LearnedLine;
  #outputTokens: number;
  /** Sequences without a first token, their uncached prompt tokens, and sequences with one. */
  #prefilling = 0;
  #promptTokens = 0;
  #generating = 0;
  // By attempt: its own uncached prompt tokens; those ahead when it started, with its own; with how many it generated.
  #own: Float64Array = new Float64Array(0);
  #ahead: Float64Array = new Float64Array(0);
  #beside: Float64Array = new Float64Array(0);

  constructor(options: PredictiveOptions) {
    const { perPromptToken, perToken, perSequence, outputTokens, memory } = options;
    this.#options = options;
    this.#firstTokens = new LearnedLine(
      { base: perToken, slope: perPromptToken, scale: SCALE.promptTokens },
      memory,
    );
    this.#tokens = new LearnedLine({ base: perToken, slope: perSequence, scale: SCALE.sequences }, memory);
    this.#outputTokens = outputTokens;
  }

  mayEnter(facts: RequestFacts): boolean {
    const { ttft, tpot } = this.#options;
    const wait = this.ttftAfter(uncached(facts));
    return wait <= ttft && this.#tokens.at(this.#generatingAfter(wait) + 1) <= tpot;
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
    const life = this.#outputTokens * this.#tokens.at(this.#generating);
    const stays = life > wait ? 1 - wait / life : 0;
    // Their first tokens come evenly over the wait: those stay that had theirs less than a life ago.
    const joins = wait > life ? life / wait : 1;
    return this.#generating * stays + this.#prefilling * joins;
  }

  entered(attempt: number, facts: RequestFacts): void {
    if (attempt >= this.#own.length) this.#grow(attempt);
    const own = uncached(facts);
    this.#prefilling++;
    this.#promptTokens += own;
    this.#own[attempt] = own;
    this.#ahead[attempt] = this.#promptTokens;
  }

  firstToken(attempt: number, startedAt: Instant, _inside: number, now: Instant): void {
    this.#firstTokens.learn(this.#ahead[attempt]!, since(now, startedAt));
    this.#endPrefill(attempt);
    this.#generating++;
    this.#beside[attempt] = this.#generating;
  }

  left(attempt: number, { startedAt, firstTokenAt, leftAt, outputTokens, settlement }: Stay): void {
    if (firstTokenAt === NEVER) {
      // Its first token would have come later still.
      const waited = since(leftAt, startedAt);
      const ahead = this.#ahead[attempt]!;
      if (waited > this.#firstTokens.at(ahead)) this.#firstTokens.learn(ahead, waited);
      this.#endPrefill(attempt);
      return;
    }
    if (settlement === "completed") {
      this.#outputTokens += (outputTokens - this.#outputTokens) / this.#options.memory;
      const beside = (this.#beside[attempt]! + this.#generating) / 2;
      if (outputTokens > 1) this.#tokens.learn(beside, since(leftAt, firstTokenAt) / (outputTokens - 1));
    }
    this.#generating--;
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
    outputTokens: amount().prefault(256).describe("Where it begins: tokens of an answer."),
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
    outputTokens: "ours",
  },
  create: (options) => new PredictiveLimit(options),
});
