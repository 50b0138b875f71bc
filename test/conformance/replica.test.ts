import { BatchingReplica } from "../../src/core/replica/batching-replica.js";
import { linearProfile } from "../../src/core/replica/profile.js";
import { LLAMA_8B_H100 } from "../../src/core/replica/profiles/h100-measured.js";
import { SlotsReplica } from "../../src/core/replica/slots-replica.js";
import { replicaContract } from "./replica.js";

const small = { maxSequences: 4, maxBatchedTokens: 64, maxPrefillSequences: 2, kvTokens: 600 };
const linear = linearProfile({
  base: 997.3,
  perSequence: 11.7,
  perContextToken: 0.123,
  perPrefillToken: 7.9,
});

replicaContract("batching, linear", {
  create: (clock, listener) => new BatchingReplica({ ...small, profile: linear }, clock, listener),
  kvMost: small.kvTokens,
});
replicaContract("batching, measured", {
  create: (clock, listener) => new BatchingReplica({ ...small, profile: LLAMA_8B_H100 }, clock, listener),
  kvMost: small.kvTokens,
});
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
