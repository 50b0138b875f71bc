import { describe, expect, it } from "vitest";
import { modelShape } from "../../../../src/core/server/profile/catalogue.js";
import { type GpuShare, shareOf as shareIn } from "../../../../src/core/server/profile/model-shape.js";
import { layoutOf } from "../../../../src/core/server/profile/parallel.js";

type Shape = Parameters<typeof shareIn>[0];

/** Of so many GPUs that share every layer, or with data-parallel attention. */
const shareOf = (shape: Shape, gpus: number, attention: "tensor" | "data" = "tensor"): GpuShare =>
  shareIn(shape, layoutOf({ gpus, attention }));

/** Parameters of a model, in billions: its bytes in memory if each takes one. */
const billions = (name: string) => {
  const shape = modelShape(name);
  return shareOf({ ...shape, bytes: { weight: 1, cache: 1 } }, 1).residentBytes / 1e9;
};

/** What a token costs in multiplications, in billions of parameters: those that are active. */
const active = (name: string) => {
  const { rowOps, expertRowOps, outputRowOps } = shareOf(modelShape(name), 1);
  return (rowOps + expertRowOps + outputRowOps) / 2e9;
};

// Parameter counts as the publishers state them, in all and active.
describe.each([
  ["llama-3.2-1b", 1.24, 1.24],
  ["llama-3.1-8b", 8.03, 7.5],
  ["llama-3.1-70b", 70.6, 69.5],
  ["qwen3-30b-a3b", 30.5, 3.0],
  ["kimi-k2.6", 1026, 32],
  ["glm-5.1", 744, 40],
  ["deepseek-v4-pro", 1573, 49],
])("%s", (name, whole, each) => {
  it(`has about ${whole} billion parameters, of which a token uses ${each}`, () => {
    expect(Math.abs(billions(name) / whole - 1)).toBeLessThan(0.01);
    expect(Math.abs(active(name) / each - 1)).toBeLessThan(0.05);
  });
});

describe("the share of one GPU", () => {
  const llama = modelShape("llama-3.1-70b");
  const kimi = modelShape("kimi-k2.6");
  const one = shareOf(llama, 1);
  const eight = shareOf(llama, 8);

  it("is an eighth of weights, work and cached heads on eight of them", () => {
    expect(eight.weightBytes * 8).toBeCloseTo(one.weightBytes, 0);
    expect(eight.rowOps * 8).toBeCloseTo(one.rowOps, 0);
    expect([eight.cacheBytes * 8, eight.heads * 8]).toEqual([one.cacheBytes, one.heads]);
  });

  it("caches 128 KiB a token of the 8B model: 32 layers of 8 heads of 128, keys and values in two bytes", () => {
    expect(shareOf(modelShape("llama-3.1-8b"), 1).cacheBytes).toBe(32 * 8 * 128 * 2 * 2);
  });

  it("does not split what small kernels do to the hidden state, since every GPU has all of it", () => {
    expect(eight.activationBytes).toBeGreaterThan(2 * 80 * 10 * 8192);
    expect(eight.activationBytes).toBeLessThan(one.activationBytes);
  });

  it("splits no fewer than one head of keys and values to a GPU", () => {
    expect(shareOf(llama, 16).cacheBytes).toBe(eight.cacheBytes);
  });

  it("holds the whole latent cache on every GPU, unless each has its own sequences", () => {
    const perToken = 61 * (512 + 64) * 2;
    expect(shareOf(kimi, 8).cacheBytes).toBe(perToken);
    expect(shareOf(kimi, 8, "data").cacheBytes).toBe(perToken / 8);
    expect(shareOf(kimi, 8, "data").weightBytes).toBeGreaterThan(3 * shareOf(kimi, 8).weightBytes);
  });

  it("attends to the latent itself when it decodes, and to keys and values in prefill", () => {
    const { pairOps, decodePairOps } = shareOf(kimi, 8);
    expect(pairOps).toBe(61 * 2 * 8 * (128 + 64 + 128));
    expect(decodePairOps).toBe(61 * 2 * 8 * (512 + 64 + 512));
  });

  it("keeps a tied embedding once", () => {
    const { tiedEmbedding, ...untied } = modelShape("llama-3.2-1b");
    expect(tiedEmbedding).toBe(true);
    expect(
      shareOf(untied, 1).residentBytes - shareOf({ ...untied, tiedEmbedding: true }, 1).residentBytes,
    ).toBe(2048 * 128_256 * 2);
  });
});
