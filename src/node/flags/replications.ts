// How many replications are asked for, and on how many processors: the flags that all commands share which repeat a
// scenario. Reads no file and no process.
import { Option } from "@commander-js/extra-typings";
import { SurgefleetError } from "../../core/index.js";
import { type ReplicationPlan, toSeconds } from "../../core/internal.js";
import { time, wholeNumber, wrong } from "./values.js";

/** A number, or "until": until every threshold is decided. */
type Count = number | "until";

export interface ReplicationFlags {
  readonly seeds?: Count | undefined;
  readonly most?: number | undefined;
  /** Seconds. */
  readonly maxTime?: number | undefined;
  readonly workers?: number | undefined;
}

export interface ReplicationSettings {
  /** Null where no flag asks for any. */
  readonly plan: ReplicationPlan | null;
  /** Infinity without a bound. */
  readonly maxSeconds: number;
  /** Undefined: as many as there are processors. */
  readonly workers: number | undefined;
}

/** Replications of an open-ended study where nothing else is said. */
export const DEFAULT_MOST = 100;
export const MOST_REPLICATIONS = 100_000;

const orUntil = wholeNumber(MOST_REPLICATIONS, ', or "until"');

export const seeds = (help: string) =>
  new Option("--seeds <n>", help).argParser<Count>((text) => (text === "until" ? text : orUntil(text)));

/** What the flag was called once, which would else be taken for one that never was. */
export const formerSeeds = () =>
  new Option("--replications [n]")
    .hideHelp()
    .preset("")
    .argParser<never>(() => {
      throw new SurgefleetError("USAGE", "--replications is --seeds now");
    });

export const most = () =>
  new Option("--most <n>", `with until: most replications (default: ${DEFAULT_MOST})`).argParser(
    wholeNumber(MOST_REPLICATIONS),
  );

export const maxTime = (help: string) =>
  new Option("--max-time <time>", help).argParser((text) => {
    const seconds = toSeconds(time(text));
    return seconds > 0 ? seconds : wrong("Write a time above 0, such as 90s, 10m or 1h.");
  });

/** Throws USAGE for flags that contradict each other. */
export function replicationSettings(flags: ReplicationFlags): ReplicationSettings {
  const { seeds: count, most, maxTime, workers } = flags;
  if (count !== "until" && (most !== undefined || maxTime !== undefined)) {
    const flag = most === undefined ? "--max-time" : "--most";
    throw new SurgefleetError("USAGE", `${flag} goes with --seeds until`);
  }
  const fixed: ReplicationPlan | null = typeof count === "number" ? { kind: "fixed", count } : null;
  return {
    plan: count === "until" ? { kind: "decided", most: most ?? DEFAULT_MOST } : fixed,
    maxSeconds: maxTime ?? Number.POSITIVE_INFINITY,
    workers,
  };
}
