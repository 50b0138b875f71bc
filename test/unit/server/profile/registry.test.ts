import { describe, expect, it } from "vitest";
import { buildProfile } from "../../../../src/core/server/profile/build.js";
import { GPU_NAMES } from "../../../../src/core/server/profile/catalogue.js";
import { parseProfile } from "../../../../src/core/server/profile/file/parse-profile.js";
import { machineOf } from "../../../../src/core/server/profile/machine.js";
import {
  PROFILE_NAMES,
  profileByName,
  profileFileByName,
  resolveProfile,
} from "../../../../src/core/server/profile/registry.js";
import { expectedTokens } from "../../../../src/core/server/profile/speculative.js";
import type { StepProfile } from "../../../../src/core/server/profile/step-profile.js";
import { MEASURED } from "./files.js";

/** Tokens a second of each of so many sequences of 4,096 tokens. */
function rate(profile: StepProfile, sequences: number): number {
  const micros = profile.base(sequences, 0) + profile.slope(sequences) * sequences * 4096;
  return (expectedTokens(profile.tokensPerSequence - 1, profile.acceptance) * 1e6) / micros;
}

describe("profile registry", () => {
  it("finds every profile it names, each with a source and a node", () => {
    const found = PROFILE_NAMES.map(profileByName);
    expect(found.map(({ name }) => name)).toEqual(PROFILE_NAMES);
    expect(found.filter(({ source, node }) => source === "" || node === undefined)).toEqual([]);
  });

  it.each(PROFILE_NAMES)("%s is a file that a user could have written", (name) => {
    const file = profileFileByName(name);
    expect(parseProfile(JSON.stringify(file), `${name}.json`)).toEqual(file);
  });

  it("takes as many GPUs, and as large a budget, as scenarios think", () => {
    const nodes = PROFILE_NAMES.map((name) => [name, profileByName(name)] as const);
    const machines = nodes.map(([name, { node, tokensPerSequence }]) => {
      const { gpus, maxSequences, maxBatchedTokens } = node!;
      return [name, { gpus, maxSequences, maxBatchedTokens, tokensPerSequence, isWhole: true }];
    });
    expect(machines).toEqual(nodes.map(([name]) => [name, machineOf({ profile: name })]));
    const tight = nodes.filter(
      ([, { node, tokensPerSequence }]) => node!.maxBatchedTokens < node!.maxSequences * tokensPerSequence,
    );
    expect(tight.map(([name]) => name)).toEqual([]);
  });

  it("calls measured only what was, on one kind of GPU", () => {
    const measured = PROFILE_NAMES.filter((name) => !profileFileByName(name).estimate);
    expect(measured).toEqual(["llama-3.1-8b-h100", "llama-3.1-70b-tp8-h100", "llama-3.1-8b-fast-h100"]);
  });

  it.each(GPU_NAMES)("has a datasheet of %s: two never hold less than one, and are an estimate", (gpu) => {
    const estimates = [1, 2].map((tensor) =>
      buildProfile({
        ...{ schemaVersion: 1, name: "own", source: "a datasheet", kind: "roofline", estimate: true },
        ...{ model: "llama-3.1-8b", gpu, parallel: { tensor } },
        node: { maxSequences: 64, maxBatchedTokens: 2048 },
      }),
    );
    expect(estimates.map(({ estimate, node }) => [estimate, node?.gpus])).toEqual([
      [true, 1],
      [true, 2],
    ]);
    const [one, two] = estimates.map(({ node }) => node!.kvTokens);
    expect(one).toBeGreaterThan(40_000);
    expect(two).toBeGreaterThan(2 * one!);
  });

  it("says which profiles there are, or which was meant, when asked for another", () => {
    expect(() => profileByName("kimi-k2.6-h200")).toThrow(
      'no step-time profile is named "kimi-k2.6-h200"; did you mean "kimi-k2.6-h200x8"?',
    );
    expect(() => profileByName("tpu")).toThrow(
      'no step-time profile is named "tpu"; there is llama-3.1-8b-h100',
    );
  });

  it("resolves what a scenario gives: a name, four numbers, or a whole file", () => {
    const linear = { base: 1000, perSequence: 1, perContextToken: 1, perPrefillToken: 1 };
    expect(resolveProfile("llama-3.1-8b-h100").name).toBe("llama-3.1-8b-h100");
    expect(resolveProfile(linear).base(2, 3)).toBe(1005);
    expect(resolveProfile(MEASURED).name).toBe("by-hand");
  });
});

const pairs = PROFILE_NAMES.filter((name) => name.includes("-fast-") && !name.startsWith("llama")).map(
  (name) => [name, name.replace("-fast", "")] as const,
);

describe.each(pairs)("%s beside %s", (fastName, standardName) => {
  const [fast, standard] = [profileByName(fastName), profileByName(standardName)];

  it("gives each request 100 tokens/s with its batch full, and at least twice as many as Standard", () => {
    const [quick, plain] = [fast, standard].map((profile) => rate(profile, profile.node!.maxSequences));
    expect(quick).toBeGreaterThan(100);
    expect(quick! / plain!).toBeGreaterThan(2);
  });

  it("pays for it with capacity", () => {
    const [quick, plain] = [fast, standard].map(({ node, ...profile }) => {
      return node!.maxSequences * rate(profile, node!.maxSequences);
    });
    expect(quick).toBeLessThan(plain!);
  });

  it("holds a few long contexts at least", () => {
    expect(Math.min(fast.node!.kvTokens, standard.node!.kvTokens)).toBeGreaterThan(200_000);
  });
});
