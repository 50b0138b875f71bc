// Each recorded request beside its own replay, and how far off the simulator is by how much else the engine had to
// do, and by how much there was to prefill. What to calibrate follows from that. Knows requests only.
import { type Compared, compared } from "./compared.js";
import { decodingIntervals, levelsAt } from "./occupancy.js";
import { type RunRequest, timePerToken, timeToFirstToken } from "./run-request.js";

export interface Pair {
  readonly recorded: RunRequest;
  readonly simulated: RunRequest;
}

/** Requests with something in common. */
export interface Group {
  /** Of what they are grouped by, the least and the most among them. */
  readonly from: number;
  readonly to: number;
  readonly requests: number;
  /** Mean over the requests, in seconds. */
  readonly mean: Compared;
}

const GROUPS = 3;
/** Arrivals are written in whole microseconds. */
const NEAR = 2e-6;

/** The requests that both sides have served. */
export function pairsOf(recorded: readonly RunRequest[], simulated: readonly RunRequest[]): Pair[] {
  const [ours, theirs] = [[...simulated].sort(byIdentity), [...recorded].sort(byIdentity)];
  const pairs: Pair[] = [];
  for (let one = 0, other = 0; one < theirs.length && other < ours.length; ) {
    const [measured, modelled] = [theirs[one]!, ours[other]!];
    const order = orderOf(measured, modelled);
    if (order === 0) pairs.push({ recorded: measured, simulated: modelled });
    if (order <= 0) one++;
    if (order >= 0) other++;
  }
  return pairs;
}

function orderOf(a: RunRequest, b: RunRequest): number {
  if (Math.abs(a.arrival - b.arrival) > NEAR) return a.arrival - b.arrival;
  return a.promptTokens - b.promptTokens || a.outputTokens - b.outputTokens;
}

/** By the microsecond, so that the order is one; then by lengths. */
function byIdentity(a: RunRequest, b: RunRequest): number {
  const [one, other] = [Math.round(a.arrival * 1e6), Math.round(b.arrival * 1e6)];
  return one - other || a.promptTokens - b.promptTokens || a.outputTokens - b.outputTokens;
}

/** Time per token in thirds, by how many sequences decoded when the request began to. */
export function tokenTimeByBatch(pairs: readonly Pair[]): Group[] {
  const timed = pairs.filter(({ recorded }) => recorded.outputTokens > 1);
  const sorted = [...timed].sort((a, b) => a.recorded.firstToken - b.recorded.firstToken);
  const levels = levelsAt(
    decodingIntervals(sorted.map(({ recorded }) => recorded)),
    sorted.map(({ recorded }) => recorded.firstToken),
  );
  const batch = new Map(sorted.map((pair, index) => [pair, levels[index]!]));
  return groups(
    sorted,
    (pair) => batch.get(pair)!,
    (request) => timePerToken(request) ?? 0,
  );
}

/** Time to first token in thirds, by how much of the prompt had to be computed. */
export function firstTokenByPrompt(pairs: readonly Pair[]): Group[] {
  const computed = ({ recorded }: Pair) => recorded.promptTokens - (recorded.cachedTokens ?? 0);
  return groups(pairs, computed, timeToFirstToken);
}

function groups(
  pairs: readonly Pair[],
  key: (pair: Pair) => number,
  measure: (request: RunRequest) => number,
): Group[] {
  const sorted = [...pairs].sort((a, b) => key(a) - key(b));
  const parts = Array.from({ length: GROUPS }, (_, part) =>
    sorted.slice((part * sorted.length) / GROUPS, ((part + 1) * sorted.length) / GROUPS),
  );
  return parts
    .filter((part) => part.length > 0)
    .map((part) => ({
      from: key(part[0]!),
      to: key(part.at(-1)!),
      requests: part.length,
      mean: compared(
        mean(part.map(({ recorded }) => measure(recorded))),
        mean(part.map(({ simulated }) => measure(simulated))),
      ),
    }));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
