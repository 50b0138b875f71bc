// Clients against a server that fails each attempt by itself with probability p: what they amplify and what is lost has
// a closed form, (1 - p^n) / (1 - p) attempts and p^n lost for n tries.
import { describe, expect, test } from "vitest";
import type { Instant } from "../../src/core/base/units.js";
import type { Client, Refusal } from "../../src/core/demand/clients/client.js";
import { createClient, createStack } from "../../src/core/demand/clients/registry.js";
import { openStream } from "../../src/core/random/stream.js";

const OVERLOADED: Refusal = { status: 503, retryAfter: undefined, shouldRetry: undefined };
const REQUESTS = 100_000;

interface Outcome {
  /** HTTP calls per request. */
  readonly amplification: number;
  /** Share of requests given up. */
  readonly failure: number;
}

/** 100 requests a second of one caller, each of its attempts failing with probability p. */
function meet(client: Client, p: number): Outcome {
  const chance = openStream("1", "client");
  const server = openStream("1", "server");
  let sent = 0;
  let lost = 0;
  for (let n = 0; n < REQUESTS; n++) {
    const now = (n * 10_000) as Instant;
    let tries = 0;
    for (;;) {
      if (!client.allows(0, now, chance, tries)) {
        lost++;
        break;
      }
      sent++;
      const fails = server.uniform() < p;
      client.observe(0, !fails, fails ? OVERLOADED : undefined, now, tries);
      if (!fails) break;
      if (client.retryDelay(OVERLOADED, tries, 0, now, chance) === undefined) {
        lost++;
        break;
      }
      tries = client.nextTries;
    }
  }
  return { amplification: sent / REQUESTS, failure: lost / REQUESTS };
}

/** Five standard deviations of a share of so many requests. */
const near = (share: number) => 5 * Math.sqrt((share * (1 - share)) / REQUESTS) + 1e-12;

const CASES: readonly (readonly [name: string, create: () => Client, tries: number])[] = [
  ["none", () => createClient("none", {}), 1],
  ["openai-node-6", () => createClient("openai-node-6", {}), 3],
  ["claude-code", () => createClient("claude-code", {}), 11],
  ["litellm-router within vercel-ai", () => createStack(["vercel-ai", "litellm-router"], {}), 9],
  ["three layers of two tries", () => createStack(["naive", "fixed", "full-jitter"], { maxRetries: 1 }), 8],
];

describe("independent failures", () => {
  test.each(CASES)("%s", (_, create, tries) => {
    for (const p of [0.1, 0.5, 0.8]) {
      const { amplification, failure } = meet(create(), p);
      const exact = (1 - p ** tries) / (1 - p);
      expect(Math.abs(failure - p ** tries)).toBeLessThan(near(p ** tries));
      // No request makes more than `tries` attempts, which bounds the variance.
      expect(Math.abs(amplification - exact)).toBeLessThan((5 * tries) / Math.sqrt(REQUESTS) / 2);
    }
  });

  test("a server that fails everything sees three times the load from an SDK, 1.1 times with a budget of a tenth", () => {
    expect(meet(createClient("openai-node-6", {}), 1).amplification).toBe(3);
    const budget = { ratio: 0.1, least: 1 };
    expect(meet(createClient("openai-node-6", { budget }), 1).amplification).toBeCloseTo(1.1, 2);
  });

  test("a throttled client leaves a dead server nearly alone", () => {
    expect(meet(createClient("sre-throttle", {}), 1).amplification).toBeLessThan(0.01);
  });
});
