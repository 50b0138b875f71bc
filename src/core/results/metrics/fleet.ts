// What a result holds of the fleet: GPU-seconds by the state of the instances that held them, those that none held and
// those of nodes that were gone included; how all pools together were scaled; and what the GPUs cost. The GPU-seconds
// add up to the GPUs of the inventory, for as long as the measured window was (LAW-15).
import { type ByGpuState, GPU_STATES } from "../../base/instance-state.js";
import { type Ask, type Sample, unweighted } from "./asks.js";
import { GPU_COST_ROWS } from "./gpu-cost.js";
import type { JudgedFleet } from "./judged.js";
import { type PoolRule, SAME, SUM_BY_NAME } from "./pooling.js";
import {
  asksOf,
  cell,
  columnsOf,
  type NamesOf,
  optionalGroup,
  type ReadRow,
  type ReadTable,
  type ResultOf,
  readRows,
} from "./rows.js";
import { SCALING_ROWS } from "./scaling.js";

/** What a GPU is at any time: that of one that no instance holds is `free`, or `gone` with its node. */
const STATES = ["free", ...GPU_STATES, "gone"] as const;

/** Of columns that summary.csv has in its last row alone: they stand behind all that came before them. */
const PLACE = 9;
/** Of those that came later. */
const LATER = 10;
const placeOf = (state: (typeof STATES)[number]) => (state === "gone" ? LATER : PLACE);

/** GPU-seconds of instances, in whatever state. */
function held(fleet: JudgedFleet | null): number | null {
  if (fleet === null) return null;
  return GPU_STATES.reduce((sum, state) => sum + (fleet.gpuSeconds[state] ?? 0), 0);
}

const GPU_SECONDS_ASK: Ask<"gpu_seconds"> = {
  name: "gpu_seconds",
  of: "run",
  kind: "counter",
  unit: "count",
  unitText: "GPU-seconds",
  better: "lower",
  basis: "that instances held in the measured window, in whatever state",
  isOfEither: false,
  isBatched: false,
  awaits: "nothing",
  always: [],
  sample: (run): Sample => unweighted(held(run.fleet)),
};

const GPU_SECONDS: ReadRow<JudgedFleet, ByGpuState, "gpu_seconds"> = {
  means:
    "by state of the instances that held them in the measured window; states that did not occur are left out",
  holds: { kind: "counts" },
  pool: SUM_BY_NAME,
  columns: STATES.map((state) => ({
    name: `gpu_seconds_${state}`,
    place: placeOf(state),
    value: (seconds) => seconds[state] ?? 0,
  })),
  texts: [
    {
      names: "`gpu_seconds_*`",
      place: PLACE,
      unit: "GPU-seconds",
      means:
        "of the whole inventory by [state of the instances](#gpu-seconds) that held them; only in the row `all`",
    },
    {
      names: "`gpu_seconds_gone`",
      place: LATER,
      unit: "GPU-seconds",
      means: "the same of GPUs that no instance held, and whose node was gone",
    },
  ],
  read: ({ gpuSeconds }) => gpuSeconds,
  asks: [GPU_SECONDS_ASK],
};

/** Null unless each replication has it: a sum of some would pass for that of all. */
function inAll<Value>(rule: PoolRule<Value | null>): PoolRule<Value | null> {
  return {
    name: rule.name,
    pool: (values, from) => (values.includes(null) ? null : rule.pool(values, from)),
  };
}

/** A table of what may not be known, with all that thresholds may ask of it. */
function optional<Part, Rows extends ReadTable<Part>>(
  means: string,
  table: Rows,
  partOf: (fleet: JudgedFleet) => Part | null,
): ReadRow<JudgedFleet, ResultOf<Rows> | null, NamesOf<Rows>> {
  const row = optionalGroup(means, table, partOf);
  return {
    ...row,
    pool: inAll(row.pool as PoolRule<ResultOf<Rows> | null>),
    asks: asksOf<NamesOf<Rows>>(table),
  };
}

/** In the order in which a result has them. */
export const FLEET_ROWS = {
  gpus: { ...cell("GPUs in the inventory", "count", SAME), read: ({ gpus }: JudgedFleet) => gpus },
  gpuSeconds: GPU_SECONDS,
  scaling: optional(
    "how all pools together were scaled; null if the run was cut off before the measured window",
    SCALING_ROWS,
    ({ scaling }: JudgedFleet) => scaling,
  ),
  isPriced: {
    ...cell("whether any type of node has a price", "flag", SAME),
    read: ({ isPriced }: JudgedFleet) => isPriced,
  },
  gpuCost: optional(
    "US dollars that GPUs cost in the measured window; null where some were used that have no price",
    GPU_COST_ROWS,
    ({ costs }: JudgedFleet) => costs,
  ),
};

export type FleetResult = ResultOf<typeof FLEET_ROWS>;

export function fleetResult(fleet: JudgedFleet): FleetResult {
  return readRows(FLEET_ROWS, fleet);
}

/** Those of summary.csv, in their order. */
export const FLEET_COLUMNS = columnsOf(FLEET_ROWS);
