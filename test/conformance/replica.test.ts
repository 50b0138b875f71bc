import { openStream } from "../../src/core/random/stream.js";
import { linearProfile } from "../../src/core/server/profile/linear.js";
import { profileByName } from "../../src/core/server/profile/registry.js";
import { MacroReplica } from "../../src/core/server/replica/batching/macro-replica.js";
import type { BatchingOptions } from "../../src/core/server/replica/batching/options.js";
import { StepReplica } from "../../src/core/server/replica/batching/step-replica.js";
import { SlotsReplica } from "../../src/core/server/replica/slots-replica.js";
import { type ReplicaUnderTest, replicaContract } from "./replica.js";

const linear = linearProfile({
  base: 997.3,
  perSequence: 11.7,
  perContextToken: 0.123,
  perPrefillToken: 7.9,
});
const measured = profileByName("llama-3.1-8b-h100");
const roomy = {
  profile: linear,
  maxSequences: 4,
  maxBatchedTokens: 64,
  maxPrefillSequences: 2,
  kvTokens: 9600,
  kvBlockTokens: 16,
  kvWatermark: 0.01,
  prefixCache: false,
  stepAhead: false,
};
const KV_MOST = 600;

const BATCHING: Readonly<Record<string, Partial<BatchingOptions>>> = {
  linear: {},
  measured: { profile: measured },
  speculative: { profile: { ...linear, tokensPerSequence: 4, acceptance: 0.7 } },
  "tight memory": { kvTokens: 610, kvWatermark: 0 },
  "tight memory, speculative": {
    profile: { ...linear, tokensPerSequence: 3, acceptance: 0.9 },
    kvTokens: 600,
    kvBlockTokens: 1,
    kvWatermark: 0.1,
  },
  "tight memory, offloaded": { kvTokens: 610, kvOffload: { tokens: 400, loadPerToken: 7 } },
  "prefix cache": { prefixCache: true },
  "prefix cache, tight memory": { prefixCache: true, kvTokens: 610 },
  "a step ahead": { stepAhead: true, prefixCache: true, kvTokens: 610 },
};

for (const [name, changes] of Object.entries(BATCHING)) {
  const options = { ...roomy, ...changes };
  const laws: Omit<ReplicaUnderTest, "create"> = {
    kvMost: KV_MOST,
    preempts: options.kvTokens < 1000,
    finds: options.prefixCache,
  };
  for (const Form of [MacroReplica, StepReplica]) {
    replicaContract(`${Form.name}, ${name}`, {
      ...laws,
      create: (clock, listener) => {
        const chance = openStream("1", "acceptance");
        return new Form({ ...options, chance }, clock, listener);
      },
    });
  }
}

replicaContract("slots", {
  create: (clock, listener) =>
    new SlotsReplica({ slots: 3, tokensPerSecond: 777, prefillTokensPerSecond: 12_345 }, clock, listener),
  kvMost: 300,
});
replicaContract("slots without prefill", {
  create: (clock, listener) =>
    new SlotsReplica({ slots: 3, tokensPerSecond: 9e5, prefillTokensPerSecond: undefined }, clock, listener),
  kvMost: 300,
});
