import { describe, expect, it } from "vitest";
import type { GpuSheet, ModelShape } from "../../../../src/core/server/profile/file/hardware-keys.js";
import type { RooflineFile } from "../../../../src/core/server/profile/file/roofline-keys.js";
import { layoutOf } from "../../../../src/core/server/profile/parallel.js";
import { machineOf } from "../../../../src/core/server/profile/roofline-machine.js";
import { fullestStage, kvTokensOf } from "../../../../src/core/server/profile/roofline-memory.js";
import { ROOFLINE } from "./files.js";

// 28e6 weights in 2 layers, 1e7 in each of two embeddings; 1,600 bytes of cache a token; a gibibyte.
const shape = ROOFLINE.model as ModelShape;
const SETTINGS = { maxSequences: 8, maxBatchedTokens: 64 };
const MEMORY = 0.9 * 2 ** 30;
const STATES = 64 * 2 * 4 * 1000;
const MIDDLE = 64 * 2 * 3 * 4000;
const SCORES = 8 * 10_000 * 6;

type Parallel = NonNullable<RooflineFile["parallel"]>;
function kvOf(parallel: Parallel, model: ModelShape = shape, more: Partial<RooflineFile> = {}): number {
  const file: RooflineFile = { ...ROOFLINE, ...more, parallel };
  return kvTokensOf(file, machineOf(file, model), undefined, SETTINGS);
}

describe("context that fits", () => {
  it("beside all weights and the largest step of one GPU", () => {
    expect(kvOf({})).toBe(Math.floor((MEMORY - 2 * 48e6 - STATES - MIDDLE - SCORES) / 1600));
  });

  it("beside half of them where two share each layer, each with half of a token's cache", () => {
    expect(kvOf({ tensor: 2 })).toBe(Math.floor((MEMORY - 48e6 - STATES - MIDDLE / 2 - SCORES) / 800));
  });

  it("beside all of them in each of two groups with their own sequences", () => {
    const step = (STATES + MIDDLE + SCORES) / 2;
    expect(kvOf({ data: 2 })).toBe(Math.floor((MEMORY - 2 * 48e6 - step) / 800));
  });

  it("beside the layers of a stage and one embedding, by the stage with the most layers", () => {
    const step = STATES + MIDDLE + SCORES;
    expect(kvOf({ pipeline: 2 })).toBe(Math.floor((MEMORY - 2 * (14e6 + 1e7) - step) / 800));
    const three = { ...shape, layers: 3 };
    expect(kvOf({ pipeline: 2 }, three)).toBe(Math.floor((MEMORY - 2 * (28e6 + 1e7) - step) / 1600));
    expect(fullestStage(machineOf({ ...ROOFLINE, parallel: { pipeline: 2 } }, three))).toBe(2 / 3);
  });

  it("is no less with more GPUs of any kind of sharing, nor with more memory", () => {
    const experts = { count: 8, active: 2, intermediate: 1000 };
    const mla: ModelShape["attention"] = {
      ...{ kind: "mla", heads: 8, queryRank: 100, kvRank: 64 },
      ...{ ropeSize: 16, nopeSize: 32, valueSize: 32 },
    };
    const models = [shape, { ...shape, experts }, { ...shape, attention: mla, experts }];
    const counts = [1, 2, 3, 4, 8, 16];
    const layouts = (["tensor", "pipeline", "data"] as const).map((kind) =>
      counts.map((count) => ({ [kind]: count })),
    );
    const spread = counts.map((count) => ({ data: count, expert: count }));
    for (const model of models) {
      for (const growing of [...layouts, spread]) {
        const tokens = growing.map((parallel) => kvOf(parallel, model));
        expect(tokens).toEqual([...tokens].sort((one, other) => one - other));
      }
      const more = { gpu: { ...(ROOFLINE.gpu as GpuSheet), memory: 2 } };
      expect(kvOf({}, model, more)).toBeGreaterThan(kvOf({}, model));
    }
  });
});

it("a layout of one stage is as full as the model", () => {
  expect(layoutOf({}).pipeline).toBe(1);
  expect(fullestStage(machineOf(ROOFLINE, shape))).toBe(1);
});
