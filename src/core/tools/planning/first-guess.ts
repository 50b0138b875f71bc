// Where to begin a search: how many replicas a pool needs by Erlang's formulas where a request takes as long beside
// others as alone, and by what a replica can do where it does not. Reckons with means and steady rates only; the
// simulation has the last word.
import { createDistribution } from "../../random/distribution.js";
import { openStream } from "../../random/stream.js";
import type { Scenario } from "../../scenario/schema.js";
import { thresholdsOf } from "../../scenario/thresholds.js";
import { queueBounds } from "../../server/gateway/policies/registry.js";
import { occupationOf } from "../../server/replica/engines.js";

export interface FirstGuess {
  readonly replicas: number;
  /** What it rests on, in a few words. */
  readonly basis: string;
}

interface Flow {
  /** Requests per second, and their mean tokens. */
  readonly rate: number;
  readonly input: number;
  readonly output: number;
}

/** Replicas that a pool needs; null where the rates or lengths of its demand are known to a trace or a model only. */
export function firstGuess(scenario: Scenario, pool: string, demand = 1): FirstGuess | null {
  const spec = scenario.pools[pool];
  const flows = flowsTo(scenario, pool);
  if (spec === undefined || flows === null || flows.length === 0) return null;
  const rate = flows.reduce((sum, flow) => sum + flow.rate, 0);
  const mean = (read: (flow: Flow) => number) =>
    flows.reduce((sum, flow) => sum + flow.rate * read(flow), 0) / rate;
  const requests = { input: mean((flow) => flow.input), output: mean((flow) => flow.output) };
  const occupation = occupationOf(spec.replica, requests, slowestAllowed(scenario, pool));
  const { places, seconds } = occupation;
  const load = rate * demand * seconds;
  if (occupation.isSteady) return theoryGuess(scenario, pool, load, places);
  return { replicas: Math.max(1, Math.ceil(load / (BUSY_SHARE * places))), basis: occupation.basis };
}

/** The probability that a call finds all servers busy where no call waits, by the recursion over servers. */
export function erlangB(servers: number, load: number): number {
  let blocked = 1;
  for (let n = 1; n <= servers; n++) blocked = (load * blocked) / (n + load * blocked);
  return blocked;
}

/** The probability that a call has to wait where all calls that find no free server do. */
export function erlangC(servers: number, load: number): number {
  if (load >= servers) return 1;
  const blocked = erlangB(servers, load);
  return blocked / (1 - (load / servers) * (1 - blocked));
}

/** Servers by the square-root rule: the load, and as many times its root as make `isEnough`, in one pass upwards. */
function leastServers(load: number, isEnough: (servers: number) => boolean): number {
  const root = Math.sqrt(load);
  let below = Math.max(0, Math.floor(load - 3 * root) - 1);
  let enough = Math.max(1, Math.ceil(load + root));
  while (!isEnough(enough)) {
    below = enough;
    enough += Math.max(1, Math.ceil(root));
  }
  while (enough - below > 1) {
    const middle = Math.floor((below + enough) / 2);
    if (isEnough(middle)) enough = middle;
    else below = middle;
  }
  return enough;
}

/** Where no threshold says how much may be shed, and how many may wait. */
const SHED_SHARE = 0.01;
const WAIT_SHARE = 0.2;

/** By the formulas of queueing theory: of loss where nothing may wait, of delay where it may. */
function theoryGuess(scenario: Scenario, pool: string, load: number, places: number): FirstGuess {
  const shed = shedShare(scenario, pool);
  const isLoss = queueBounds(scenario.pools[pool]!.admission).maxQueue === 0;
  const servers = isLoss
    ? leastServers(load, (servers) => erlangB(servers, load) <= (shed ?? SHED_SHARE))
    : leastServers(load, (servers) => erlangC(servers, load) <= WAIT_SHARE);
  const name = isLoss ? "Erlang B" : "Erlang C";
  const erlangs = Number(load.toPrecision(3));
  return { replicas: Math.ceil(servers / places), basis: `${name}, ${erlangs} sequences offered` };
}

/** What is left of a replica's capacity for chance. */
const BUSY_SHARE = 0.85;

/** The tightest bound on a share of refused or failed requests; undefined where there is none above 0. */
function shedShare(scenario: Scenario, pool: string): number | undefined {
  const bounds = thresholdsOn(scenario, pool)
    .filter(({ metric, operator }) => metric === "overloaded_rate" && operator.startsWith("<"))
    .flatMap(({ bound }) => (bound > 0 ? [bound] : []));
  return bounds.length === 0 ? undefined : Math.min(...bounds);
}

/** Tokens a second that the fastest stream must have; 0 where no threshold says. */
function slowestAllowed(scenario: Scenario, pool: string): number {
  const bounds = thresholdsOn(scenario, pool)
    .filter(({ metric, operator }) => metric === "tokens_per_second" && operator.startsWith(">"))
    .map(({ bound }) => bound);
  return Math.max(0, ...bounds);
}

/** Those of tiers that the pool serves, and of all together. */
function thresholdsOn(scenario: Scenario, pool: string) {
  const { paths } = scenario;
  return thresholdsOf(scenario)
    .map(({ parsed }) => parsed)
    .filter(({ tier }) => paths[tier] === undefined || paths[tier].pool === pool);
}

/** What every source sends to the paths of a pool, at its busiest; null where a source does not say. */
function flowsTo(scenario: Scenario, pool: string): Flow[] | null {
  const flows: Flow[] = [];
  for (const source of Object.values(scenario.traffic)) {
    const share = largestShare(scenario, source, pool);
    if (share === 0) continue;
    if (source.kind !== "process") return null;
    const [input, output] = [meanOf(source.input) * (1 - source.cached), meanOf(source.output)];
    const rate = rateOf(source.arrivals);
    if (rate === null || !Number.isFinite(input + output)) return null;
    flows.push({ rate: rate * share, input, output });
  }
  return flows;
}

type AnySource = Scenario["traffic"][string];
type Source = Extract<AnySource, { kind: "process" }>;
type Address = Pick<Source["mix"][number], "model" | "serviceTier">;

/** Of what a source sends: what goes to a pool once all has moved there that moves there, and nothing away. */
function largestShare(scenario: Scenario, { mix, moves = [] }: AnySource, pool: string): number {
  const isThere = (address: Address) => poolOf(scenario, address) === pool;
  const elsewhere = mix.filter((part) => !isThere(part)).map((part) => ({ ...part }));
  let share = mix.reduce((sum, part) => (isThere(part) ? sum + part.share : sum), 0);
  for (const move of moves) {
    for (const part of [...elsewhere]) {
      if (part.model !== move.from.model || part.serviceTier !== move.from.serviceTier) continue;
      const moved = part.share * move.share;
      part.share -= moved;
      if (isThere(move.to)) share += moved;
      else elsewhere.push({ ...part, ...move.to, share: moved });
    }
  }
  return share;
}

function poolOf(scenario: Scenario, { model, serviceTier }: Address): string | undefined {
  return Object.values(scenario.paths).find(
    (path) => path.model === model && path.serviceTier === serviceTier,
  )?.pool;
}

function rateOf(arrivals: Source["arrivals"]): number | null {
  if (arrivals.process === "closed") return null;
  if (arrivals.rate !== undefined) return arrivals.rate * (arrivals.spike?.peak ?? 1);
  const rates = (arrivals.phases ?? []).flatMap((phase) => [
    phase.arrivalRate,
    "rampTo" in phase ? (phase.rampTo ?? 0) : 0,
  ]);
  return Math.max(...rates);
}

function meanOf(spec: Source["input"]): number {
  return createDistribution(spec, openStream("mean", "unused")).mean;
}
