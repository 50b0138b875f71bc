// What became of the sessions of one source: of those that began in the measured window. The table of what a result
// holds of them, and one book for all sources together. Knows books by their numbers.
import { QuantileSketch } from "../../stats/quantile-sketch.js";
import { type Ask, type AskText, aggregated, ofSource, quantile, RATE, unweighted, VALUE } from "./asks.js";
import type { JudgedSessions, SessionTotals } from "./judged.js";
import { QUANTILE_MEANS, ratio, ratioOfSums, SAME, SUM, weightedMean } from "./pooling.js";
import { type ReadRow, type ResultOf, readRows } from "./rows.js";
import { type Summary, summary } from "./summary.js";

/** Resolution of the sketches, as their books have it: a microsecond, a request, a millionth of a dollar. */
const UNITS = { duration: 1e-6, requests: 1, cost: 1e-6 } as const;

const NO_COLUMNS = { columns: [], texts: [] } as const;
const OF_SESSIONS = { of: "sessions", isOfEither: false, isBatched: false } as const;

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
  sketchOf: (totals: SessionTotals) => QuantileSketch,
): ReadRow<JudgedSessions, Summary, Name> {
  const sample = ofSource(({ totals }, asked) => unweighted(aggregated(sketchOf(totals), asked)));
  return {
    means,
    holds: { kind: "summary" },
    pool: QUANTILE_MEANS,
    ...NO_COLUMNS,
    read: ({ totals }) => summary(sketchOf(totals)),
    asks: [{ ...text, ...OF_SESSIONS, kind: "trend", sample }],
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

const started = ({ startedCount }: SessionTotals) => startedCount;
const ended = ({ finishedCount, abandonedCount }: SessionTotals) => finishedCount + abandonedCount;

/** What finished and abandoned ones cost together / finished ones. */
function costPerFinished({ totals, isPriced }: JudgedSessions): number | null {
  return isPriced ? ratio(totals.cost.sum + totals.abandonedCost, totals.finishedCount) : null;
}

const COST: ReadRow<JudgedSessions, number | null, "session_cost", { readonly finished: number }> = {
  means:
    "US dollars that finished and abandoned ones cost together / finished ones: what it takes to get " +
    "one done; null without any, or where no path has a price",
  holds: { kind: "measured" },
  pool: weightedMean(({ finished }) => finished),
  ...NO_COLUMNS,
  read: costPerFinished,
  asks: [
    {
      ...{ name: "session_cost", unit: "dollars", unitText: "US$", better: "lower" },
      ...{ basis: "per finished session", ...OF_SESSIONS, kind: "value", always: [VALUE] },
      sample: ofSource((sessions) => unweighted(costPerFinished(sessions))),
    },
  ],
};

type Ended = { readonly finished: number; readonly abandoned: number };

const ABANDON_RATE: ReadRow<JudgedSessions, number | null, "session_abandon_rate", Ended> = {
  means: "abandoned / those that ended; null without any",
  holds: { kind: "measured" },
  pool: ratioOfSums(
    ({ abandoned }) => abandoned,
    ({ finished, abandoned }) => finished + abandoned,
  ),
  ...NO_COLUMNS,
  read: ({ totals }) => ratio(totals.abandonedCount, ended(totals)),
  asks: [
    {
      ...{ name: "session_abandon_rate", unit: "share", unitText: "share", better: "lower" },
      ...{ basis: "of sessions that ended", ...OF_SESSIONS, kind: "rate", always: [RATE] },
      sample: ofSource(({ totals }) => {
        const weight = ended(totals);
        return { value: ratio(totals.abandonedCount, weight), weight };
      }),
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
        ...{ basis: "that began in the measured window", ...OF_SESSIONS, kind: "counter", always: [] },
        sample: ofSource(({ totals }) => unweighted(started(totals))),
      },
    ],
  } satisfies ReadRow<JudgedSessions, number, "sessions">,
  finished: sessionCount("of those, that came to their end", ({ finishedCount }) => finishedCount),
  abandoned: sessionCount(
    "ended early, by a caller whose request had failed for good",
    ({ abandonedCount }) => abandonedCount,
  ),
  open: sessionCount("neither, when the run ended", ({ openCount }) => openCount),
  duration: sessionTrend(
    "of finished ones: seconds from the first request to the last answer, a distribution",
    {
      ...{ name: "session_duration", unit: "seconds", unitText: "s", better: "lower" },
      ...{ basis: "of finished sessions", always: [quantile(50)] },
    },
    ({ duration }) => duration,
  ),
  requests: sessionTrend(
    "of finished ones: their requests, a distribution",
    {
      ...{ name: "session_requests", unit: "ratio", unitText: "requests", better: "none" },
      ...{ basis: "of finished sessions", always: [] },
    },
    ({ requests }) => requests,
  ),
  costPerFinished: COST,
  abandonRate: ABANDON_RATE,
};

export type SessionResult = ResultOf<typeof SESSION_ROWS>;

export function sessionResult(sessions: JudgedSessions): SessionResult {
  return readRows(SESSION_ROWS, sessions);
}

/** All sources together. */
export function mergedSessions(all: readonly SessionTotals[]): SessionTotals {
  const sum = (read: (totals: SessionTotals) => number) => all.reduce((so, one) => so + read(one), 0);
  const merged = (name: keyof typeof UNITS) => {
    const sketch = new QuantileSketch({ unit: UNITS[name] });
    for (const one of all) sketch.merge(one[name]);
    return sketch;
  };
  return {
    startedCount: sum((one) => one.startedCount),
    finishedCount: sum((one) => one.finishedCount),
    abandonedCount: sum((one) => one.abandonedCount),
    openCount: sum((one) => one.openCount),
    duration: merged("duration"),
    requests: merged("requests"),
    cost: merged("cost"),
    abandonedCost: sum((one) => one.abandonedCost),
  };
}
