// Fits the traffic of a population to the statistics of a trace: what a scenario says of a source, as plain data,
// and how near each part comes. Knows no YAML.
import exp from "@stdlib/math-base-special-exp";
import ln from "@stdlib/math-base-special-ln";
import { SurgefleetError } from "../../base/errors.js";
import { zipfWeights } from "../../random/zipf.js";
import { normalCdf } from "../../stats/normal.js";
import type { QuantileSketch } from "../../stats/quantile-sketch.js";
import { type FittedMixture, fitMixture, fitRounded, logPoints } from "./fit-lognormals.js";
import { fitSwing } from "./fit-swings.js";
import type { TraceProfile, TraceStatistics } from "./profile.js";

/** Keys of a source in a scenario. */
export interface FittedTraffic {
  readonly arrivals: {
    readonly workload: "conv";
    /** Requests per second. */
    readonly rate: number;
    readonly cv: number;
    /** `tau` in seconds. */
    readonly swings: readonly { readonly sigma: number; readonly tau: number }[];
  };
  readonly accounts: { readonly count: number; readonly skew: number };
  readonly archetypes: Readonly<Record<"agent" | "api" | "chat", number>>;
  readonly agent?: object;
  readonly chat?: object;
  readonly api?: object;
  readonly maxInput: number;
  readonly maxOutput: number;
}

/** One comparison of what the trace has with what the fit gives. */
export interface FitLine {
  readonly what: string;
  readonly target: number;
  readonly fitted: number;
  /** Largest difference between distribution functions, where it is about a distribution. */
  readonly ks?: number;
}

export interface Fit {
  readonly traffic: FittedTraffic;
  readonly lines: readonly FitLine[];
  /** What could not be told from the trace, and what was taken instead. */
  readonly notes: readonly string[];
}

const LEAST_ROWS = 200;
const LEAST_SESSIONS = 20;
/** Windows of a minute that burstiness is judged by. */
const LEAST_WINDOWS = 20;
/** Azure's conversation trace, for traces without accounts. */
const DEFAULT_ACCOUNTS = { count: 160, skew: 1.2 };
const DEFAULT_CV = 1.1;
const DEFAULT_PREFIX = 15_000;
const COMPACT_AT = 0.85;
const LEAST_COMPACTIONS = 5;

/**
 * `hasOwnClocks` says that the sessions of the trace start when the reader chose: then their starts are taken for
 * independent. Throws BAD_FIT where the trace is too small to tell.
 */
export function fitTraffic(profile: TraceProfile, statistics: TraceStatistics, hasOwnClocks = false): Fit {
  const { rows, sessions: count, rate } = statistics;
  if (rows < LEAST_ROWS || rate === null) throw tooFew(`${rows} requests`, `${LEAST_ROWS} over some time`);
  const { sessions } = profile;
  if (count > 0 && count < LEAST_SESSIONS) throw tooFew(`${count} sessions`, `${LEAST_SESSIONS}`);
  const lines: FitLine[] = [];
  const notes: string[] = [];
  const shareOfSessions = sessions.rows / rows;
  const hasKinds = sessions.rowsOfKind > 0;
  const accounts = accountsOf(profile, statistics, notes);
  const arrivals = arrivalsOf(statistics, accounts, hasOwnClocks, lines, notes);
  const programs = shareOfSessions < 1 ? { api: apiOf(profile, lines) } : {};
  const callers =
    count === 0
      ? {}
      : hasKinds
        ? { agent: agentOf(profile, rows, lines, notes) }
        : { chat: chatOf(profile, lines) };
  const longest = statistics.input.max ?? 1;
  return {
    traffic: {
      arrivals,
      accounts,
      archetypes: {
        agent: hasKinds ? shareOfSessions : 0,
        api: 1 - shareOfSessions,
        chat: hasKinds ? 0 : shareOfSessions,
      },
      ...programs,
      ...callers,
      maxInput: longest,
      maxOutput: Math.max(1, statistics.output.max ?? 1),
    },
    lines,
    notes,
  };
}

function tooFew(have: string, need: string): SurgefleetError {
  return new SurgefleetError("BAD_FIT", `the trace has ${have}: a fit needs at least ${need}`);
}

function accountsOf(
  profile: TraceProfile,
  { skew }: TraceStatistics,
  notes: string[],
): FittedTraffic["accounts"] {
  const counts = profile.accountCounts;
  if (skew === null) {
    notes.push("the trace names no accounts: 160 of Zipf exponent 1.2 are assumed");
    return DEFAULT_ACCOUNTS;
  }
  if (counts.length === 1) return { count: 1, skew: 0 };
  // The exponent whose weights are as concentrated, by the sum of their squared shares.
  let [low, high] = [0, 6];
  for (let round = 0; round < 40; round++) {
    const middle = (low + high) / 2;
    if (concentration(counts.length, middle) < skew.hhi) low = middle;
    else high = middle;
  }
  return { count: counts.length, skew: rounded((low + high) / 2) };
}

function concentration(count: number, exponent: number): number {
  const weights = zipfWeights(count, exponent);
  let [sum, squares] = [0, 0];
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
  }
  return squares / (sum * sum);
}

function arrivalsOf(
  { rate, burstiness, span, gapCv, sessions }: TraceStatistics,
  accounts: FittedTraffic["accounts"],
  hasOwnClocks: boolean,
  lines: FitLine[],
  notes: string[],
): FittedTraffic["arrivals"] {
  const perSecond = rounded(rate!, 6);
  lines.push({ what: "requests per second", target: rate!, fitted: perSecond });
  const cv =
    accounts.count === 1 && gapCv !== null && sessions === 0 ? Math.max(0.01, rounded(gapCv)) : DEFAULT_CV;
  const independent = { workload: "conv", rate: perSecond, cv, swings: [] } as const;
  const minute = burstiness.find(({ window }) => window === 60)!;
  if (sessions > 0) {
    notes.push(
      hasOwnClocks
        ? "the trace does not say when sessions started: they start independently"
        : "sessions start independently: what they do makes the bursts",
    );
    return independent;
  }
  if (minute.eta === null || minute.windows < LEAST_WINDOWS) {
    notes.push("the trace is too short or its clock too coarse to tell how rates swing: none is assumed");
    return independent;
  }
  const { sigma, tau, eta } = fitSwing({ rate: rate!, span, window: 60, eta: minute.eta, accounts, cv });
  lines.push({ what: "eta in 60 s, median of 15 seeds", target: minute.eta, fitted: eta });
  return { ...independent, swings: sigma > 0 ? [{ sigma, tau }] : [] };
}

function apiOf({ input, output }: TraceProfile, lines: FitLine[]): object {
  return {
    input: mixture("input tokens", input.sketch, lines, 4),
    output: mixture("output tokens", output.sketch, lines, 4),
    accountOffsets: { input: 0, output: 0 },
  };
}

function chatOf({ sessions, output }: TraceProfile, lines: FitLine[]): object {
  const { requests, firstInput, growth, otherGap } = sessions;
  const one = shareUpTo(requests.sketch, 1);
  const mean = Math.max(requests.sketch.mean, one < 1 ? one + 2 * (1 - one) : 1);
  lines.push({ what: "turns per session, mean", target: requests.sketch.mean, fitted: mean });
  return {
    turns: { one: rounded(one), mean: rounded(mean) },
    first: mixture("first prompt", firstInput.sketch, lines),
    ...(growth.sketch.count > 0 ? { growth: single("growth", growth.sketch, lines) } : {}),
    output: mixture("output tokens", output.sketch, lines),
    ...(otherGap.sketch.count > 0
      ? {
          gap: {
            ...single("gap, seconds", otherGap.sketch, lines),
            most: Math.ceil(otherGap.sketch.maximum),
          },
        }
      : {}),
    accountOffsets: { input: 0, output: 0 },
  };
}

function agentOf(profile: TraceProfile, rows: number, lines: FitLine[], notes: string[]): object {
  const { sessions, output } = profile;
  const { turns, requestsPerTurn, firstInput, growth, toolGap, humanGap, between } = sessions;
  const noGrowth = shareUpTo(growth.sketch, 0);
  const ofTurn = fitRounded(requestsPerTurn.sketch, 2);
  const prefix = Math.min(DEFAULT_PREFIX, Math.floor(firstInput.sketch.quantile(0.05)));
  notes.push(`prompts are assumed to begin with ${prefix} tokens that an application shares`);
  if (toolGap.sketch.count + humanGap.sketch.count === 0) {
    notes.push("the trace tells no pauses: those of the workload are taken");
  }
  return {
    turns: { ...roundedPart(fitRounded(turns.sketch, 1)), most: Math.max(10, 4 * turns.sketch.maximum) },
    requests: {
      ...roundedPart(ofTurn),
      one: rounded(sessions.turnsOfSeveral > 0 ? sessions.onesOfSeveral / sessions.turnsOfSeveral : 0),
      most: Math.max(2, 2 * requestsPerTurn.sketch.maximum),
    },
    prefix: { tokens: prefix },
    first: mixture("first prompt", firstInput.sketch, lines),
    ...(growth.sketch.maximum > 0 ? { growth: mixture("growth above 0", growth.sketch, lines) } : {}),
    noGrowth: rounded(noGrowth),
    output: mixture("output tokens", output.sketch, lines),
    ...(toolGap.sketch.maximum > 0 ? { toolGap: mixture("tool gap, seconds", toolGap.sketch, lines) } : {}),
    ...(humanGap.sketch.maximum > 0
      ? {
          humanGap: {
            ...single("human gap, seconds", humanGap.sketch, lines),
            most: Math.ceil(humanGap.sketch.maximum),
          },
        }
      : {}),
    ...contextOf(profile),
    bust: { share: rounded(profile.busts / rows) },
    subAgents: agentsOf(profile),
    sessionOffsets: {
      input: rounded(between.growth.sigma),
      output: rounded(between.output.sigma),
      gap: rounded(between.toolGap.sigma),
    },
    accountOffsets: { input: 0, output: 0 },
  };
}

/** Where contexts end: by what was compacted, and by the sessions that went on beyond. */
function contextOf({ sessions }: TraceProfile): object {
  const { compactedFrom, compactedTo, longest, longestInput } = sessions;
  if (compactedFrom.sketch.count < LEAST_COMPACTIONS) {
    return { maxContext: Math.ceil(longestInput / COMPACT_AT) + 1, largeContext: { share: 0 } };
  }
  const maxContext = Math.ceil(compactedFrom.sketch.quantile(0.75) / COMPACT_AT);
  const beyond = 1 - shareUpTo(longest.sketch, maxContext);
  // Not the longest of all: most that go beyond end before they are full.
  const large = longest.sketch.quantile(1 - beyond / 4);
  return {
    maxContext,
    largeContext: { share: rounded(beyond), tokens: Math.max(maxContext, Math.ceil(large / COMPACT_AT)) },
    compaction: { at: COMPACT_AT, to: roundedPart(fitMixture(compactedTo.sketch, 1).parts[0]!) },
  };
}

function agentsOf({ sessions }: TraceProfile): object {
  const { agentGroups, agentRequests, agentFirst, agentGrowth, agentGap, requestsPerTurn } = sessions;
  const groups = agentGroups.sketch.count;
  if (groups === 0) return { share: 0 };
  const several = requestsPerTurn.sketch.count * (1 - shareUpTo(requestsPerTurn.sketch, 1));
  const largest = Math.min(64, agentGroups.sketch.maximum);
  const counts = Array.from(
    { length: largest },
    (_, index) => shareUpTo(agentGroups.sketch, index + 1) - shareUpTo(agentGroups.sketch, index),
  );
  const part = (sketch: QuantileSketch) => roundedPart(fitMixture(sketch, 1).parts[0]!);
  return {
    share: rounded(Math.min(1, groups / Math.max(1, several))),
    counts: counts.map((share) => rounded(share)),
    requests: rounded(agentRequests.sketch.mean),
    first: part(agentFirst.sketch),
    ...(agentGrowth.sketch.maximum > 0 ? { growth: part(agentGrowth.sketch) } : {}),
    ...(agentGap.sketch.maximum > 0 ? { gap: part(agentGap.sketch) } : {}),
  };
}

function mixture(what: string, sketch: QuantileSketch, lines: FitLine[], most = 3): object[] {
  const fitted = fitMixture(sketch, most);
  lines.push(compared(`${what}, median`, sketch, fitted));
  // Weights have to sum to 1 as written.
  const weights = fitted.parts.map(({ weight }) => Math.max(1, Math.round(weight * 1000)));
  weights[0]! += 1000 - weights.reduce((sum, weight) => sum + weight, 0);
  return fitted.parts.map((part, index) => ({ weight: weights[index]! / 1000, ...roundedPart(part) }));
}

function single(what: string, sketch: QuantileSketch, lines: FitLine[]): { mu: number; sigma: number } {
  const fitted = fitMixture(sketch, 1);
  lines.push(compared(`${what}, median`, sketch, fitted));
  return roundedPart(fitted.parts[0]!);
}

function compared(what: string, sketch: QuantileSketch, { parts, ks }: FittedMixture): FitLine {
  const points = logPoints(sketch);
  const middle = points[Math.floor(points.length / 2)]!;
  return { what, target: exp(middle), fitted: exp(medianOf(parts)), ks };
}

/** Logarithm of the median of a mixture, by halving. */
function medianOf(parts: FittedMixture["parts"]): number {
  let [low, high] = [ln(1e-9), ln(1e9)];
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    const below = parts.reduce(
      (sum, { weight, mu, sigma }) => sum + weight * normalCdf((middle - mu) / sigma),
      0,
    );
    if (below < 0.5) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function shareUpTo(sketch: QuantileSketch, value: number): number {
  const points = 1000;
  let count = 0;
  for (let index = 0; index < points; index++) if (sketch.quantile((index + 0.5) / points) <= value) count++;
  return count / points;
}

function roundedPart({ mu, sigma }: { readonly mu: number; readonly sigma: number }): {
  mu: number;
  sigma: number;
} {
  return { mu: rounded(mu), sigma: rounded(sigma) };
}

function rounded(value: number, digits = 4): number {
  return Number(value.toPrecision(digits));
}
