// Closed-loop demand: a fixed number of callers, each of whom thinks, sends a request, waits for its end - an
// answer, or its client giving up - and thinks again. Each draws all it does on a stream of its own, so that what a
// caller sends does not depend on how long others wait; only when it sends depends on the answers it got.
import { SurgefleetError } from "../../base/errors.js";
import { after, type Duration, type Instant, NEVER, START, seconds, toSeconds } from "../../base/units.js";
import { EventQueue } from "../../kernel/event-queue.js";
import { Phase } from "../../kernel/phase.js";
import { AliasTable } from "../../random/alias-table.js";
import { createDistribution, type Distribution, type DistributionSpec } from "../../random/distribution.js";
import { openStream, type Seed, type Stream } from "../../random/stream.js";
import { zipfWeights } from "../../random/zipf.js";
import type { AccountNames } from "./accounts.js";
import { ApplicationPrefixes } from "./application-prefixes.js";
import { type CallerPhase, CallerPhases } from "./caller-phases.js";
import type { Contexts } from "./contexts.js";
import { Cuts, drawTokens } from "./lengths.js";
import { Mix } from "./mix.js";
import { createMoves, type Moves } from "./moves.js";
import type { OpenLoopOptions } from "./open-loop.js";
import type { Arrival, RequestEnd, Source } from "./source.js";

type Lengths = "prefix" | "input" | "output" | "cached" | "maxInput" | "maxOutput";

export interface ClosedLoopOptions
  extends Pick<OpenLoopOptions, "name" | "accounts" | "mix" | "moves" | Lengths> {
  /** How many there are, where no phases say it. */
  readonly callers?: number | undefined;
  /** Those that join send at once; those that leave wait for their answer, and send no more. */
  readonly phases?: readonly CallerPhase[] | undefined;
  readonly repeat?: boolean | undefined;
  /** Over what time callers join, each sending at once. */
  readonly stagger?: { readonly over: Duration; readonly join: "evenly" | "at random" } | undefined;
  /** Seconds from the end of a request to the same caller's next; to its first from the start, where all are there. */
  readonly think: DistributionSpec;
}

interface Caller {
  readonly stream: Stream;
  readonly account: number;
  readonly think: Distribution;
  readonly input: Distribution;
  readonly output: Distribution;
}

export class ClosedLoopSource implements Source {
  readonly name: string;
  readonly cuts: Cuts = new Cuts();
  readonly #options: ClosedLoopOptions;
  readonly #callers: readonly Caller[];
  /** Callers that think, by when they send. */
  readonly #thinking: EventQueue = new EventQueue();
  readonly #mix: Mix;
  readonly #moves: Moves | undefined;
  readonly #prefixes: ApplicationPrefixes;
  /** Distributions that are tables: one of each for all callers, drawn from on the stream of whose turn it is. */
  readonly #tables = new Map<DistributionSpec, Distribution>();
  #turn!: Stream;
  readonly #phases: CallerPhases | undefined;
  /** Where no time has passed from a request to its end: how often in a row. */
  #instantEnds = 0;
  #instantEndAt: Instant = START;
  readonly #turns: Stream = { uniform: () => this.#turn.uniform(), below: (n) => this.#turn.below(n) };

  constructor(options: ClosedLoopOptions, seed: Seed, names: AccountNames, contexts: Contexts) {
    const { name, accounts } = options;
    this.name = name;
    this.#options = options;
    const indices = Int32Array.from({ length: accounts.count }, (_, rank) =>
      names.indexOf(`${name}-${rank + 1}`),
    );
    const shares = new AliasTable(zipfWeights(accounts.count, accounts.skew));
    this.#mix = new Mix(options.mix, this.#turns);
    this.#moves = createMoves(options, seed, names);
    const { phases, repeat = false } = options;
    this.#phases = phases && new CallerPhases(phases, repeat);
    this.#callers = Array.from({ length: this.#phases?.most ?? options.callers ?? 0 }, (_, caller) => {
      const stream = openStream(seed, `traffic/${name}/caller-${caller + 1}`);
      const account = indices[shares.pick(stream)]!;
      return { stream, account, ...this.#samplers(stream) };
    });
    this.#prefixes = new ApplicationPrefixes(options.prefix, options.maxInput, contexts, this.cuts);
    this.#begin(seed);
  }

  get nextAt(): Instant {
    return this.#thinking.nextAt;
  }

  take(arrival: Arrival): void {
    this.#thinking.pop();
    const { subject, time } = this.#thinking;
    const { account, stream, input, output } = this.#callers[subject]!;
    this.#turn = stream;
    const { cached, maxOutput } = this.#options;
    arrival.ticket = subject;
    arrival.account = account;
    arrival.inputTokens = drawTokens(input);
    this.#prefixes.add(arrival, this.#turn);
    arrival.cachedTokens = Math.floor(arrival.inputTokens * cached);
    arrival.outputTokens = this.cuts.output(drawTokens(output), maxOutput);
    arrival.maxTokens = maxOutput;
    this.#mix.draw(arrival);
    const moves = this.#moves;
    if (moves !== undefined) moves.readdress(arrival, moves.madeBy(account, time, subject));
  }

  /** The caller of that ticket has what it waited for, or has given up: either way it thinks again. */
  ended({ ticket }: RequestEnd, now: Instant): void {
    const at = this.#think(ticket, now);
    if (at === now) this.#checkTimePasses(now);
  }

  /** All think from the start on, or each sends when it joins. */
  #begin(seed: Seed): void {
    const { stagger } = this.#options;
    const count = this.#callers.length;
    const moments =
      stagger?.join === "at random" ? openStream(seed, `traffic/${this.name}/joins`) : undefined;
    for (let caller = 0; caller < count; caller++) {
      if (stagger !== undefined) {
        const share = moments === undefined ? caller / count : moments.uniform();
        this.#sendAt(caller, Math.round(share * stagger.over) as Instant);
      } else if (this.#phases !== undefined) this.#sendAt(caller, this.#phases.thereFrom(caller, START));
      else this.#think(caller, START);
    }
  }

  /** When it sends next. One that is not there then sends when it is again. */
  #think(caller: number, now: Instant): Instant {
    const { stream, think } = this.#callers[caller]!;
    this.#turn = stream;
    const thought = after(now, seconds(this.cuts.thinkTime(think.sample(), LONGEST_THOUGHT)));
    const at = this.#phases === undefined ? thought : this.#phases.thereFrom(caller, thought);
    this.#sendAt(caller, at);
    return at;
  }

  #sendAt(caller: number, at: Instant): void {
    if (at < NEVER) this.#thinking.schedule(at, Phase.arrival, 0, caller);
  }

  /** Who is refused at once and comes back at once, again and again, leaves the clock where it is. */
  #checkTimePasses(now: Instant): void {
    this.#instantEnds = now === this.#instantEndAt ? this.#instantEnds + 1 : 0;
    this.#instantEndAt = now;
    if (this.#instantEnds < MOST_INSTANT_ENDS * this.#callers.length) return;
    throw new SurgefleetError(
      "INVALID_SCENARIO",
      `traffic.${this.name}: its callers are refused at once and, without think time, are back at once, so that ` +
        `time stands still at ${toSeconds(now)} s: give them a think time, a pool that lets them wait, or a client ` +
        "that waits before it tries again",
    );
  }

  /** One caller's own samplers, which may remember what they drew; but tables, which do not, are shared by all. */
  #samplers(stream: Stream): Pick<Caller, "think" | "input" | "output"> {
    const { think, input, output } = this.#options;
    const sampler = (spec: DistributionSpec) =>
      spec.dist === "zipf" || spec.dist === "empirical"
        ? this.#table(spec)
        : createDistribution(spec, stream);
    return { think: sampler(think), input: sampler(input), output: sampler(output) };
  }

  #table(spec: DistributionSpec): Distribution {
    const table = this.#tables.get(spec) ?? createDistribution(spec, this.#turns);
    this.#tables.set(spec, table);
    return table;
  }
}

/** For each caller: far more than may come together by chance. */
const MOST_INSTANT_ENDS = 100;

/** Seconds; a century. Heavy tails go beyond what microseconds can count. */
const LONGEST_THOUGHT = 3e9;
