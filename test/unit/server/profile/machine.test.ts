import { expect, test } from "vitest";
import { engineVersionOf, machineOf, namedVersionOf } from "../../../../src/core/server/profile/machine.js";
import { profileFileByName } from "../../../../src/core/server/profile/registry.js";

const NOTHING_SAID = {
  gpus: 1,
  maxSequences: undefined,
  maxBatchedTokens: 2048,
  tokensPerSequence: 1,
  isWhole: false,
};

test.each<[string, unknown, object]>([
  [
    "of a shipped profile that was measured",
    "llama-3.1-70b-tp8-h100",
    { gpus: 8, maxSequences: 256, isWhole: true },
  ],
  [
    "of a shipped estimate that drafts",
    "kimi-k2.6-fast-h100x16",
    { gpus: 16, maxSequences: 12, tokensPerSequence: 4, isWhole: true },
  ],
  [
    "written out, GPUs with the node",
    { node: { gpus: 2, maxSequences: 7, maxBatchedTokens: 99 } },
    { gpus: 2, maxSequences: 7, maxBatchedTokens: 99, isWhole: true },
  ],
  [
    "written out, GPUs with the model",
    { gpus: 4, speculative: { tokens: 2 } },
    { gpus: 4, tokensPerSequence: 3 },
  ],
  [
    "written out, GPUs by how they share the model",
    { parallel: { tensor: 2, pipeline: 3, data: 4, expert: 8 }, node: { maxSequences: 7 } },
    { gpus: 24, maxSequences: 7, isWhole: true },
  ],
  ["of four numbers", { base: 1, perSequence: 1 }, {}],
  ["of a profile that is not there", "tpu", {}],
  ["of what is no profile at all", 5, {}],
  ["with numbers that are none", { gpus: "two", node: { maxSequences: "x" } }, { isWhole: true }],
])("a machine %s", (_, profile, expected) => {
  expect(machineOf({ profile })).toEqual({ ...NOTHING_SAID, ...expected });
});

test("a replica without a profile has the machine of one that says nothing", () => {
  expect([machineOf({}), machineOf(undefined)]).toEqual([NOTHING_SAID, NOTHING_SAID]);
});

test("the version of its engine is what a replica says, else its profile, else none", () => {
  const named = (engine: object) => ({ ...profileFileByName("llama-3.1-8b-h200"), ...engine });
  const versions = [
    { profile: "llama-3.1-8b-h100" },
    { profile: named({}) },
    { profile: named({ engine: "vllm-0.15" }) },
    { profile: named({ engine: "vllm-0.15" }), engineVersion: "sglang-0.5" },
    { profile: { base: 1, perSequence: 0, perContextToken: 0, perPrefillToken: 0 } },
  ].map((replica) => engineVersionOf(replica).name);
  expect(versions).toEqual(["none", "none", "vllm-0.15", "sglang-0.5", "none"]);
});

test("a version is named where it is another than none, which is the one of whatever names none", () => {
  const named = { ...profileFileByName("llama-3.1-8b-h200"), engine: "vllm-0.15" };
  const replicas = [
    { profile: named },
    { profile: named, engineVersion: "none" },
    { profile: "llama-3.1-8b-h100" },
  ];
  expect(replicas.map(namedVersionOf)).toEqual(["vllm-0.15", undefined, undefined]);
});
