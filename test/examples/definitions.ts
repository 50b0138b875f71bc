// Definitions of your own ([own-policy.md](own-policy.md)) are plain objects: what they decide can be tried by hand.
import {
  defineAutoscaler,
  defineClient,
  defineLimit,
  definePolicy,
  defineQueueRule,
  options,
} from "../../src/core/index.js";

const policy = definePolicy({
  summary: "Refuses long prompts.",
  options: { longest: options.count({ default: "2k", text: "Prompt tokens that are let in." }) },
  create: ({ longest }) => ({ decide: ({ inputTokens }) => (inputTokens > longest ? "refuse" : undefined) }),
});
const limit = defineLimit({ summary: "Forty.", create: () => ({ most: 40 }) });
const rule = defineQueueRule({
  summary: "Shortest prompt first.",
  create: () => ({ score: ({ inputTokens }) => inputTokens }),
});
const autoscaler = defineAutoscaler({
  summary: "Ten requests to a replica.",
  create: () => ({ recommend: ({ queued, running }) => (queued + running) / 10 }),
});
const client = defineClient({
  summary: "Comes back once, after a second.",
  create: () => ({ retryIn: ({ failures }) => (failures === 0 ? 1e6 : undefined) }),
});

const request = {
  ...{ account: 0, path: "standard", model: 0, rank: 1 },
  ...{ inputTokens: 9000, cachedTokens: 0, maxTokens: 500 },
};
const failure = { status: 503, retryAfter: undefined, shouldRetry: undefined, failures: 0, caller: 0 };
const { decide } = policy.create({ longest: 2000 }, { paths: [], chance: () => 0.5 });
console.log(decide?.(request, undefined as never, 0), limit.create({}).most);
console.log(rule.create({}, { paths: [] }).score(request, 0), autoscaler.kind);
console.log(client.create({}).retryIn(failure, 0, () => 0.5));
