// The demand half of a random world: lengths of every family, heavy tails among them, and sources with their
// accounts, mixes and impatient clients.

import { CLIENTS } from "../../src/core/demand/clients/registry.js";
import { ownersOf } from "../../src/core/document/any-options.js";
import { namesOf } from "../../src/core/document/definition.js";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { type Draw, micros } from "./draw.js";
import { traceName } from "./random-trace.js";

type SourceInput = ScenarioInput["traffic"][string];
type LengthInput = NonNullable<SourceInput["input"]>;

export interface Length {
  readonly spec: LengthInput;
  /** Roughly, in tokens: cuts and infinite tails are not accounted for. */
  readonly mean: number;
}

export interface Lengths {
  readonly input: Length;
  readonly output: Length;
}

export function drawLengths(draw: Draw): Lengths {
  return {
    input: drawLength(draw, draw.magnitude(5, 500)),
    // Now and then answers so long that they outgrow what memory their prompts found.
    output: drawLength(draw, draw.chance(0.1) ? draw.magnitude(300, 3000) : draw.magnitude(1, 120)),
  };
}

function drawLength(draw: Draw, about: number): Length {
  const mean = Math.max(1, Math.round(about));
  const specs: readonly LengthInput[] = [
    mean,
    { dist: "constant", value: mean },
    { dist: "exponential", mean },
    { dist: "gamma", mean, cv: draw.magnitude(0.2, 4) },
    { dist: "weibull", mean, shape: draw.magnitude(0.5, 3) },
    { dist: "lognormal", median: mean, sigma: draw.real(0.2, 1.5) },
    { dist: "pareto", minimum: Math.max(1, mean / 4), shape: draw.real(1.05, 3) },
    { dist: "zipf", count: 2 * mean, exponent: draw.real(0, 2) },
    { dist: "empirical", values: [1, mean, 3 * mean], weights: [1, 2, draw.real(0, 1)] },
    {
      dist: "mixture",
      of: [
        { dist: "constant", value: 1, weight: 1 },
        { dist: "lognormal", mean, sigma: 1, weight: draw.real(0.5, 4) },
      ],
    },
  ];
  return { spec: draw.pick(specs), mean };
}

export interface SourceDemand {
  /** Requests per second. */
  readonly rate: number;
  readonly lengths: Lengths;
  /** What callers may ask for: paths, and pairs like "fast0+priority". */
  readonly targets: readonly string[];
  /** About how long a request is served, seconds: what patience is measured against. */
  readonly stay: number;
  readonly maxOutput: number;
  /** Seconds that the world lasts. */
  readonly duration: number;
}

export function drawSource(draw: Draw, demand: SourceDemand): SourceInput {
  const { rate, lengths, maxOutput } = demand;
  const maxInput = Math.ceil(lengths.input.mean * draw.pick([1, 3, 8]));
  return {
    arrivals: draw.chance(0.4)
      ? { process: "poisson", rate }
      : { process: "gamma", rate, cv: draw.magnitude(0.1, 6) },
    accounts: { count: draw.pick([1, 2, 10, 60]), skew: draw.pick([0, 0.5, 1, 2]) },
    ...(maxInput > 1 && draw.chance(0.3) && { prefix: drawPrefix(draw, maxInput) }),
    input: lengths.input.spec,
    output: lengths.output.spec,
    cached: draw.pick([0, 0, 0.5, 0.97, 1]),
    maxInput,
    maxOutput,
    ...drawCallers(draw, demand),
  };
}

/** A source that replays a trace, with sessions that come back. */
export function drawTraceSource(draw: Draw, demand: SourceDemand, seed: string): SourceInput {
  const { rate, duration, lengths, maxOutput } = demand;
  const rows = Math.min(400, Math.max(3, Math.round(rate * duration)));
  const trace = traceName({
    seed,
    rows,
    span: duration * draw.pick([0.5, 1]),
    input: lengths.input.mean,
    output: lengths.output.mean,
    sessions: draw.pick([0, 2, 10, 40]),
    cached: draw.chance(0.2),
  });
  return {
    arrivals: { trace, format: "generic", ...(draw.chance(0.2) && { limit: draw.whole(1, rows) }) },
    cached: draw.pick([0, 0, 0, 0.5]),
    maxOutput,
    ...drawCallers(draw, demand),
  };
}

/** Whom callers ask for, how patient they are, and where they turn to then. */
function drawCallers(draw: Draw, demand: SourceDemand): Pick<SourceInput, "mix" | "client" | "fallback"> {
  const targets = demand.targets.filter(() => draw.chance(0.7));
  const chosen = targets.length > 0 ? targets : [draw.pick(demand.targets)];
  const shares = draw.shares(chosen.length);
  const others = demand.targets.filter((path) => !path.includes("+") && !chosen.includes(path));
  return {
    mix: Object.fromEntries(chosen.map((target, index) => [target, shares[index]!])),
    client: drawClients(draw, demand),
    ...(draw.chance(0.4) && { fallback: others.slice(0, draw.pick([1, 2])) }),
  };
}

/** Sometimes it leaves no more than a token for the prompt itself. */
function drawPrefix(draw: Draw, maxInput: number): NonNullable<SourceInput["prefix"]> {
  return {
    tokens: Math.min(maxInput - 1, Math.round(draw.magnitude(1, 300))),
    applications: draw.pick([1, 2, 12]),
    skew: draw.pick([0, 1]),
  };
}

/** Worlds draw from the first so many: one more name, and every world would be another. To be raised with a new record. */
const DRAWN_CLIENTS = 17;
export const CLIENT_NAMES = namesOf(CLIENTS).slice(0, DRAWN_CLIENTS);
/** Those that no world draws, which tests give to worlds instead. */
export const UNDRAWN_CLIENTS = namesOf(CLIENTS).slice(DRAWN_CLIENTS);
const WITH_DELAY: readonly string[] = ownersOf(CLIENTS, "delay");

/** One client, or several by share of the accounts. */
function drawClients(draw: Draw, demand: SourceDemand): NonNullable<SourceInput["client"]> {
  if (draw.chance(0.1)) return draw.pick(CLIENT_NAMES);
  if (draw.chance(0.7)) return drawClient(draw, demand);
  const shares = draw.shares(draw.pick([2, 3]));
  return shares.map((share) => ({ share, ...drawClient(draw, demand) }));
}

/** Anything that a client can be told, times on the scale of the world: hedges, budgets, work left behind. */
function drawClient(draw: Draw, { stay, duration }: SourceDemand) {
  const kind = draw.chance(0.2)
    ? { stack: [draw.pick(CLIENT_NAMES), draw.pick(CLIENT_NAMES)] }
    : { preset: draw.pick(CLIENT_NAMES) };
  const names = "stack" in kind ? kind.stack : [kind.preset];
  const settings = {
    ...(draw.chance(0.6) && { maxRetries: draw.pick([0, 1, 2, 5]) }),
    ...(draw.chance(0.5) && { timeout: micros(stay * draw.magnitude(0.02, 30)) }),
    ...(draw.chance(0.5) && { onTimeout: draw.pick(["cancel", "abandon"] as const) }),
    ...(draw.chance(0.3) && { hedgeAfter: micros(stay * draw.magnitude(0.02, 3)) }),
  };
  const delay = draw.chance(0.3) && { delay: micros(duration * draw.magnitude(0.001, 0.1)) };
  return {
    ...kind,
    ...settings,
    ...(names.some((name) => WITH_DELAY.includes(name)) && delay),
    ...(draw.chance(0.2) && { budget: { ratio: draw.pick([0, 0.2, 1]), least: draw.pick([0, 3]) } }),
    ...(draw.chance(0.2) && { breaker: drawBreaker(draw, duration) }),
    ...(draw.chance(0.2) && { throttle: { k: draw.pick([1, 2]), window: micros(duration) } }),
  };
}

function drawBreaker(draw: Draw, duration: number) {
  return {
    failures: draw.pick([0.1, 0.5]),
    least: draw.pick([1, 5]),
    window: micros(duration * draw.magnitude(0.01, 1)),
    open: micros(duration * draw.magnitude(0.01, 0.3)),
  };
}
