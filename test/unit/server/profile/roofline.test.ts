import { describe, expect, it } from "vitest";
import { buildProfile } from "../../../../src/core/server/profile/build.js";
import type {
  GpuSheet,
  LinkSheet,
  ModelShape,
} from "../../../../src/core/server/profile/file/hardware-keys.js";
import { parseProfile } from "../../../../src/core/server/profile/file/parse-profile.js";
import type { RooflineFile } from "../../../../src/core/server/profile/file/roofline-keys.js";
import { shareTouched } from "../../../../src/core/server/profile/measured.js";
import { rooflineNode, rooflinePass } from "../../../../src/core/server/profile/roofline.js";
import { ROOFLINE } from "./files.js";

const shape = ROOFLINE.model as ModelShape;
const sheet = ROOFLINE.gpu as GpuSheet;
const pass = rooflinePass(ROOFLINE);
const NODE = { maxSequences: 8, maxBatchedTokens: 64 };
const INVALID = "is not a valid profile";

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
    // However small, as long as a file says; else, what its link takes.
    const own = { ...two, efficiency: { ...ROOFLINE.efficiency, perCollective: 0.5 } };
    expect(rooflinePass(own).base(10, 1, 0) - rest).toBeCloseTo(4 * (0.5 + 10 * 2e-5), 12);
  });

  it("fills nine tenths of the memory: weights with both embeddings, the largest step, then context", () => {
    const settings = { maxSequences: 8, maxBatchedTokens: 64 };
    // Of 64 tokens, 4 hidden states and 3 rows of the middle, in two bytes; of 8 sequences, all scores in six.
    const step = 64 * 2 * (4 * 1000 + 3 * 4000) + 8 * 6 * 10_000;
    const kvTokens = Math.floor((0.9 * 2 ** 30 - 96e6 - step) / 1600);
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
      "by-hand does not fit: 0.1 GiB of weights and steps a GPU, and 0.0 GiB for them",
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

describe("GPUs that share a model", () => {
  const parallelPass = (parallel: NonNullable<RooflineFile["parallel"]>, more: Partial<RooflineFile> = {}) =>
    rooflinePass({ ...ROOFLINE, collectives: false, ...more, parallel });

  it("by gpus and attention are the same as by their layout", () => {
    const short = rooflinePass({ ...ROOFLINE, gpus: 4, attention: "data" });
    const long = rooflinePass({ ...ROOFLINE, parallel: { data: 4, expert: 4 } });
    expect(long.base(17, 1, 40)).toBe(short.base(17, 1, 40));
    expect(rooflineNode({ ...ROOFLINE, parallel: { tensor: 2, pipeline: 2 }, node: NODE })?.gpus).toBe(4);
  });

  it("in a pipeline take as long for one sequence as one GPU does, and for many as it does for a part of them", () => {
    const two = parallelPass({ pipeline: 2 });
    expect(two.base(1, 1, 0)).toBeCloseTo(pass.base(1, 1, 0), 12);
    expect(two.base(64, 1, 0)).toBeCloseTo(pass.base(32, 1, 0), 12);
    expect(two.base(65, 1, 501)).toBeCloseTo(pass.base(33, 1, 251), 12);
    // Of three sequences two are in one micro-batch: it reads two thirds of their context.
    expect(two.slope(64, 1)).toBeCloseTo(pass.slope(1, 1) / 2, 18);
    expect(two.slope(3, 1)).toBeCloseTo((pass.slope(1, 1) * 2) / 3, 18);
    expect(two.prefill(1e6, 0)).toBeCloseTo(pass.prefill(1e6, 0) / 2, 12);
    expect(two.slope(0, 1) * 0).toBe(0);
  });

  it("in a pipeline are as slow as the stage with the most layers", () => {
    const model = { ...shape, layers: 3 };
    const three = rooflinePass({ ...ROOFLINE, model });
    expect(parallelPass({ pipeline: 2 }, { model }).base(64, 1, 0)).toBeCloseTo(
      (4 / 3) * three.base(32, 1, 0),
      12,
    );
  });

  it("in data groups take as long as one group does for its part, the busiest of them", () => {
    const four = parallelPass({ data: 4 });
    expect(four.base(64, 1, 0)).toBeCloseTo(pass.base(16, 1, 0), 12);
    expect(four.base(65, 1, 0)).toBeCloseTo(pass.base(17, 1, 0), 12);
    expect(four.slope(64, 1)).toBeCloseTo(pass.slope(1, 1) / 4, 18);
    expect(four.slope(1, 1)).toBeCloseTo(pass.slope(1, 1), 18);
  });

  it("are refused by gpus and parallel at once, and with experts over a part of a stage", () => {
    const both = JSON.stringify({ ...ROOFLINE, gpus: 4, parallel: { tensor: 4 } });
    expect(() => parseProfile(both, "both.json")).toThrow(INVALID);
    const part = JSON.stringify({ ...ROOFLINE, parallel: { data: 4, expert: 2 } });
    expect(() => parseProfile(part, "part.json")).toThrow(INVALID);
  });
});

describe("more of anything that a GPU has", () => {
  const layouts: readonly NonNullable<RooflineFile["parallel"]>[] = [
    {},
    { tensor: 4 },
    { pipeline: 3 },
    { data: 4, expert: 4 },
    { tensor: 2, pipeline: 2, data: 2, expert: 4 },
  ];
  const steps = [1, 7, 64, 500].flatMap((decoding) =>
    [0, 1, 300, 4000].map((prefill) => ({ decoding, prefill })),
  );
  const experts = { count: 8, active: 2, intermediate: 1000, denseLayers: 1 };
  const timesOf = (gpu: GpuSheet, parallel: NonNullable<RooflineFile["parallel"]>) => {
    const at = rooflinePass({ ...ROOFLINE, gpu, parallel, model: { ...shape, experts } });
    return steps.map(
      ({ decoding, prefill }) =>
        at.base(decoding, 1, prefill) + at.slope(decoding, 1) * 1e5 + at.prefill(prefill * 1000, 500),
    );
  };

  it.each(layouts)("makes no step slower: %j", (parallel) => {
    const plain = timesOf(sheet, parallel);
    const link = sheet.link as LinkSheet;
    const better: readonly GpuSheet[] = [
      { ...sheet, bandwidth: 2 },
      { ...sheet, flops: { bf16: 3000 } },
      { ...sheet, reached: 1 },
      { ...sheet, link: { ...link, bandwidth: 1000 } },
      { ...sheet, link: { ...link, latency: 0.001 } },
    ];
    for (const gpu of better) {
      const slower = timesOf(gpu, parallel).map((millis, index) => millis - plain[index]!);
      expect(Math.max(...slower)).toBeLessThanOrEqual(0);
    }
  });

  it.each(layouts)("and more sequences or prompt tokens make none quicker: %j", (parallel) => {
    const at = rooflinePass({ ...ROOFLINE, parallel, model: { ...shape, experts } });
    const counts = Array.from({ length: 60 }, (_, index) => Math.round(1.13 ** index));
    const decode = counts.map((count) => at.base(count, 1, 0));
    const mixed = counts.map((count) => at.base(5, 1, count));
    for (const times of [decode, mixed]) {
      expect(times.every((millis, index) => index === 0 || millis >= times[index - 1]! - 1e-12)).toBe(true);
    }
  });
});
