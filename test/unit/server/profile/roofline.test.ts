import { describe, expect, it } from "vitest";
import { buildProfile } from "../../../../src/core/server/profile/build.js";
import type { GpuSheet, ModelShape } from "../../../../src/core/server/profile/file/hardware-keys.js";
import type { RooflineFile } from "../../../../src/core/server/profile/file/roofline-keys.js";
import { shareTouched } from "../../../../src/core/server/profile/measured.js";
import { rooflineNode, rooflinePass } from "../../../../src/core/server/profile/roofline.js";
import { ROOFLINE } from "./files.js";

const shape = ROOFLINE.model as ModelShape;
const sheet = ROOFLINE.gpu as GpuSheet;
const pass = rooflinePass(ROOFLINE);

describe("a roofline, by hand", () => {
  // 2 layers of 2e6 weights of attention and 12e6 of feed-forward, and an output matrix of 1e7: 76e6 bytes are read in
  // 0.076 ms. A row takes 56e6 operations, 5.6e-5 ms, and 2e-5 more where it decodes; 48,000 numbers are moved for it.
  const moved = (2 * (20_000 + 24_000 + 4000)) / 1e9;

  it("rounds the corner between reading and computing", () => {
    expect(pass.base(1, 1, 0)).toBeCloseTo(Math.hypot(0.076, 7.6e-5) + moved + 0.02, 12);
    expect(pass.base(0, 1, 3000)).toBeCloseTo(Math.hypot(0.076, 0.168) + 3000 * moved + 0.02, 12);
    expect(pass.base(100, 2, 100)).toBeCloseTo(Math.hypot(0.076, 0.0168 + 0.004) + 300 * moved + 0.02, 12);
  });

  it("reads 1,600 bytes of a token's context", () => {
    expect(pass.slope(1, 1)).toBeCloseTo(1.6e-6, 15);
  });

  it("attends at 6,400 operations a pair, unless a chunk has too few queries for 10 processors", () => {
    expect(pass.prefill(1e6, 0)).toBeCloseTo(6.4e-3, 12);
    expect(pass.prefill(0, 1000)).toBeCloseTo((6.4e-9 * 128 * 10 * 1000) / 8, 12);
  });

  it("sums every row's hidden state over the GPUs twice a layer, unless that is switched off", () => {
    const two = { ...ROOFLINE, gpus: 2 };
    const rest = rooflinePass({ ...two, collectives: false }).base(10, 1, 0);
    expect(rooflinePass(two).base(10, 1, 0) - rest).toBeCloseTo(4 * (0.02 + 10 * 2e-5), 12);
  });

  it("fills nine tenths of the memory: weights with both embeddings, then context", () => {
    const settings = { maxSequences: 8, maxBatchedTokens: 64 };
    const kvTokens = Math.floor((0.9 * 2 ** 30 - 96e6) / 1600);
    expect(rooflineNode({ ...ROOFLINE, node: settings })).toEqual({ gpus: 1, kvTokens, ...settings });
    expect(rooflineNode({ ...ROOFLINE, node: { ...settings, kvTokens: 5 } })?.kvTokens).toBe(5);
    expect(rooflineNode(ROOFLINE)).toBe(undefined);
  });

  it("says when the weights do not fit", () => {
    const tiny: RooflineFile = {
      ...ROOFLINE,
      gpu: { ...sheet, memory: 0.05 },
      node: { maxSequences: 8, maxBatchedTokens: 64 },
    };
    expect(() => buildProfile(tiny)).toThrow(
      "by-hand does not fit: 0.1 GiB of weights a GPU, and 0.0 GiB for them",
    );
  });
});

describe("experts", () => {
  const experts = { count: 8, active: 2, intermediate: 1000, shared: 1, denseLayers: 1 };
  const moe = rooflinePass({ ...ROOFLINE, model: { ...shape, experts } });

  it("are read as far as tokens touch them, and computed for every token", () => {
    // Always read: 2 x 2e6 of attention, 12e6 of the dense layer, 3e6 of the shared expert, 8,000 of the router, 1e7.
    const always = 2 * (4e6 + 12e6 + 3e6 + 8000 + 1e7);
    const chosen = 2 * 8 * 3e6;
    const ops = 2 * (4e6 + 12e6 + 3e6 + 8000 + 2 * 3e6 + 1e7);
    const moved = 2 * (20_000 + 3 * (4000 + 3000) + 2 * 2 * 1000 + 4000);
    const expected = (tokens: number) =>
      Math.hypot((always + chosen * shareTouched(2, 8, tokens)) / 1e9, (ops * tokens) / 1e12) +
      (moved * tokens) / 1e9 +
      0.02 +
      0.1;
    expect(moe.base(1, 1, 0)).toBeCloseTo(expected(1), 12);
    expect(moe.base(16, 1, 0)).toBeCloseTo(expected(16), 12);
  });
});

describe("sparse attention", () => {
  const sparse = { tokens: 100, indexHeads: 4, indexSize: 50 };
  const chosen = rooflinePass({ ...ROOFLINE, model: { ...shape, sparse } });

  it("reads so many tokens a sequence, and of the others only the index", () => {
    expect(chosen.base(3, 1, 0) - pass.base(3, 1, 0)).toBeCloseTo(3 * 100 * 1.6e-6, 12);
    expect(chosen.slope(3, 1)).toBeCloseTo(2 * 50 * 1e-9, 15);
  });

  it("multiplies so many pairs for each prefill token, and all pairs in the index", () => {
    expect(chosen.base(0, 1, 10) - pass.base(0, 1, 10)).toBeCloseTo(10 * 100 * 6.4e-9, 12);
    expect(chosen.prefill(1e6, 0)).toBeCloseTo((2 * 2 * 4 * 50 * 1e6) / 1e12, 12);
  });
});

describe("another GPU", () => {
  it("with twice the bandwidth halves what reads, and not what layers take", () => {
    const quick = rooflinePass({ ...ROOFLINE, gpu: { ...sheet, bandwidth: 2 } });
    expect(quick.slope(1, 1)).toBeCloseTo(pass.slope(1, 1) / 2, 15);
    expect(quick.base(1, 1, 0) - 0.02).toBeCloseTo((pass.base(1, 1, 0) - 0.02) / 2, 6);
  });

  it("computes in the next wider precision where it has not the one that is asked for", () => {
    const model: ModelShape = { ...shape, precision: "fp4" };
    const plain = rooflinePass({ ...ROOFLINE, model }).base(0, 1, 5000);
    expect(plain).toBe(pass.base(0, 1, 5000));
    const eight = { ...sheet, flops: { bf16: 1000, fp8: 2000 } };
    const quick = rooflinePass({ ...ROOFLINE, model, gpu: eight });
    expect(quick.base(0, 1, 5000)).toBeLessThan(plain);
    const own = rooflinePass({ ...ROOFLINE, model: { ...shape, precision: "fp8" }, gpu: eight });
    expect(own.base(0, 1, 5000)).toBe(quick.base(0, 1, 5000));
  });
});

describe("a draft", () => {
  const speculative = { tokens: 2, acceptance: 0.7 };

  it("of so many layers of the target takes that share of its layers, and its output matrix", () => {
    const profile = buildProfile({ ...ROOFLINE, speculative: { ...speculative, draft: { layers: 1 } } });
    const one = rooflinePass({ ...ROOFLINE, model: { ...shape, layers: 1 } });
    expect(profile.base(3, 0) / 1000).toBeCloseTo(pass.base(3, 3, 0) + 2 * one.base(3, 1, 0), 12);
  });

  it("of a model with experts has experts, like most of the target's layers", () => {
    const experts = { count: 8, active: 2, intermediate: 1000, denseLayers: 1 };
    const target: RooflineFile = { ...ROOFLINE, model: { ...shape, experts } };
    const profile = buildProfile({ ...target, speculative: { ...speculative, draft: { layers: 1 } } });
    const one = rooflinePass({
      ...ROOFLINE,
      model: { ...shape, layers: 1, experts: { ...experts, denseLayers: 0 } },
    });
    expect(profile.base(3, 0) / 1000).toBeCloseTo(
      rooflinePass(target).base(3, 3, 0) + 2 * one.base(3, 1, 0),
      12,
    );
  });

  it("may be a model of its own, by name or shape, or times", () => {
    const drafts = [{ model: shape }, { model: "llama-3.2-1b" }] as const;
    const [own, named] = drafts.map((draft) =>
      buildProfile({ ...ROOFLINE, speculative: { ...speculative, draft } }),
    );
    expect(own?.base(3, 0)).toBeCloseTo(1000 * (pass.base(3, 3, 0) + 2 * pass.base(3, 1, 0)), 9);
    expect(named?.base(3, 0)).toBeGreaterThan(own!.base(3, 0));
    const times = { base: 1, perSequence: 0, perContextToken: 0, perPrefillToken: 0 };
    const given = buildProfile({ ...ROOFLINE, speculative: { ...speculative, draft: times } });
    expect(given.base(3, 0)).toBeCloseTo(1000 * (pass.base(3, 3, 0) + 2), 9);
  });
});
