// What a trigger did to goodput, in completed requests per second of all tiers, and whether it came back: the table of
// what a result holds of it. How it is told from the history of a run is not known here.
import { type Ask, type AskText, type Sample, unweighted } from "./asks.js";
import { type JudgedRecovery, RECOVERY_VERDICTS, type RecoveryVerdict } from "./judged.js";
import { firstOf, MEAN, meanOfKnown, ratio, SAME } from "./pooling.js";
import { cell, groupOf, type ResultOf, type Row } from "./rows.js";

const VERDICTS = [
  "stuck",
  "recovering",
  "recovered",
  "unknown",
] as const satisfies readonly RecoveryVerdict[];

function recoveryAsk<const Name extends string>(
  text: AskText<Name>,
  read: (recovery: JudgedRecovery) => number | null,
): Ask<Name> {
  const rest = {
    of: "run",
    kind: "value",
    isOfEither: false,
    isBatched: false,
    always: [],
    awaits: "nothing",
  } as const;
  const sample = (recovery: JudgedRecovery | null): Sample => unweighted(recovery && read(recovery));
  return { ...text, ...rest, sample: (run) => sample(run.recovery) };
}

const VERDICT: Row<RecoveryVerdict> = {
  means:
    "`recovered`; `stuck` if goodput stays below `share` for certain; `recovering` if it does while the backlog " +
    "falls so fast that a run five times as long after the trigger would see it gone; `unknown` if chance may be " +
    "behind what is missing, or the run has less than a `window` before the trigger, or ends before 60 s and a " +
    "`window` after it without a recovery",
  holds: { kind: "choice", of: RECOVERY_VERDICTS },
  pool: firstOf(VERDICTS),
  columns: [],
  texts: [],
  asks: [],
};

const isOut = ({ verdict }: Pick<JudgedRecovery, "verdict">) =>
  verdict === "stuck" || verdict === "recovering";

const RECOVERY_TIME: Row<number | null, "recovery_time", Pick<JudgedRecovery, "verdict">> = {
  means:
    "seconds from the trigger's end to the first bin from which goodput, both over the next `window` " +
    "and over all that is left of the run, is at least `share` of before, or misses no more of before than " +
    "chance explains; null if that was never",
  holds: { kind: "measured" },
  pool: {
    name: "mean, none if any is stuck or still recovering",
    pool: (values, from) => (from.rows.some(isOut) ? null : meanOfKnown(values, from)),
  },
  columns: [],
  texts: [],
  asks: [
    recoveryAsk(
      {
        ...{ name: "recovery_time", unit: "seconds", unitText: "s", better: "lower" },
        basis: "after the scenario's trigger; one that never came is longer than any bound",
      },
      ({ verdict, recoveryTime }) => (verdict === "stuck" ? Number.POSITIVE_INFINITY : recoveryTime),
    ),
  ],
};

const GOODPUT_AFTER: Row<number | null, "goodput_after"> = {
  ...cell(
    "from 60 s after its end to the end of arrivals; null for a run that ends before",
    "measured",
    MEAN,
  ),
  asks: [
    recoveryAsk(
      {
        ...{ name: "goodput_after", unit: "ratio", unitText: "ratio", better: "higher" },
        basis: "goodput after the trigger / before",
      },
      ({ goodputBefore, goodputAfter }) =>
        goodputBefore === null || goodputAfter === null ? null : ratio(goodputAfter, goodputBefore),
    ),
  ],
};

const TRIGGER = {
  from: cell("seconds from the start of the run", "count", SAME),
  until: cell("seconds from the start of the run", "count", SAME),
};

/** In the order in which a result has them. */
export const RECOVERY_ROWS = {
  trigger: groupOf("when it began and ended", TRIGGER),
  window: cell("seconds over which goodput is averaged", "count", SAME),
  share: cell("the share of `goodputBefore` at which it is back", "count", SAME),
  goodputBefore: cell(
    "completed requests per second from the end of warm-up to the trigger; null where there is no time between",
    "measured",
    MEAN,
  ),
  goodputDuring: cell("while it lasted", "measured", MEAN),
  goodputAfter: GOODPUT_AFTER,
  recoveryTime: RECOVERY_TIME,
  verdict: VERDICT,
};

export type Recovery = ResultOf<typeof RECOVERY_ROWS>;
