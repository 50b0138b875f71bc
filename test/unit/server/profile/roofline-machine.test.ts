import { describe, expect, it } from "vitest";
import { GPU_NAMES, gpuSheet, linkSheet } from "../../../../src/core/server/profile/catalogue.js";
import type { GpuSheet, ModelShape } from "../../../../src/core/server/profile/file/hardware-keys.js";
import type { RooflineFile } from "../../../../src/core/server/profile/file/roofline-keys.js";
import { machineOf, millisOf, millisToRead } from "../../../../src/core/server/profile/roofline-machine.js";
import { ROOFLINE } from "./files.js";

const shape = ROOFLINE.model as ModelShape;
const sheet = ROOFLINE.gpu as GpuSheet;
const machine = (more: Partial<RooflineFile> = {}) => machineOf({ ...ROOFLINE, ...more }, shape);

describe("a machine", () => {
  it("reads what its kind of memory lets it, as a share of what the fitted GPU's does", () => {
    expect(machine().bandwidth).toBe(1e9);
    const gddr7 = machine({ gpu: { ...sheet, memoryKind: "gddr7" } });
    expect(gddr7.bandwidth).toBeCloseTo((1e9 * 0.83) / 0.9, 3);
    const own = machine({ gpu: { ...sheet, memoryKind: "gddr7", reached: 0.45 } });
    expect(own.bandwidth).toBeCloseTo(1e9 / 2, 3);
    expect(millisToRead(1e9, own)).toBeCloseTo(2, 9);
  });

  it("adds less in layers with experts where their kernels are fused, as they are unless said otherwise", () => {
    const { efficiency: _, ...plain } = ROOFLINE;
    const [fused, unfused] = (["fused", "unfused"] as const).map(
      (expertKernels) => machineOf({ ...plain, expertKernels }, shape).efficiency.perExpertLayer,
    );
    expect(machineOf(plain, shape).efficiency.perExpertLayer).toBe(fused);
    expect(fused).toBeLessThan(unfused! / 5);
  });

  it("goes by the latency of its link, unless the file has its own", () => {
    expect(machine({ gpu: { ...sheet, link: "pcie4" } }).link).toEqual(linkSheet("pcie4"));
    expect(machine({ efficiency: { perCollective: 0.5 } }).link.latency).toBe(0.5);
  });
});

it("operations take what the datasheet says", () => {
  expect(millisOf(1e12, sheet, "fp8")).toBe(1);
});

describe.each(GPU_NAMES)("%s", (name) => {
  const gpu = gpuSheet(name);

  it("says where its numbers are from, and when that was written", () => {
    expect(gpu.source).toMatch(/datasheet|specification|as h100/);
    expect(gpu.source).toMatch(/20\d\d|as h100/);
  });

  it("computes no less in fewer bits, and holds a model", () => {
    const { bf16, fp8 = bf16, fp4 = fp8 } = gpu.flops;
    expect([bf16 <= fp8, fp8 <= fp4]).toEqual([true, true]);
    const { efficiency: _, ...plain } = ROOFLINE;
    expect(machineOf({ ...plain, gpu: name }, shape).bandwidth).toBeLessThan(gpu.bandwidth * 1e9);
  });
});
