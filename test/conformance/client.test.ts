import { describe } from "vitest";
import {
  CLIENTS,
  type ClientOptions,
  createClient,
  createStack,
} from "../../src/core/demand/clients/registry.js";
import { clientContract, clientsTogether } from "./client.js";

const FEATURES: Readonly<Record<string, ClientOptions>> = {
  "a budget": { budget: { ratio: 0.1, least: 3 } },
  "a breaker": { breaker: { least: 2 } },
  "a throttle": { throttle: {} },
  "a budget, a breaker and a throttle": { budget: {}, breaker: {}, throttle: { k: 1.5 } },
};

for (const { name, ...definition } of CLIENTS) {
  clientContract(name, { ...definition, create: (options) => createClient(name, options) });
}

describe.each(Object.entries(FEATURES))("with %s", (_, features) => {
  for (const name of ["openai-node-6", "litellm-router", "aws-adaptive", "decorrelated"]) {
    clientContract(name, {
      create: (options) => createClient(name, { ...options, ...features }),
      readsShouldRetry: name === "openai-node-6",
    });
  }
});

describe("portkey, told to heed retry-after", () => {
  clientContract("portkey", {
    create: (options) => createClient("portkey", { ...options, heedsRetryAfter: true }),
    readsShouldRetry: false,
  });
});

describe("litellm-router with three deployments", () => {
  clientContract("litellm-router", {
    create: (options) => createClient("litellm-router", { ...options, deployments: 3 }),
    readsShouldRetry: false,
  });
});

const STACKS: readonly (readonly string[])[] = [
  ["vercel-ai", "litellm-router"],
  ["openai-node-6", "portkey"],
  ["sre-throttle", "aws-adaptive"],
  ["decorrelated", "decorrelated", "decorrelated"],
];

for (const layers of STACKS) {
  clientContract(layers.join(" > "), {
    create: (options) => createStack(layers, options),
    readsShouldRetry: false,
    layers: layers.length,
  });
}
describe("a stack with features", () => {
  clientContract("vercel-ai > litellm-router", {
    create: (options) =>
      createStack(["vercel-ai", "litellm-router"], { ...options, budget: {}, breaker: {} }),
    readsShouldRetry: false,
    layers: 2,
  });
});

clientsTogether();
