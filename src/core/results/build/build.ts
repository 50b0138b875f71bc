// Builds the result of a run from its ledger: a row per tier, a row for all of them, rows per source and tracked
// account, and the judged thresholds. The pools and the series come ready from the engine.
import { assert } from "../../base/assert.js";
import { evenRisks, type Risks } from "../../stats/ratio.js";
import type { LivesData, SessionTotals } from "../../stats/session-lives.js";
import type { TokenPrice } from "../ledger/account-counts.js";
import { groupsOf } from "../ledger/batch-count.js";
import type { Cohorts } from "../ledger/cohorts.js";
import type { CrossTable } from "../ledger/cross-table.js";
import { ALL_ALIKE, type Ledger } from "../ledger/ledger.js";
import { fleetResult } from "../metrics/fleet.js";
import type { FleetTotals, JudgedFleet, JudgedRun, JudgedSessions } from "../metrics/judged.js";
import { ratio } from "../metrics/pooling.js";
import type { PoolResult } from "../metrics/pools.js";
import type { Work } from "../metrics/run.js";
import type { Series } from "../metrics/series.js";
import { judgedSessions, mergedSessions, sessionResult } from "../metrics/sessions.js";
import { sourceResult, tierResult, trackedResult } from "../metrics/tier.js";
import { accountResults } from "../shape/account-result.js";
import { caveatsOf } from "../shape/caveats.js";
import type { SourceCut } from "../shape/cuts.js";
import { distributionResults } from "../shape/distribution.js";
import type { Reading } from "../shape/reading.js";
import { recoveryOf, type Trigger } from "../shape/recovery.js";
import { RESULT_SCHEMA_VERSION, type RunResult } from "../shape/result.js";
import type { RunEvent } from "../shape/run-events.js";
import { loadOf } from "../shape/sustainability.js";
import { observe, thresholdResult, verdictOf } from "../verdict/evaluate.js";
import { type Measure, measureKey, measureOf, measuresOf, rankedTrends } from "../verdict/measures.js";
import { ALL_TIERS, type StatedThreshold, type Subject, UNROUTED } from "../verdict/threshold.js";
import { estimateOfRun } from "./batch-estimates.js";
import { guardedEstimate, guardedThreshold, type Rows } from "./guards.js";
import { withoutInfinity } from "./pooled.js";
import { placesOf } from "./replicated.js";
import { slicesOf, type TableNames } from "./slices.js";
import { type Judging, risksOf } from "./thresholds.js";

export interface ResultInput {
  readonly scenario: string;
  readonly description: string;
  readonly seed: string;
  readonly partial: boolean;
  /** In the ledger's order; `unrouted`, where the ledger has it, is the last. */
  readonly tiers: readonly { readonly name: string; readonly price: TokenPrice | null }[];
  readonly ledger: Ledger;
  /** Which callers the ledger counts together; left out where it does not tell them apart. */
  readonly cohorts?: Cohorts;
  /** Stretches of the measured window in order of time, each by tier and by source; none if left out. */
  readonly batches?: readonly CrossTable[];
  /** Names of the accounts that the ledger knows by index; the index itself if left out. */
  readonly nameOfAccount?: (account: number) => string;
  readonly pools: readonly PoolResult[];
  readonly fleet: FleetTotals;
  /** Of the sources that have sessions; none if left out. */
  readonly sessions?: readonly { readonly source: string; readonly totals: SessionTotals }[];
  /** Seconds from the start of the run; left out where the scenario has none. */
  readonly trigger?: Trigger | undefined;
  readonly series: Series;
  /** In order of time; none if left out. */
  readonly timeline?: readonly RunEvent[];
  /** Callers between two attempts of a request, by bin of the history; none where that is not known. */
  readonly waiting?: readonly number[];
  readonly thresholds: readonly StatedThreshold[];
  /** What is estimated besides what always is, and what thresholds ask for; nothing if left out. */
  readonly asked?: readonly Subject[] | undefined;
  /** Of the intervals; default 0.95. */
  readonly confidence?: number | undefined;
  /** How thresholds are judged; left out: at one look, by themselves. */
  readonly judging?: Judging;
  /** Whether the result keeps its trends' values and its sessions' lives, to be pooled with others. Default false. */
  readonly isPooled?: boolean | undefined;
  /** Seconds. */
  readonly time: {
    readonly simulated: number;
    readonly warmup: number;
    readonly measured: number;
    /** Length of the part of the measured window in which requests came up. */
    readonly arrivals: number;
  };
  readonly work: Work;
  /** How traces were read; none if left out. */
  readonly reading?: readonly Reading[];
  /** What sources cut; none if left out. */
  readonly cuts?: readonly SourceCut[];
}

export function buildResult(input: ResultInput): RunResult {
  const { scenario, description, seed, partial, pools, series, time, work } = input;
  const {
    ledger,
    cohorts = ALL_ALIKE,
    nameOfAccount = String,
    timeline = [],
    reading = [],
    cuts = [],
  } = input;
  assert(input.tiers.length === ledger.table.tiers, "the ledger has one entry per named tier");
  const { arrivals, ...measuredTime } = time;
  // Before anything else is asked of a sketch: reading quantiles sorts its values, and the last digit of a mean depends
  // on the order in which they are added up.
  const names = { tiers: input.tiers, cohorts, nameOfAccount };
  const { table, tracked, accounts } = ledger;
  const slices = slicesOf({ tables: [table], tracked, accounts, measured: time.measured }, names);
  const all = slices.tier.at(-1)!;
  const sources = cohorts.sources.length > 1 ? slices.source : [];
  const sessions = sessionsOf(input).map((source) => ({ ...source, row: sessionResult(source) }));
  const stretch = { from: time.warmup, until: time.warmup + time.measured };
  const recovery =
    input.trigger === undefined ? null : recoveryOf(series, input.trigger, stretch, input.waiting);
  const fleet = judgedFleet(input, all.columns.generatedTokens, sessions.at(-1));
  const run: JudgedRun = { slices, sessions, recovery, fleet };
  const load = loadOf(series, { from: time.warmup, until: time.warmup + arrivals }, input.waiting, pools);
  const rows = {
    tiers: slices.tier.slice(0, -1).map(tierResult),
    all: tierResult(all),
    sources: sources.map(sourceResult),
    trackedAccounts: slices.account.map(trackedResult),
    sessions: sessions.slice(0, -1).map(({ row }) => row),
    ...{ load, partial },
  };
  const result = {
    schemaVersion: RESULT_SCHEMA_VERSION,
    scenario,
    description,
    seed,
    time: { ...measuredTime, offeredRate: ratio(all.counted.requests.offered, arrivals) },
    ...rows,
    pools,
    fleet: fleetResult(fleet),
    distributions: slices.tier
      .slice(0, -1)
      .flatMap(({ name, columns }) => distributionResults(name, columns)),
    accounts: accountResults(accounts, nameOfAccount),
    recovery,
    series: {
      ...series,
      tiers: series.tiers.filter((one) => one.tier !== UNROUTED || one.attempts.some(isAny)),
    },
    ...(timeline.length > 0 && { timeline }),
    ...judged(input, run, rows, names),
    work,
    ...(reading.length > 0 && { reading }),
    ...(cuts.length > 0 && { cuts }),
  } as const;
  return { ...result, caveats: caveatsOf(result) };
}

/** What the run says of every measure, and of the thresholds. */
function judged(
  input: ResultInput,
  run: JudgedRun,
  rows: Rows,
  names: TableNames,
): Pick<RunResult, "thresholds" | "confidence" | "judgedAt" | "estimates" | "strata" | "replications"> {
  const { seed, thresholds, asked = [], confidence = 0.95 } = input;
  const measures = measuresOf(
    {
      tiers: input.tiers.map(({ name }) => name).filter((name) => name !== UNROUTED),
      sources: rows.sources.map(({ source }) => source),
      accounts: names.cohorts.accounts,
      sessions: rows.sessions.map(({ source }) => source),
      hasPrices: input.fleet.isPriced,
    },
    [...thresholds.map(({ parsed }) => parsed), ...asked],
  );
  const samples = measures.map(({ subject }) => observe(subject, run));
  const batches = batchRuns(input.batches ?? [], names);
  const estimateAt = (index: number, risks: Risks) =>
    estimateOfRun(measures[index]!, samples[index]!, batches(measures[index]!), risks);
  const estimates = measures.map((_, index) => estimateAt(index, evenRisks(confidence)));
  const { judging = { spent: 1, family: Math.max(1, thresholds.length) } } = input;
  const places = placesOf(measures);
  return {
    thresholds: thresholds.map((stated) => {
      const { allowNoData, parsed } = stated;
      const place = places.get(measureKey(measureOf(parsed)))!;
      const estimate = estimateAt(place, risksOf(parsed.operator, judging, confidence));
      const found = thresholdResult(stated, estimate, verdictOf(parsed, estimate, allowNoData));
      return guardedThreshold(rows, parsed, found);
    }),
    confidence,
    judgedAt: 1 - (1 - confidence) * judging.spent,
    estimates: estimates.map((estimate, index) =>
      withoutInfinity(guardedEstimate(rows, measures[index]!.subject, estimate)),
    ),
    strata: null,
    replications: [
      {
        seed,
        values: samples.map(({ value }) => value),
        weights: samples.map(({ weight }) => weight),
        ...(input.isPooled === true && { ranked: rankedTrends(run), lives: livesOf(run) }),
      },
    ],
  };
}

/** Each batch as a run of its own, and so many neighbouring ones taken together; worked out once for each size. */
function batchRuns(batches: readonly CrossTable[], names: TableNames) {
  const bySize = new Map<number, JudgedRun[]>();
  const merged = (size: number): JudgedRun[] => {
    const known = bySize.get(size);
    if (known !== undefined) return known;
    const runs: JudgedRun[] = [];
    for (const [from, until] of groupsOf(batches.length, size)) {
      const slices = slicesOf({ tables: batches.slice(from, until), measured: 1 }, names);
      runs.push({ slices, sessions: [], recovery: null, fleet: null });
    }
    bySize.set(size, runs);
    return runs;
  };
  return ({ subject }: Measure) =>
    (size: number) =>
      merged(size).map((run) => observe(subject, run));
}

function livesOf({ sessions }: JudgedRun): Record<string, LivesData> {
  return Object.fromEntries(sessions.map(({ source, totals }) => [source, totals.lives.data()]));
}

/** The fleet with what was got for what it cost. */
function judgedFleet({ fleet, time }: ResultInput, tokens: number, all?: JudgedSessions): JudgedFleet {
  const { bill, ...rest } = fleet;
  if (bill === null) return { ...rest, costs: null };
  const sessions = all === undefined ? null : all.totals.lives.finishedCount;
  return { ...rest, costs: { ...bill, hours: time.measured / SECONDS_PER_HOUR, tokens, sessions } };
}

const SECONDS_PER_HOUR = 3600;
const isAny = (count: number) => count > 0;

/** A row per source, and one for all of them together, which is the last. */
function sessionsOf({ sessions = [], tiers }: ResultInput): JudgedSessions[] {
  if (sessions.length === 0) return [];
  const isPriced = tiers.some(({ price }) => price !== null);
  const all = { source: ALL_TIERS, totals: mergedSessions(sessions.map(({ totals }) => totals)) };
  return [...sessions, all].map(({ source, totals }) => judgedSessions(source, totals, isPriced));
}
