import { describe, expect, it } from "vitest";
import type {
  GpuSheet,
  LinkSheet,
  ModelShape,
} from "../../../../src/core/server/profile/file/hardware-keys.js";
import type { RooflineFile } from "../../../../src/core/server/profile/file/roofline-keys.js";
import { allReduceMillis, allToAllMillis } from "../../../../src/core/server/profile/link.js";
import { collectiveMillis, stageMillis } from "../../../../src/core/server/profile/roofline-collectives.js";
import { machineOf } from "../../../../src/core/server/profile/roofline-machine.js";
import { ROOFLINE } from "./files.js";

// 2 layers, a hidden state of 1,000 numbers; a link of 1e8 bytes a millisecond.
const shape = ROOFLINE.model as ModelShape;
const link = (ROOFLINE.gpu as GpuSheet).link as LinkSheet;
const experts = { count: 8, active: 2, intermediate: 1000, denseLayers: 1 };
const ROWS = 1000;

type Parallel = NonNullable<RooflineFile["parallel"]>;
const machine = (parallel: Parallel, model: ModelShape = shape) =>
  machineOf({ ...ROOFLINE, parallel }, model);

describe("collectives of a pass", () => {
  it("sum the hidden state of all rows twice a layer over tensor GPUs, of each data group its own", () => {
    expect(collectiveMillis(machine({ tensor: 4 }), ROWS)).toBe(4 * allReduceMillis(link, 4, ROWS * 2000));
    expect(collectiveMillis(machine({ tensor: 4, data: 2 }), ROWS)).toBe(
      4 * allReduceMillis(link, 4, (ROWS / 2) * 2000),
    );
  });

  it("are none of one GPU, of data groups alone, or where they are switched off", () => {
    expect(collectiveMillis(machine({}), ROWS)).toBe(0);
    expect(collectiveMillis(machine({ data: 8 }), ROWS)).toBe(0);
    const off = machineOf({ ...ROOFLINE, parallel: { tensor: 8, pipeline: 2 }, collectives: false }, shape);
    expect([collectiveMillis(off, ROWS), stageMillis(off, ROWS)]).toEqual([0, 0]);
  });

  it("send rows to the GPUs of their experts and back, in layers that have them", () => {
    const spread = machine({ data: 4, expert: 4 }, { ...shape, experts });
    // Two experts are on 4 (1 - (3/4)^2) = 1.75 of 4 GPUs on the average. The dense layer is split over all of them.
    const each = (ROWS / 4) * 1.75 * 1000 * 2;
    const expected = allReduceMillis(link, 4, ROWS * 2000) + 2 * allToAllMillis(link, 4, each);
    expect(collectiveMillis(spread, ROWS)).toBeCloseTo(expected, 12);
    const eight = machine({ data: 4, expert: 4 }, { ...shape, experts, expertPrecision: "fp8" });
    expect(collectiveMillis(eight, ROWS)).toBeCloseTo(expected - (0.75 * each) / 2 / 1e8, 12);
  });
});

it("a pipeline hands hidden state and residual on, once for each stage", () => {
  expect(stageMillis(machine({ pipeline: 3 }), ROWS)).toBeCloseTo(3 * (0.02 + 4e6 / 1e8), 12);
  expect(stageMillis(machine({ tensor: 3 }), ROWS)).toBe(0);
});
