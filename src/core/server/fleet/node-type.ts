// A type of node: machines of one kind that can be had, and on what terms. Data; what of them is in use, and whether
// they are there, is the inventory's business.

/** How GPUs are paid for, and whether they can be taken away: reserved ones cost whether used or not. */
export const MARKETS = ["on-demand", "reserved", "spot"] as const;
export type Market = (typeof MARKETS)[number];

export interface NodeType {
  readonly name: string;
  readonly gpusPerNode: number;
  /** The most nodes that there can be. */
  readonly nodes: number;
  /** Nodes go by turns to so many zones, each of which can fail as a whole. */
  readonly zones: number;
  readonly market: Market;
  /** Whether nodes are up even where nothing runs on them: others have to be provisioned first. */
  readonly isStanding: boolean;
  /** Dollars per GPU-hour; undefined: not known, and then nothing is said of costs. */
  readonly price: number | undefined;
  /** Whether no fault ever strikes its nodes, nor instances that stand on them; default: they may be struck. */
  readonly isSpared?: boolean;
}

/** GPUs on all nodes of these types. */
export function gpusOn(types: readonly NodeType[]): number {
  return types.reduce((sum, { nodes, gpusPerNode }) => sum + nodes * gpusPerNode, 0);
}

/**
 * The most instances of so many GPUs that there is room for on all nodes of these types, or of those of them that are
 * named: one is within a node, or takes whole ones.
 */
export function roomOn(
  types: readonly NodeType[],
  names: readonly unknown[] | undefined,
  gpus: number,
): number {
  const usable = types.filter(({ name }) => names === undefined || names.includes(name));
  return usable.reduce((sum, { nodes, gpusPerNode }) => {
    if (gpus <= gpusPerNode) return sum + nodes * Math.floor(gpusPerNode / gpus);
    return gpus % gpusPerNode === 0 ? sum + Math.floor(nodes / (gpus / gpusPerNode)) : sum;
  }, 0);
}

/** GPUs without nodes: an instance takes any of them, nothing of them fails, and nothing is known of what they cost. */
export function undivided(gpus: number): NodeType {
  return {
    name: "gpus",
    gpusPerNode: gpus,
    nodes: 1,
    zones: 1,
    market: "on-demand",
    isStanding: true,
    price: undefined,
  };
}
