// A bounded queue with a deadline, and a share of capacity that some paths may not take: while less than its reserve
// is free, a path waits or is shed, so that what is left serves the others. This is the trunk reservation of
// telephony; its blocking has a closed form (birth-death chain, see docs/model.md) that the tests hold it to.
import * as z from "zod";
import { assert } from "../../../base/assert.js";
import { asMap } from "../../../document/raw.js";
import { name, share } from "../../../document/units.js";
import type { RequestFacts } from "../request-facts.js";
import type { PoolSignals } from "../signals.js";
import { checkPaths, definePolicy, lowestOf, type Occupancy, type PathOfPool } from "./policy.js";
import { BOUNDED_QUEUE_DEFAULTS, boundedQueue, TailDrop, type TailDropOptions } from "./tail-drop.js";

export interface TrunkReservationOptions extends TailDropOptions {
  /** By path index: the share of capacity, from 0 up to below 1, that this path may not take. */
  readonly reserve: readonly number[];
  /** What capacity means: sequences, or tokens of KV cache. */
  readonly signal: "slots" | "kv";
}

/** Share of capacity that the lowest rank of a pool leaves to the others when the scenario does not say. */
const DEFAULT_RESERVE = 0.02;

/** Room for the rounding of shares like 0.29 x 100, which is a little below 29 in doubles. */
const ROUNDING = 1e-9;

export class TrunkReservation extends TailDrop {
  override readonly watchesKv: boolean;
  override readonly startsByKv: boolean;
  readonly #reserve: readonly number[];
  readonly #signal: "slots" | "kv";

  constructor(options: TrunkReservationOptions) {
    super(options);
    assert(
      options.reserve.every((share) => share >= 0 && share < 1),
      "a reserve is a share of the whole",
    );
    this.#reserve = options.reserve;
    this.#signal = options.signal;
    this.watchesKv = options.signal === "kv";
    this.startsByKv = this.watchesKv;
  }

  override mayStart(path: number, inputTokens: number, occupancy: Occupancy): boolean {
    return this.#leavesReserve(path, inputTokens, occupancy);
  }

  protected override hasRoom(facts: RequestFacts, signals: PoolSignals): boolean {
    return this.#leavesReserve(facts.path, facts.inputTokens, signals);
  }

  #leavesReserve(path: number, inputTokens: number, inside: Occupancy): boolean {
    const share = this.#reserve[path] ?? 0;
    // In an empty pool a request takes nothing from others, however large it is; and one has to be able to start.
    if (share === 0 || inside.slotsBusy === 0) return true;
    // By prompts and by what has been generated: how long outputs will be is not known.
    if (this.#signal === "kv") return leaves(share, inside.kvUsed + inputTokens, inside.kvTokens);
    return leaves(share, inside.slotsBusy + 1, inside.slots);
  }
}

/** Whether `taken` of `all` leaves the reserve, a share rounded down to whole units: 2 % of 10 slots keep none. */
function leaves(share: number, taken: number, all: number): boolean {
  if (all === Number.POSITIVE_INFINITY) return true;
  return taken <= all - Math.floor(share * all + ROUNDING);
}

/** By path index. */
function reserveOf(
  given: Readonly<Record<string, number>> | undefined,
  paths: readonly PathOfPool[],
): number[] {
  if (given !== undefined) return paths.map((path) => given[path.name] ?? 0);
  return lowestOf(paths).map((isLowest) => (isLowest ? DEFAULT_RESERVE : 0));
}

export const trunkReservation = definePolicy({
  name: "trunk-reservation",
  summary: "As tail-drop, with a share of capacity kept for some.",
  ordersByPriority: true,
  options: {
    reserve: z
      .record(name, share({ below: 1 }))
      .exactOptional()
      .describe(
        "Per path: the share of capacity, in whole slots, that it may not take. Default: 2% for the lowest rank.",
      ),
    signal: z
      .enum(["slots", "kv"])
      .prefault("slots")
      .describe("What capacity means: places in the batch or KV."),
    ...boundedQueue,
  },
  sources: [
    {
      text: "trunk reservation of telephony; its blocking by the birth-death chain of docs/model.md",
      date: "2026-11",
    },
  ],
  defaults: { reserve: "ours", signal: "ours", ...BOUNDED_QUEUE_DEFAULTS },
  check({ reserve }, at, around, report) {
    // None at all is something to say: by default the lowest rank has one.
    if (Object.keys(asMap(reserve)).length > 0) checkPaths(reserve, around, [...at, "reserve"], report);
  },
  create: ({ reserve, ...options }, { paths }) =>
    new TrunkReservation({ ...options, reserve: reserveOf(reserve, paths) }),
});
