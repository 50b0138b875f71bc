// Whether a fleet keeps up with its load: the table of what a result holds of it, and the verdict over replications.
// How the numbers are read from the history of a run is not known here.
import {
  type GoesOn,
  isGrowth,
  meanRise,
  meanStart,
  mostRise,
  type Rise,
  type Start,
} from "../../stats/trend.js";
import { MEAN, meanOfKnown, type PooledFrom, type PoolRule } from "./pooling.js";
import { cell, type ResultOf, type Row } from "./rows.js";

export const LOAD_VERDICTS = ["steady", "warming-up", "growing", "unknown"] as const;
export type LoadVerdict = (typeof LOAD_VERDICTS)[number];

/** By place: numbers of what waits there, or is served. */
type ByPlace = Readonly<Partial<Record<string, number>>>;

/** What is judged; over replications the other rows are means of theirs. */
interface Judged {
  readonly verdict: LoadVerdict;
  readonly perSecond: number | null;
  readonly where: string | null;
}

interface Measured extends Judged {
  readonly growth: ByPlace;
  readonly growthShare: ByPlace;
  readonly lateShare: ByPlace;
  readonly errorShare: ByPlace;
  readonly startOff: number | null;
}

/** Growth by less than this share of what arrives is none, however sure. */
const LEAST_SHARE = 0.005;
/** What may still grow by this share is not known to be steady. */
const MOST_SHARE = 0.1;
/** A start that is off by less leaves no trace worth a word. */
const LEAST_OFF = 0.1;

/**
 * Places that fill up to what they hold, as the sequences in service and callers between attempts do, grow ever slower:
 * there growth has to go on at the end nearly as fast as before, for sure. Queues grow as fast as they are let.
 */
const GOES_ON = {
  queue: { share: 0.25, isSure: false },
  other: { share: 0.6, isSure: true },
} satisfies Record<string, GoesOn>;

export const CALLERS = "callers waiting to retry";
const QUEUE = "queue of ";
const SEQUENCES = "sequences in ";
export const queueOf = (pool: string) => `${QUEUE}${pool}`;
export const sequencesIn = (pool: string) => `${SEQUENCES}${pool}`;

export interface PlaceRise {
  readonly where: string;
  /** As a share of what arrived there. */
  readonly rise: Rise;
  readonly perSecond: number;
}

/** The place that grows most, if any does; `unknown` where some place may, for all that is known. */
export function judgeLoad(places: readonly PlaceRise[], start: Start): Judged {
  const growing = places.filter(({ where, rise }) => {
    const goesOn = where.startsWith(QUEUE) ? GOES_ON.queue : GOES_ON.other;
    return rise.total >= LEAST_SHARE && isGrowth(rise, goesOn);
  });
  const worst = growing.reduce<PlaceRise | undefined>(
    (most, one) => (most === undefined || one.perSecond > most.perSecond ? one : most),
    undefined,
  );
  if (worst !== undefined) return { verdict: "growing", perSecond: worst.perSecond, where: worst.where };
  // What a pool serves at a time has an end.
  const isOpen = places.some(
    ({ where, rise }) => !where.startsWith(SEQUENCES) && mostRise(rise) >= MOST_SHARE,
  );
  if (isOpen || places.length === 0) return UNKNOWN;
  const isOff = start.isBeyondChance && Math.abs(start.off) >= LEAST_OFF;
  return { verdict: isOff ? "warming-up" : "steady", perSecond: null, where: null };
}

const UNKNOWN: Judged = { verdict: "unknown", perSecond: null, where: null };

/** Of a run too short to be looked at. */
export const UNKNOWN_LOAD: Load = {
  ...UNKNOWN,
  growth: {},
  growthShare: {},
  lateShare: {},
  errorShare: {},
  startOff: null,
};

/** Student's test on what each run says, so that swings of the load that differ from seed to seed are no growth. */
function judgedOver({ rows, factors: standFor }: PooledFrom<Measured>): Judged {
  const [first] = rows;
  if (rows.length === 1) return first!;
  const isKnown = ({ growthShare }: Measured) => Object.keys(growthShare).length > 0;
  const known = rows.filter(isKnown);
  const factors = standFor.filter((_, run) => isKnown(rows[run]!));
  if (known.length < 2) return UNKNOWN;
  const places = placesOf(known, factors);
  const over = judgeLoad(
    places,
    meanStart(
      known.map(({ startOff }) => startOff ?? 0),
      factors,
    ),
  );
  if (over.verdict === "growing" || !known.every(({ verdict }) => verdict === "growing")) return over;
  // Two or three seeds say little of how far they differ; where each grows by itself, nothing more is needed.
  const { where } = known[0]!;
  return {
    verdict: "growing",
    where,
    perSecond: places.find((one) => one.where === where)?.perSecond ?? null,
  };
}

/** In a run that leaves a place out nothing grows there. */
function placesOf(runs: readonly Measured[], factors: readonly number[]): PlaceRise[] {
  const names = new Set(runs.flatMap(({ growthShare }) => Object.keys(growthShare)));
  return [...names].map((where) => ({
    where,
    rise: meanRise(
      runs.map(({ growthShare, lateShare, errorShare }) => ({
        total: growthShare[where] ?? 0,
        late: lateShare[where] ?? 0,
        walk: errorShare[where] ?? 0,
      })),
      factors,
    ),
    perSecond: meanOfKnown(
      runs.map(({ growth }) => growth[where] ?? 0),
      { factors },
    )!,
  }));
}

const judged = <Key extends keyof Judged>(key: Key): PoolRule<Judged[Key], Measured> => ({
  name: "Student's one-sided test over replications",
  pool: (_, from) => judgedOver(from)[key],
});

const MEANS: PoolRule<ByPlace> = {
  name: "mean",
  pool: (values, from) => {
    const places = [...new Set(values.flatMap((value) => Object.keys(value)))];
    const ofPlace = (place: string) => values.map((value) => value[place] ?? null);
    const mean = (place: string) => meanOfKnown(ofPlace(place), from)!;
    return Object.fromEntries(places.map((place) => [place, mean(place)]));
  },
};

const VERDICT: Row<LoadVerdict, never, Measured> = {
  means:
    "`steady`; `growing` where more comes than goes, so that what waits grows for as long as the run lasts; " +
    "`warming-up` where the measured window begins lighter or heavier than it goes on; `unknown` where it is too " +
    "short to exclude growth by a tenth of what arrives",
  holds: { kind: "choice", of: LOAD_VERDICTS },
  pool: judged("verdict"),
  ...{ columns: [], texts: [], asks: [] },
};

const PER_SECOND: Row<number | null, never, Measured> = {
  ...cell("requests or sequences per second by which it grows; null unless it does", "measured", MEAN),
  pool: judged("perSecond"),
};

const WHERE: Row<string | null, never, Measured> = {
  means: "the place that grows most: the queue of a pool, the sequences in it, or callers waiting to retry",
  holds: { kind: "optional-text" },
  pool: judged("where"),
  ...{ columns: [], texts: [], asks: [] },
};

/** In the order in which a result has them. */
export const LOAD_ROWS = {
  verdict: VERDICT,
  perSecond: PER_SECOND,
  where: WHERE,
  growth: cell(
    "by place, from the start of the measured window to its end, per second; without a pool that is full at its end",
    "counts",
    MEANS,
  ),
  growthShare: cell("by place, the same as a share of what arrived there", "counts", MEANS),
  lateShare: cell("by place, the same share in the last quarter of the window", "counts", MEANS),
  errorShare: cell("by place, standard error of that share in one run", "counts", MEANS),
  startOff: cell(
    "time in the system at the start of the window over that in its second half, less 1; 0 where it goes on as it " +
      "began for a quarter of the window; null if unknown",
    "measured",
    MEAN,
  ),
};

export type Load = ResultOf<typeof LOAD_ROWS>;
