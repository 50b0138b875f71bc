// Which seeds a study runs, in which order, and after how many of them it may look: one after the other, or blocks that
// were chosen by strata and count only as wholes. Knows neither scenarios nor what a run gives.
import { SurgefleetError } from "../../base/errors.js";
import type { SeedStrata, StrataBlock } from "../../results/shape/result.js";
import { lookSizes } from "../../stats/sequential-looks.js";

export type ReplicationPlan =
  | { readonly kind: "fixed"; readonly count: number }
  /** Until every threshold is decided, but at most so many, and no new ones once the caller says that time is up. */
  | {
      readonly kind: "decided";
      readonly most: number;
      /** Ends once the load grows, and goes on while it is unknown whether it does. Default false. */
      readonly mustKeepUp?: boolean;
      /** How many it looks at first. Default 4. */
      readonly first?: number;
    };

/** Seeds that were chosen together, in the order in which they are to be run. */
export interface ChosenSeeds {
  readonly seeds: readonly string[];
  /** Null where they are any seeds. */
  readonly strata: StrataBlock | null;
}

export interface SeedPlan {
  /** How many there are. */
  readonly most: number;
  /** Numbers of replications after which all of them may be looked at together. */
  readonly looks: readonly number[];
  /** Blocks of seeds, made as they are asked for. */
  blocks(): Iterable<ChosenSeeds>;
}

/** Fewer say nothing of how far replications differ. */
const FIRST_LOOK = 4;

/** Throws USAGE unless the number of replications is a whole number from 1 up. */
export function mostOf(plan: ReplicationPlan): number {
  const most = plan.kind === "fixed" ? plan.count : plan.most;
  if (Number.isSafeInteger(most) && most >= 1) return most;
  throw new SurgefleetError("USAGE", `replications is a whole number from 1 up, got ${most}`);
}

/** `seed/1`, `seed/2`, ... Throws USAGE as `mostOf` does. */
export function plainSeeds(seed: string, plan: ReplicationPlan): SeedPlan {
  const seeds = Array.from({ length: mostOf(plan) }, (_, index) => `${seed}/${index + 1}`);
  return givenSeeds({ seeds, strata: null }, plan.kind === "decided" ? plan.first : undefined);
}

/** One block of seeds that are known already. */
export function givenSeeds(block: ChosenSeeds, first = FIRST_LOOK): SeedPlan {
  const most = block.seeds.length;
  const looks = block.strata === null ? lookSizes(most, Math.min(first, most)) : [most];
  return { most, looks, blocks: () => [block] };
}

/** Those that a study ran, to run something else on the same. */
export function seedsOf(result: {
  readonly replications: readonly { readonly seed: string }[];
  readonly strata?: SeedStrata | null | undefined;
}): SeedPlan {
  const seeds = result.replications.map(({ seed }) => seed);
  const blocks = result.strata?.blocks;
  if (blocks === undefined) return givenSeeds({ seeds, strata: null });
  const ran = blocks.map((strata): ChosenSeeds => {
    const own = new Set(strata.strata.flatMap((stratum) => stratum.seeds));
    return { seeds: seeds.filter((seed) => own.has(seed)), strata };
  });
  return wholeBlocks(
    ran.map((block) => block.seeds.length),
    (block) => ran[block]!,
  );
}

/** Blocks of these sizes, and a look after each. */
export function wholeBlocks(sizes: readonly number[], block: (index: number) => ChosenSeeds): SeedPlan {
  const looks = sizes.map((_, last) => sizes.slice(0, last + 1).reduce((sum, size) => sum + size, 0));
  return {
    most: looks.at(-1) ?? 0,
    looks,
    *blocks() {
      for (let index = 0; index < sizes.length; index++) yield block(index);
    },
  };
}

/**
 * The strata as far as their seeds have run. Of a block that was broken off, what none of its seeds tells of is left
 * out, and the shares of the rest are scaled up. Null where the seeds were not chosen by strata.
 */
export function strataOf(blocks: readonly ChosenSeeds[], ran: readonly string[]): SeedStrata | null {
  const isRun = new Set(ran);
  const seen = blocks.flatMap(({ strata }): StrataBlock[] => {
    if (strata === null) return [];
    const known = strata.strata
      .map(({ share, seeds }) => ({ share, seeds: seeds.filter((seed) => isRun.has(seed)) }))
      .filter(({ seeds }) => seeds.length > 0);
    const total = known.reduce((sum, { share }) => sum + share, 0);
    if (known.length === 0) return [];
    const isWhole = known.length === strata.strata.length;
    const scaled = isWhole ? known : known.map((one) => ({ ...one, share: one.share / total }));
    return [{ candidates: strata.candidates, strata: scaled }];
  });
  return seen.length === 0 ? null : { blocks: seen };
}
