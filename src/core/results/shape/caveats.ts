// Caveats of a result: how its run was shortened, which estimates it rests on, what it cannot tell. Read off the result
// itself, so that every command and every page says the same. Knows no commands.
import { several } from "../../base/several.js";
import { openShareOfRow } from "../metrics/open-share.js";
import { CAVEAT_KINDS, type Caveat, type CaveatKind } from "./caveat-kinds.js";
import { cutTexts } from "./cuts.js";
import { INTERVAL_METHODS, isOnlyRun } from "./interval-method.js";
import { type Reading, readingTexts } from "./reading.js";
import type { RunResult } from "./result.js";
import { familyOf } from "./run-events.js";

/** Of what began, a share still open that is worth a word. */
const WORTH_TELLING = 0.01;

type Told = Omit<RunResult, "caveats">;

/** In the order of their kinds. */
export function caveatsOf(result: Told): Caveat[] {
  return CAVEAT_KINDS.flatMap((kind) => TEXTS[kind](result).map((text) => ({ kind, text })));
}

const PARTIAL = "the run was cut off: the numbers cover only what had run";

/** What a pool's step times rest on. */
type Grounds = Pick<RunResult["pools"][number], "pool" | "profile" | "estimate" | "uncertainty">;

function estimatedPools(pools: readonly Grounds[]): string[] {
  return pools
    .filter(({ estimate }) => estimate)
    .map(({ pool, profile }) => `the step times of ${pool} (${profile}) are an estimate, not measured`);
}

function spreadPools(pools: readonly Grounds[]): string[] {
  return pools.flatMap(({ pool, profile, uncertainty }) =>
    uncertainty === null || uncertainty === undefined || uncertainty === 0
      ? []
      : [
          `step times of ${pool} (${profile}): +-${percent(uncertainty)} between cards of one make, which no ` +
            "interval here covers",
        ],
  );
}

/** Of what is no result of a run: whether it was cut off, what reading traces did, and which step times it rests on. */
export function caveatsOfGrounds(
  partial: boolean,
  pools: readonly Grounds[],
  readings: readonly Reading[] = [],
): Caveat[] {
  const cut: Caveat[] = partial ? [{ kind: "partial", text: PARTIAL }] : [];
  const read = readings.flatMap(readingTexts).map((text): Caveat => ({ kind: "reading", text }));
  const estimates = estimatedPools(pools).map((text): Caveat => ({ kind: "estimate", text }));
  const spreads = spreadPools(pools).map((text): Caveat => ({ kind: "cards", text }));
  return [...cut, ...read, ...estimates, ...spreads];
}

const percent = (share: number) => `${Number((100 * share).toPrecision(2))} %`;
const number = (value: number) => Number(value.toPrecision(2)).toString();

const TEXTS: Readonly<Record<CaveatKind, (result: Told) => string[]>> = {
  partial: ({ partial }) => (partial ? [PARTIAL] : []),
  reading: ({ reading = [] }) => reading.flatMap(readingTexts),
  "one-seed": (result) =>
    result.replications.length === 1 && !isOnlyRun(result) ? [INTERVAL_METHODS["one-seed"].text] : [],
  "only-run": (result) =>
    isOnlyRun(result)
      ? ["nothing is drawn from chance: all seeds give this one run, and intervals are of its batches"]
      : [],
  swings: ({ estimates, replications }) =>
    estimates.some(({ method }) => method === "swings")
      ? [
          `accounts swing: ${replications.length} seeds say too little of rates; 20 chosen by strata would tell`,
        ]
      : [],
  "heavy-tail": ({ estimates }) =>
    estimates.some(({ method }) => method === "heavy-tail")
      ? [
          "a few outputs are so long that they decide mean times, and the runs need not have held one: " +
            "quantiles tell more",
        ]
      : [],
  growing: ({ load: { verdict, where, perSecond } }) =>
    verdict === "growing"
      ? [
          `not sustainable: the ${where} grows by ${number(perSecond ?? 0)}/s, so that times depend on how long the ` +
            "run is",
        ]
      : [],
  "warming-up": (result) => (result.load.verdict === "warming-up" ? [unevenText(result)] : []),
  short: ({ load: { verdict } }) =>
    verdict === "unknown" ? ["the run is too short to tell whether the fleet keeps up"] : [],
  open: ({ tiers, sessions }) => [
    ...tiers.flatMap((row) =>
      (["attempts", "requests"] as const).flatMap((what) => {
        const share = openShareOfRow(row, what);
        if (share <= WORTH_TELLING) return [];
        return [openText(share, `${what} of ${row.tier}`) + (what === "attempts" ? unservedText(row) : "")];
      }),
    ),
    ...sessions.flatMap(({ source, openShare }) =>
      openShare !== null && openShare > WORTH_TELLING ? [openText(openShare, `sessions of ${source}`)] : [],
    ),
  ],
  cut: ({ pools, cuts = [] }) => [...cuts.flatMap(cutTexts), ...pools.flatMap(cutText)],
  estimate: ({ pools }) => estimatedPools(pools),
  cards: ({ pools }) => spreadPools(pools),
};

/** What breaks in the measured window, or is launched in it, changes the fleet whenever the window begins. */
function unevenText({ timeline = [], time: { warmup } }: Told): string {
  const isStirred = timeline.some((event) => familyOf(event) !== "scale" && event.until >= warmup);
  const why = isStirred
    ? "as things happen to the fleet in it, averages are of this window, and a longer warm-up changes none of that"
    : "a longer warm-up would tell more, unless the load is stated to change";
  return `the measured window begins lighter or heavier than it goes on: ${why}`;
}

/** Rates of requests are of those that ended: what never left the queue is in none. Others may have started in vain. */
function unservedText({ outcomes, queueWait }: Told["tiers"][number]): string {
  const unserved = outcomes.in_flight + outcomes.completed + outcomes.evicted - queueWait.count;
  return unserved > 0 ? `: at least ${Math.min(unserved, outcomes.in_flight)} never started` : "";
}

/** Outputs that end where memory does are completed, and shorter than they were to be. */
function cutText({ pool, cutOutputs, cutTokens, kvTokens, replicas }: Told["pools"][number]): string[] {
  if (!(cutOutputs > 0)) return [];
  const room = kvTokens === null || replicas === 0 ? "" : ` of ${Math.round(kvTokens / replicas)} tokens`;
  return [
    `${several(cutOutputs, "output")} of ${pool} ended where the memory${room} of a replica does (finish reason ` +
      `length), ${several(cutTokens, "token")} short of what they were to be: more kvTokens would hold them`,
  ];
}

function openText(share: number, what: string): string {
  return `${percent(share)} of the ${what} had not ended when the run did`;
}
