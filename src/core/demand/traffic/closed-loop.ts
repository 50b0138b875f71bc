// Closed-loop demand: a fixed number of callers, each of whom thinks, sends a request, waits for its end - an
// answer, or its client giving up - and thinks again. Each draws all it does on a stream of its own, so that what a
// caller sends does not depend on how long others wait; only when it sends depends on the answers it got.
import { after, type Instant, START, seconds } from "../../base/units.js";
import { EventQueue } from "../../kernel/event-queue.js";
import { Phase } from "../../kernel/phase.js";
import { AliasTable } from "../../random/alias-table.js";
import { createDistribution, type Distribution, type DistributionSpec } from "../../random/distribution.js";
import { openStream, type Seed, type Stream } from "../../random/stream.js";
import { zipfWeights } from "../../random/zipf.js";
import type { AccountNames } from "./accounts.js";
import { ApplicationPrefixes } from "./application-prefixes.js";
import type { Contexts } from "./contexts.js";
import { drawTokens } from "./lengths.js";
import { Mix } from "./mix.js";
import { createMoves, type Moves } from "./moves.js";
import type { OpenLoopOptions } from "./open-loop.js";
import type { Arrival, RequestEnd, Source } from "./source.js";

type Lengths = "prefix" | "input" | "output" | "cached" | "maxInput" | "maxOutput";

export interface ClosedLoopOptions
  extends Pick<OpenLoopOptions, "name" | "accounts" | "mix" | "moves" | Lengths> {
  readonly callers: number;
  /** Seconds from the end of a request to the same caller's next, and to its first from the start. */
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
    this.#callers = Array.from({ length: options.callers }, (_, caller) => {
      const stream = openStream(seed, `traffic/${name}/caller-${caller + 1}`);
      const account = indices[shares.pick(stream)]!;
      return { stream, account, ...this.#samplers(stream) };
    });
    this.#prefixes = new ApplicationPrefixes(options.prefix, options.maxInput, contexts);
    for (let caller = 0; caller < options.callers; caller++) this.#think(caller, START);
  }

  get nextAt(): Instant {
    return this.#thinking.nextAt;
  }

  take(arrival: Arrival): void {
    this.#thinking.pop();
    const { subject, time } = this.#thinking;
    const { account, stream, input, output } = this.#callers[subject]!;
    this.#turn = stream;
    const { cached, maxInput, maxOutput } = this.#options;
    arrival.ticket = subject;
    arrival.account = account;
    arrival.inputTokens = drawTokens(input, maxInput);
    this.#prefixes.add(arrival, this.#turn);
    arrival.cachedTokens = Math.floor(arrival.inputTokens * cached);
    arrival.outputTokens = drawTokens(output, maxOutput);
    arrival.maxTokens = maxOutput;
    this.#mix.draw(arrival);
    const moves = this.#moves;
    if (moves !== undefined) moves.readdress(arrival, moves.madeBy(account, time, subject));
  }

  /** The caller of that ticket has what it waited for, or has given up: either way it thinks again. */
  ended({ ticket }: RequestEnd, now: Instant): void {
    this.#think(ticket, now);
  }

  #think(caller: number, now: Instant): void {
    const { stream, think } = this.#callers[caller]!;
    this.#turn = stream;
    const at = after(now, seconds(Math.min(think.sample(), LONGEST_THOUGHT)));
    this.#thinking.schedule(at, Phase.arrival, 0, caller);
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

/** Seconds; a century. Heavy tails go beyond what microseconds can count. */
const LONGEST_THOUGHT = 3e9;
