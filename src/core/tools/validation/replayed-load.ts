// What a recorded run asks of an engine: every request with its lengths, and when its caller gives it up. What a
// recording does not say of those that it lost is assumed here, and said. Knows no engine.
import { SurgefleetError } from "../../base/errors.js";
import type { LostRequest, Run } from "./run-request.js";

/** One request as it is sent. */
export interface Load {
  readonly arrival: number;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  /** Seconds from its arrival; undefined where its caller waits for ever. */
  readonly giveUpAfter: number | undefined;
}

export interface ReplayedLoad {
  /** By arrival, at least one. */
  readonly requests: readonly Load[];
  readonly notes: readonly string[];
}

/** Waits that differ by less than this share are those of one timeout, seen through what measures it. */
const ONE_TIMEOUT = 0.02;
/** One that was cut off when the load ended is no timeout of all. */
const LEAST_TIMEOUTS = 3;

/**
 * `timeout`, where given, is that of every caller. Without it each caller who gave up does so again after as long, and
 * where several timed out and all of them had waited equally long, that is the timeout of those, too, who were served.
 *
 * Throws INVALID_PARAMETER where no request of the run was served.
 */
export function loadOf({ served, lost }: Run, timeout: number | undefined): ReplayedLoad {
  if (served.length === 0) {
    throw new SurgefleetError(
      "INVALID_PARAMETER",
      "no request of the run was served: there is nothing to compare",
    );
  }
  const notes: string[] = [];
  const common = timeout ?? commonTimeout({ served, lost });
  if (common !== undefined && timeout === undefined) {
    notes.push(
      `all that timed out had waited ${common.toFixed(1)} s: that is taken as every caller's timeout`,
    );
  }
  const untold = lost.filter((one) => one.outputTokens === undefined).length;
  const mean = Math.round(served.reduce((sum, one) => sum + one.outputTokens, 0) / served.length);
  if (untold > 0) {
    notes.push(
      `what the lost had asked for is not recorded (${untold}): taken as the mean of the others, ${mean} tokens`,
    );
  }
  const endless = lost.filter((one) => giveUpOf(one, common) === undefined).length;
  if (endless > 0) {
    notes.push(
      `when the lost were given up is not recorded (${endless}): they are served to their end (--timeout)`,
    );
  }
  const all = [
    ...served.map((one): Load => ({ ...asked(one), outputTokens: one.outputTokens, giveUpAfter: common })),
    ...lost.map(
      (one): Load => ({
        ...asked(one),
        outputTokens: one.outputTokens ?? mean,
        giveUpAfter: giveUpOf(one, common),
      }),
    ),
  ];
  return { requests: all.sort((a, b) => a.arrival - b.arrival), notes };
}

function asked({
  arrival,
  promptTokens,
  cachedTokens = 0,
}: Pick<LostRequest, "arrival" | "promptTokens" | "cachedTokens">) {
  return { arrival, promptTokens, cachedTokens };
}

/** What failed did so when it did; what timed out waits as long as everyone does. */
function giveUpOf({ arrival, ended, outcome }: LostRequest, common: number | undefined): number | undefined {
  const own = ended === undefined ? undefined : ended - arrival;
  if (common === undefined) return own;
  return outcome === "failed" && own !== undefined ? Math.min(own, common) : common;
}

/** The wait of those who timed out, where it is the same for all, and none was served after a longer one. */
function commonTimeout({ served, lost }: Run): number | undefined {
  const waits = lost.flatMap(({ outcome, arrival, ended }) =>
    outcome === "timed_out" && ended !== undefined ? [ended - arrival] : [],
  );
  const least = waits.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
  const most = waits.reduce((one, other) => Math.max(one, other), 0);
  const longest = served.reduce((one, { arrival, finish }) => Math.max(one, finish - arrival), 0);
  const isOne = most - least <= ONE_TIMEOUT * most && longest <= most;
  return waits.length >= LEAST_TIMEOUTS && isOne ? least : undefined;
}
