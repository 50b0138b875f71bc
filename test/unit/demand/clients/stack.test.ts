import { describe, expect, it } from "vitest";
import { type Client, LOCAL_REJECTION } from "../../../../src/core/demand/clients/client.js";
import { createClient, createStack } from "../../../../src/core/demand/clients/registry.js";
import { Stack } from "../../../../src/core/demand/clients/stack.js";
import { at, delays, LOWEST, refused, times } from "./calls.js";

describe("a stack of clients", () => {
  it("multiplies attempts: three within three are nine, and the inner delays come again each time", () => {
    const stack = createStack(["vercel-ai", "litellm-router"], {});
    expect(delays(stack, times(99, refused(503)), LOWEST)).toEqual([0.5, 1, 2, 0.5, 1, 4, 0.5, 1]);
  });

  it("is what its innermost is to the server, and named by all its layers", () => {
    const { name, timeout, triesBound } = createStack(["vercel-ai", "portkey", "openai-node-6"], {});
    expect([name, timeout, triesBound]).toEqual(["vercel-ai > portkey > openai-node-6", 600e6, 3 * 6 * 3]);
  });

  it("lets the outer one decide on what the inner one does not retry", () => {
    const stack = createStack(["openai-node-6", "claude-code"], {});
    expect(delays(stack, times(99, refused(409)), LOWEST)).toEqual([0.5, 1]);
    expect(delays(stack, times(99, refused(400)), LOWEST)).toEqual([]);
    const blind = createStack(["vercel-ai", "openai-node-6"], {});
    expect(delays(blind, times(99, refused(503, { shouldRetry: false })), LOWEST)).toEqual([2, 4]);
  });

  it("shows a layer's own rejection to the one above as a 429", () => {
    const stack = createStack(["vercel-ai", "litellm-router"], {});
    for (let n = 0; n < 1000; n++) stack.observe(0, false, refused(503), at(1), 0);
    expect(stack.allows(0, at(1), LOWEST, 0)).toBe(false);
    expect(stack.retryDelay(refused(LOCAL_REJECTION), 0, 0, at(1), LOWEST)).toBe(2e6);
    expect(stack.allows(0, at(3), LOWEST, stack.nextTries)).toBe(false);
    expect(stack.allows(0, at(6), LOWEST, stack.nextTries)).toBe(true);
  });

  it("asks a layer whether a try may leave once per try of its own, and tells it how each ended", () => {
    const log: string[] = [];
    const spied = (label: string): Client => {
      const client = createClient("naive", { maxRetries: 1 });
      return Object.assign(Object.create(client) as Client, {
        name: label,
        triesBound: 2,
        allows: (_caller: number, _now: number, _chance: unknown, tries: number) => {
          log.push(`${label} may ${tries}`);
          return true;
        },
        observe: (_caller: number, answered: boolean, _refusal: unknown, _now: number, tries: number) => {
          log.push(`${label} ${answered ? "answered" : "failed"} ${tries}`);
        },
        retryDelay: (refusal: never, tries: number, caller: number, now: never, draws: never) =>
          client.retryDelay(refusal, tries, caller, now, draws),
      });
    };
    const inner = spied("in");
    const outer = spied("out");
    for (const each of [inner, outer]) {
      Object.defineProperty(each, "nextTries", { get: () => 1 });
    }
    const stack = new Stack([outer, inner]);
    let tries = 0;
    for (const isAnswered of [false, false, false, true]) {
      stack.allows(0, at(0), LOWEST, tries);
      stack.observe(0, isAnswered, isAnswered ? undefined : refused(503), at(0), tries);
      if (isAnswered) break;
      stack.retryDelay(refused(503), tries, 0, at(0), LOWEST);
      tries = stack.nextTries;
    }
    expect(log).toEqual([
      "out may 0",
      "in may 0",
      "in failed 0",
      "in may 1",
      "in failed 1",
      "out failed 0",
      "out may 1",
      "in may 0",
      "in failed 0",
      "in may 1",
      "in answered 1",
      "out answered 1",
    ]);
  });

  it("refuses layers whose progress would not fit a number", () => {
    const names = new Array<string>(6).fill("openai-node-6");
    expect(() => createStack(names, { maxRetries: 1000 })).toThrow("retry too often to be stacked");
  });
});
