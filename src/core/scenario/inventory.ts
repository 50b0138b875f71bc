// The GPUs of a scenario: so many of them, or types of nodes with what they cost and on what terms they can be had.
// Knows the shape; what pools need of them is checked in fleet-checks.ts.
import * as z from "zod";
import { type Duration, NO_TIME } from "../base/units.js";
import { count, duration, name, notEmpty, real } from "../document/units.js";
import { expected } from "../document/words.js";
import { type FaultSpec, fault } from "../server/fleet/faults/registry.js";
import { GPU_PRICE_DATE, gpuPrice } from "../server/fleet/gpu-prices.js";
import { gpusOn, MARKETS, type NodeType, undivided } from "../server/fleet/node-type.js";

/** Of a node where nothing is said. */
export const GPUS_PER_NODE = 8;

const nodeType = z
  .strictObject({
    gpu: z
      .string({ error: expected("the kind of GPU, as text") })
      .min(1)
      .exactOptional()
      .describe("Kind of GPU, as H100, H200 or B200: for its price."),
    gpusPerNode: count(1, 1024)
      .prefault(GPUS_PER_NODE)
      .describe("GPUs of a node; more than that are on several whole nodes."),
    count: count(1, 1_000_000).describe("The most nodes of this type."),
    market: z
      .enum(MARKETS)
      .prefault("on-demand")
      .describe(
        "on-demand: paid while used. reserved: up and paid all the time, failures included. spot: taken away now and " +
          "then, by the defaults of the fault spot-reclaim unless a fault says how.",
      ),
    zones: count(1, 1000)
      .prefault(1)
      .describe("Zones that the nodes are spread over, each failing as a whole."),
    price: real({ from: 0, to: 10_000 })
      .exactOptional()
      .describe(`Dollars per GPU-hour; default: by gpu and market, as of ${GPU_PRICE_DATE}.`),
  })
  .superRefine(({ count: nodes, zones }, context) => {
    if (zones <= nodes) return;
    const message = `more zones than nodes (count is ${nodes})`;
    context.addIssue({ code: "custom", path: ["zones"], message, input: zones });
  });

export const inventory = z.union(
  [
    z.strictObject({ gpus: count(1, 100_000_000).describe("GPUs that the pools together may take.") }),
    z.strictObject({
      nodes: z
        .record(name, nodeType)
        .refine(notEmpty, "at least one type of node is needed")
        .describe("Types of nodes, by name; pools take them in this order unless they say otherwise."),
      retry: duration()
        .prefault("60s")
        .describe("Without GPUs an instance asks again after that; 0s: as soon as some are given back."),
    }),
  ],
  { error: expected("GPUs like {gpus: 8}, or {nodes: {h100: {gpu: H100, count: 4}}}") },
);

type InventoryFile = z.output<typeof inventory>;

type Faults = Readonly<Record<string, FaultSpec>>;

/** Spot nodes are taken back now and then, by the default of that, where no fault of the scenario says how. */
export function spotMarkets(file: InventoryFile, faults: Faults): Faults {
  if (!("nodes" in file)) return {};
  const stated = Object.values(faults).filter((one) => one.fault === "spot-reclaim");
  const isStated = (name: string) => stated.some(({ type }) => type === undefined || type === name);
  const types = Object.entries(file.nodes).filter(
    ([name, { market }]) => market === "spot" && !isStated(name),
  );
  return Object.fromEntries(
    types.map(([type]) => [`spot-market-${type}`, fault.parse({ fault: "spot-reclaim", type })]),
  );
}

export interface ResolvedInventory {
  /** In all, at most. */
  readonly gpus: number;
  readonly types: readonly NodeType[];
  readonly retry: Duration;
}

export function resolveInventory(file: InventoryFile): ResolvedInventory {
  if (!("nodes" in file)) return { gpus: file.gpus, types: [undivided(file.gpus)], retry: NO_TIME };
  const types = Object.entries(file.nodes).map(
    ([name, { gpu, gpusPerNode, count: nodes, market, zones, price }]) => ({
      name,
      gpusPerNode,
      nodes,
      zones,
      market,
      isStanding: market === "reserved",
      price: price ?? gpuPrice(gpu, market),
    }),
  );
  const gpus = gpusOn(types);
  return { gpus, types, retry: file.retry };
}
