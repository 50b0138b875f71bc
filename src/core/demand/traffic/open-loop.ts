// Open-loop demand: a renewal process of arrivals, each with an account, lengths and a tier drawn on streams of their
// own. How a request ends does not change when the next one comes.

import { NONE } from "../../base/none.js";
import { type Instant, MICROS_PER_SECOND } from "../../base/units.js";
import { AliasTable } from "../../random/alias-table.js";
import { createDistribution, type Distribution, type DistributionSpec } from "../../random/distribution.js";
import { openStream, type Seed, type Stream } from "../../random/stream.js";
import { zipfWeights } from "../../random/zipf.js";
import type { AccountNames } from "./accounts.js";
import { ApplicationPrefixes, type PrefixSpec } from "./application-prefixes.js";
import type { Contexts } from "./contexts.js";
import { Cuts, drawTokens } from "./lengths.js";
import { Mix, type MixEntry } from "./mix.js";
import { createMoves, type MoveSpec, type Moves } from "./moves.js";
import { OperationalClock } from "./rate/operational-clock.js";
import { type ShapeSpec, shapeTerms } from "./rate/shape.js";
import type { Arrival, Source } from "./source.js";

export interface OpenLoopOptions {
  readonly name: string;
  readonly process: "poisson" | "gamma" | "constant";
  /** Requests per second; with a shape, their long-run mean. */
  readonly rate: number;
  /** How the rate varies, not at all where left out. Its phases, if there are any, are the rate, and `rate` is not. */
  readonly shape?: ShapeSpec | undefined;
  /** Coefficient of variation of the gaps of a gamma process. */
  readonly cv: number;
  /** Of constant gaps: the share of one by which the first request comes late; 0 where left out. */
  readonly phase?: number | undefined;
  readonly accounts: { readonly count: number; readonly skew: number };
  /** What prompts begin with, before `input`: one of several, drawn for each request. */
  readonly prefix?: PrefixSpec | undefined;
  readonly input: DistributionSpec;
  readonly output: DistributionSpec;
  /** Share of every prompt that is cached already. */
  readonly cached: number;
  readonly maxInput: number;
  readonly maxOutput: number;
  readonly mix: readonly MixEntry[];
  readonly moves?: readonly MoveSpec[] | undefined;
}

export class OpenLoopSource implements Source {
  readonly name: string;
  readonly cuts: Cuts = new Cuts();
  nextAt: Instant;
  readonly #options: OpenLoopOptions;
  readonly #gaps: Distribution;
  readonly #accounts: AliasTable;
  readonly #accountStream: Stream;
  readonly #accountIndices: Int32Array;
  readonly #input: Distribution;
  readonly #output: Distribution;
  readonly #mix: Mix;
  readonly #moves: Moves | undefined;
  readonly #prefixes: ApplicationPrefixes;
  readonly #applicationStream: Stream;
  /** Where the rate varies: gaps are of mean 1 then, and pass on this clock. */
  readonly #varying: OperationalClock | undefined;
  /** Real time of the next arrival in seconds: rounded once, at the edge, so that gaps keep no rounding. */
  #clock = 0;
  readonly #isConstant: boolean;
  /** Of constant gaps: those that have passed. */
  #passed = 0;

  constructor(options: OpenLoopOptions, seed: Seed, names: AccountNames, contexts: Contexts) {
    const stream = (purpose: string) => openStream(seed, `traffic/${options.name}/${purpose}`);
    this.#varying = varyingClock(options);
    const mean = this.#varying === undefined ? 1 / options.rate : 1;
    this.name = options.name;
    this.#options = options;
    this.#isConstant = options.process === "constant";
    this.#gaps = createDistribution(gapsOf(options, mean), stream("arrivals"));
    this.#accounts = new AliasTable(zipfWeights(options.accounts.count, options.accounts.skew));
    this.#accountStream = stream("accounts");
    this.#accountIndices = Int32Array.from({ length: options.accounts.count }, (_, rank) =>
      names.indexOf(`${options.name}-${rank + 1}`),
    );
    this.#input = createDistribution(options.input, stream("input"));
    this.#output = createDistribution(options.output, stream("output"));
    this.#mix = new Mix(options.mix, stream("mix"));
    this.#moves = createMoves(options, seed, names);
    this.#applicationStream = stream("applications");
    this.#prefixes = new ApplicationPrefixes(options.prefix, options.maxInput, contexts, this.cuts);
    this.nextAt = this.#afterGap();
  }

  take(arrival: Arrival): void {
    const { cached, maxOutput } = this.#options;
    arrival.account = this.#accountIndices[this.#accounts.pick(this.#accountStream)]!;
    arrival.inputTokens = drawTokens(this.#input);
    this.#prefixes.add(arrival, this.#applicationStream);
    arrival.cachedTokens = Math.floor(arrival.inputTokens * cached);
    arrival.outputTokens = this.cuts.output(drawTokens(this.#output), maxOutput);
    arrival.maxTokens = maxOutput;
    arrival.ticket = NONE;
    this.#mix.draw(arrival);
    const moves = this.#moves;
    if (moves !== undefined) moves.readdress(arrival, moves.madeBy(arrival.account, this.nextAt, 0));
    this.nextAt = this.#afterGap();
  }

  #afterGap(): Instant {
    if (this.#isConstant) return this.#afterConstantGap();
    const gap = this.#gaps.sample();
    this.#clock = this.#varying === undefined ? this.#clock + gap : this.#varying.after(gap);
    return Math.round(this.#clock * MICROS_PER_SECOND) as Instant;
  }

  /** Counted from the start, so that no rounding adds up. */
  #afterConstantGap(): Instant {
    const { phase = 0, rate } = this.#options;
    const isFirst = this.#passed === 0;
    const time =
      this.#varying === undefined
        ? (this.#passed + phase) / rate
        : this.#varying.after(isFirst ? phase : this.#gaps.sample());
    this.#passed++;
    return Math.round(time * MICROS_PER_SECOND) as Instant;
  }
}

function gapsOf(options: OpenLoopOptions, mean: number): DistributionSpec {
  switch (options.process) {
    case "poisson":
      return { dist: "exponential", mean };
    case "gamma":
      return { dist: "gamma", mean, cv: options.cv };
    case "constant":
      return { dist: "constant", value: mean };
  }
}

function varyingClock({ rate, shape = {} }: OpenLoopOptions): OperationalClock | undefined {
  const terms = shapeTerms(shape);
  if (terms.length === 0) return undefined;
  return new OperationalClock(shape.phases === undefined ? rate : 1, terms);
}
