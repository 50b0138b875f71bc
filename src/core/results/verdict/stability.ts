// Whether a scenario comes back from its trigger, over many seeds: near a tipping point the same fleet recovers on one
// seed and stays down on the next, so that one run tells little. Knows results and nothing of how they were made.
import { binomialInterval, type ShareInterval } from "../../stats/binomial-interval.js";
import type { RecoveryVerdict } from "../metrics/judged.js";
import type { Caveat } from "../shape/caveat-kinds.js";
import type { RunResult } from "../shape/result.js";

const CONFIDENCE = 0.95;
/** More stuck seeds than this must be ruled out before a scenario is called stable. */
const MOST_STUCK = 0.5;

export interface SeedOutcome {
  readonly seed: string;
  readonly verdict: RecoveryVerdict;
  /** Seconds; null where goodput never came back. */
  readonly recoveryTime: number | null;
  /** Completed requests per second before the trigger, and after it / before. */
  readonly goodputBefore: number | null;
  readonly goodputAfter: number | null;
  readonly amplification: number | null;
  readonly caveats: readonly Caveat[];
}

/**
 * `stable`: no seed stuck, and enough seeds to rule out that most would be. `metastable`: some stuck and some not.
 * `collapsed`: all stuck. `unclear`: none stuck, but too few that could be judged.
 */
export type StabilityVerdict = "stable" | "metastable" | "collapsed" | "unclear";

export interface StabilityResult {
  readonly scenario: string;
  readonly seeds: readonly SeedOutcome[];
  readonly recovered: number;
  readonly stuck: number;
  /** Runs too short to tell, those still on their way back among them: they count for nothing else. */
  readonly unknown: number;
  /** Share of stuck seeds among those that could be judged, with the exact 95 % interval; null without any. */
  readonly stuckShare: (ShareInterval & { readonly value: number }) | null;
  readonly verdict: StabilityVerdict;
  /** What every seed says besides, as of profiles that are estimates; in other numbers, those of the first. */
  readonly caveats: readonly Caveat[];
}

/**
 * Whether a fleet comes back from its trigger, from what each seed says: stable, metastable, collapsed, or unclear
 * where the seeds that could be judged are too few.
 */
export function stabilityOf(scenario: string, seeds: readonly SeedOutcome[]): StabilityResult {
  const count = (verdict: RecoveryVerdict) => seeds.filter((one) => one.verdict === verdict).length;
  const [recovered, stuck] = [count("recovered"), count("stuck")];
  const judged = recovered + stuck;
  const interval = binomialInterval(stuck, judged, CONFIDENCE);
  return {
    scenario,
    seeds,
    recovered,
    stuck,
    unknown: seeds.length - judged,
    stuckShare: judged === 0 ? null : { value: stuck / judged, ...interval },
    verdict: verdictOf(recovered, stuck, interval),
    caveats: caveatsOver(seeds),
  };
}

/** Counts differ by seed: what every seed tells of in numbers of its own is told in those of the first. */
function caveatsOver(seeds: readonly SeedOutcome[]): Caveat[] {
  const inEvery = (isIt: (other: Caveat) => boolean) => seeds.every(({ caveats }) => caveats.some(isIt));
  return (seeds[0]?.caveats ?? []).flatMap(({ kind, text }) => {
    if (inEvery((other) => other.text === text)) return [{ kind, text }];
    return inEvery((other) => other.kind === kind)
      ? [{ kind, text: `${text}: seed 1 of ${seeds.length}` }]
      : [];
  });
}

function verdictOf(recovered: number, stuck: number, { high }: ShareInterval): StabilityVerdict {
  if (stuck > 0) return recovered > 0 ? "metastable" : "collapsed";
  return high < MOST_STUCK ? "stable" : "unclear";
}

/** What a run says of its seed; a run without a trigger says nothing. */
export function seedOutcome({ seed, recovery, all, ...result }: RunResult): SeedOutcome {
  const { verdict = "unknown", recoveryTime = null, goodputBefore = null } = recovery ?? {};
  const after = recovery?.goodputAfter ?? null;
  const isComparable = after !== null && goodputBefore !== null && goodputBefore > 0;
  const { amplification } = all;
  const goodputAfter = isComparable ? after / goodputBefore : null;
  // It is one of many here.
  const caveats = result.caveats.filter(({ kind }) => kind !== "one-seed");
  return { seed, verdict, recoveryTime, goodputBefore, goodputAfter, amplification, caveats };
}
