// What became of the sessions of one source: the table of what a result holds of them, and one book for all sources
// together. Counts are of those that began in the measured window. How long a session takes, what it needs and how it
// ends is estimated from all that were under way in the window, each at the ages that lie in it, since long ones do not
// both begin and end in a window (stats/kaplan-meier.ts). Knows books by their numbers.

import { type SessionEstimate, SessionLives, type SessionTotals } from "../../stats/session-lives.js";
import { WeightedDistribution } from "../../stats/weighted-distribution.js";
import {
  type Ask,
  type Asked,
  type AskText,
  ofSource,
  quantile,
  RATE,
  sourceIn,
  unweighted,
  VALUE,
} from "./asks.js";
import type { JudgedSessions } from "./judged.js";
import { ofAllLives, pooledTrend, ratio, SAME, SUM } from "./pooling.js";
import { type ReadRow, type ResultOf, readRows } from "./rows.js";
import { MOST_OPEN, type Summary, weightedSummary } from "./summary.js";

const NO_COLUMNS = { columns: [], texts: [] } as const;
const OF_SESSIONS = { of: "sessions", isOfEither: false, isBatched: false, awaits: "sessions" } as const;

function sessionCount(
  means: string,
  read: (totals: SessionTotals) => number,
): ReadRow<JudgedSessions, number> {
  return {
    means,
    holds: { kind: "count" },
    pool: SUM,
    ...NO_COLUMNS,
    read: ({ totals }) => read(totals),
    asks: [],
  };
}

function sessionTrend<const Name extends string>(
  means: string,
  text: AskText<Name> & Pick<Ask, "always">,
  valuesOf: "durations" | "requests",
): ReadRow<JudgedSessions, Summary, Name> {
  const read = ({ estimate, totals }: JudgedSessions) =>
    new WeightedDistribution(estimate[valuesOf], estimate.open, totals.lives.finishedCount);
  const sample = ofSource((sessions, asked) => {
    const values = read(sessions);
    return { value: aggregated(values, asked), weight: asked.aggregation === "avg" ? values.count : 1 };
  });
  const ranked: Ask["ranked"] = (run, asked) => {
    const sessions = sourceIn(run, asked);
    return sessions && read(sessions).ranked();
  };
  return {
    means,
    holds: { kind: "summary" },
    pool: pooledTrend(text.name),
    ...NO_COLUMNS,
    read: (sessions) => weightedSummary(read(sessions)),
    asks: [{ ...text, ...OF_SESSIONS, kind: "trend", sample, ranked }],
  };
}

const SOURCE: ReadRow<JudgedSessions, string> = {
  means: "traffic source of the scenario",
  holds: { kind: "text" },
  pool: SAME,
  ...NO_COLUMNS,
  read: ({ source }) => source,
  asks: [],
};

function aggregated(values: WeightedDistribution, { aggregation, percentile }: Asked): number | null {
  if (aggregation === "count") return values.count;
  if (aggregation === "avg") return values.meanUpTo(MOST_OPEN);
  if (aggregation === "min") return values.minimum;
  if (aggregation === "max") return values.maximum;
  return values.quantile(aggregation === "med" ? 0.5 : (percentile ?? 50) / 100);
}

const started = ({ startedCount }: SessionTotals) => startedCount;
const open = ({ startedCount, finishedCount, abandonedCount }: SessionTotals) =>
  startedCount - finishedCount - abandonedCount;
/** Ends that were seen in the window. */
const ends = ({ lives }: SessionTotals) => lives.finishedCount + lives.abandonedCount;

/** What a session spends / the chance that it finishes. */
const costOf = ({ spent, finished }: SessionEstimate) => ratio(spent, finished);
const costPerFinished = ({ estimate, isPriced }: JudgedSessions) => (isPriced ? costOf(estimate) : null);

const abandonedOf = ({ finished, abandoned }: SessionEstimate) => ratio(abandoned, finished + abandoned);
const abandonRate = ({ estimate }: JudgedSessions) => abandonedOf(estimate);

const COST: ReadRow<JudgedSessions, number | null, "session_cost"> = {
  means:
    "US dollars that finished and abandoned ones cost together / finished ones: what it takes to get " +
    "one done; an estimate like duration; null without any, or where no path has a price",
  holds: { kind: "measured" },
  pool: ofAllLives(costOf),
  ...NO_COLUMNS,
  read: costPerFinished,
  asks: [
    {
      ...{ name: "session_cost", unit: "dollars", unitText: "US$", better: "lower" },
      ...{ basis: "per finished session", ...OF_SESSIONS, kind: "value", always: [VALUE] },
      sample: ofSource((sessions) => ({
        value: costPerFinished(sessions),
        weight: sessions.totals.lives.finishedCount,
      })),
      ofLives: costOf,
    },
  ],
};

const ABANDON_RATE: ReadRow<JudgedSessions, number | null, "session_abandon_rate"> = {
  means: "the share that is abandoned of those that end, an estimate like duration; null without any",
  holds: { kind: "measured" },
  pool: ofAllLives(abandonedOf),
  ...NO_COLUMNS,
  read: abandonRate,
  asks: [
    {
      ...{ name: "session_abandon_rate", unit: "share", unitText: "share", better: "lower" },
      ...{ basis: "of sessions that ended", ...OF_SESSIONS, kind: "rate", always: [RATE] },
      sample: ofSource((sessions) => ({ value: abandonRate(sessions), weight: ends(sessions.totals) })),
      ofLives: abandonedOf,
    },
  ],
};

/** In the order in which a result has them. */
export const SESSION_ROWS = {
  source: SOURCE,
  started: {
    ...sessionCount("sessions that began", started),
    asks: [
      {
        ...{ name: "sessions", unit: "count", unitText: "sessions", better: "none" },
        ...{
          basis: "that began in the measured window",
          ...OF_SESSIONS,
          kind: "counter",
          always: [],
          awaits: "nothing",
        },
        sample: ofSource(({ totals }) => unweighted(started(totals))),
      },
    ],
  } satisfies ReadRow<JudgedSessions, number, "sessions">,
  finished: sessionCount(
    "of those, that came to their end before the run did",
    ({ finishedCount }) => finishedCount,
  ),
  abandoned: sessionCount(
    "ended early, by a caller whose request had failed for good",
    ({ abandonedCount }) => abandonedCount,
  ),
  open: sessionCount("neither, when the run ended", open),
  openShare: {
    means:
      "of all sessions that begin, those that take longer than any that was seen in the window: nothing is known of " +
      "their ends; null without any",
    holds: { kind: "measured" },
    pool: ofAllLives((estimate) => estimate.open),
    ...NO_COLUMNS,
    read: ({ estimate, totals }) => (started(totals) + ends(totals) > 0 ? estimate.open : null),
    asks: [],
  } satisfies ReadRow<JudgedSessions, number | null>,
  duration: sessionTrend(
    "of finished ones: seconds from the first request to the last answer, a distribution; an estimate from all that " +
      "were under way in the window (Kaplan-Meier), null where it was not seen that far",
    {
      ...{ name: "session_duration", unit: "seconds", unitText: "s", better: "lower" },
      ...{ basis: "of finished sessions", always: [quantile(50)] },
    },
    "durations",
  ),
  requests: sessionTrend(
    "of finished ones: their requests, a distribution; an estimate like duration",
    {
      ...{ name: "session_requests", unit: "ratio", unitText: "requests", better: "none" },
      ...{ basis: "of finished sessions", always: [] },
    },
    "requests",
  ),
  costPerFinished: COST,
  abandonRate: ABANDON_RATE,
};

export type SessionResult = ResultOf<typeof SESSION_ROWS>;

export function judgedSessions(source: string, totals: SessionTotals, isPriced: boolean): JudgedSessions {
  return { source, totals, estimate: totals.lives.estimate(), isPriced };
}

export function sessionResult(sessions: JudgedSessions): SessionResult {
  return readRows(SESSION_ROWS, sessions);
}

/** All sources together. */
export function mergedSessions(all: readonly SessionTotals[]): SessionTotals {
  const sum = (read: (totals: SessionTotals) => number) => all.reduce((so, one) => so + read(one), 0);
  const lives = new SessionLives();
  for (const one of all) lives.merge(one.lives);
  return {
    startedCount: sum((one) => one.startedCount),
    finishedCount: sum((one) => one.finishedCount),
    abandonedCount: sum((one) => one.abandonedCount),
    lives,
  };
}
