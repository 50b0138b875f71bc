// What a result holds of the fleet: GPU-seconds by the state of the instances that held them, those that none held
// included. They add up to the GPUs of the inventory, for as long as the measured window was (LAW-15).
import { type ByInstanceState, GPU_STATES, type InstanceStateName } from "../../base/instance-state.js";
import { type Ask, type Sample, unweighted } from "./asks.js";
import type { JudgedFleet } from "./judged.js";
import { SAME, SUM_BY_NAME } from "./pooling.js";
import { cell, columnsOf, type ResultOf, type Row } from "./rows.js";

/** That of GPUs that no instance holds is `free`. */
const STATES: readonly InstanceStateName[] = ["free", ...GPU_STATES];

/** Of columns that summary.csv has in its last row alone: they stand behind all that came before them. */
const PLACE = 9;

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

const GPU_SECONDS: Row<ByInstanceState, "gpu_seconds"> = {
  means:
    "by state of the instances that held them in the measured window; states that did not occur are left out",
  holds: { kind: "counts" },
  pool: SUM_BY_NAME,
  columns: STATES.map((state) => ({
    name: `gpu_seconds_${state}`,
    place: PLACE,
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
  ],
  asks: [GPU_SECONDS_ASK],
};

/** In the order in which a result has them. */
export const FLEET_ROWS = {
  gpus: cell("GPUs in the inventory", "count", SAME),
  gpuSeconds: GPU_SECONDS,
};

export type FleetResult = ResultOf<typeof FLEET_ROWS>;

/** Those of summary.csv, in their order. */
export const FLEET_COLUMNS = columnsOf(FLEET_ROWS);
