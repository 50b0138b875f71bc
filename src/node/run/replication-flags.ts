// How many replications are asked for, and on how many processors: the flags that all commands share which repeat a
// scenario. Reads no file and no process.
import { type ReplicationPlan, SurgefleetError } from "../../core/index.js";
import { wholeNumber } from "../flags.js";

/** As commander hands them over. */
export interface ReplicationFlags {
  /** A number, or "until": until every threshold is decided. */
  readonly replications?: string;
  readonly most?: string;
  readonly maxTime?: string;
  readonly workers?: string;
}

export interface ReplicationSettings {
  /** Null where no flag asks for any. */
  readonly plan: ReplicationPlan | null;
  /** Infinity without a bound. */
  readonly maxSeconds: number;
  /** Undefined: as many as there are processors. */
  readonly workers: number | undefined;
}

/** Replications of an open-ended study where nobody says otherwise. */
export const DEFAULT_MOST = 100;
const MOST = 100_000;
const MOST_WORKERS = 1024;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** Throws USAGE for flags that contradict each other and for values that make no sense. */
export function replicationSettings(flags: ReplicationFlags): ReplicationSettings {
  const { replications, most, maxTime, workers } = flags;
  const isOpen = replications === "until";
  if (!isOpen && (most !== undefined || maxTime !== undefined)) {
    const flag = most === undefined ? "--max-time" : "--most";
    throw new SurgefleetError("USAGE", `${flag} goes with --replications until`);
  }
  const plan: ReplicationPlan | null = isOpen
    ? { kind: "decided", most: most === undefined ? DEFAULT_MOST : wholeNumber("--most", most, MOST) }
    : replications === undefined
      ? null
      : { kind: "fixed", count: wholeNumber("--replications", replications, MOST, ', or "until"') };
  return {
    plan,
    maxSeconds: maxTime === undefined ? Number.POSITIVE_INFINITY : seconds(maxTime),
    workers: workers === undefined ? undefined : wholeNumber("--workers", workers, MOST_WORKERS),
  };
}

function seconds(text: string): number {
  const [, digits, unit = "s"] = /^(\d+(?:\.\d+)?)([smh])$/.exec(text) ?? [];
  if (digits !== undefined && Number(digits) > 0) return Number(digits) * SECONDS[unit]!;
  throw new SurgefleetError("USAGE", `--max-time is a time like 90s, 10m or 1h, not "${text}"`);
}
