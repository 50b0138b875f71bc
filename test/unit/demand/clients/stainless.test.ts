// The numbers are those of the real clients: read in their sources, and measured in test/live/real-sdks.test.ts.
import { describe, expect, it } from "vitest";
import { seconds } from "../../../../src/core/base/units.js";
import { createClient } from "../../../../src/core/demand/clients/registry.js";
import { at, delays, HIGHEST, LOWEST, refused, retriedStatuses, times, told } from "./calls.js";

const NAMES = ["openai-node-6", "openai-node-7", "anthropic-sdk", "stainless-python"];
/** Seconds waited when told to wait so many. */
const waits = (name: string, asked: readonly number[]) =>
  asked.map((wait) => delays(createClient(name, {}), [told(429, wait)], LOWEST)[0]);

describe.each(NAMES)("%s", (name) => {
  const client = createClient(name, {});

  it("retries timeouts, 408, 409, 429 and 5xx, and nothing else", () => {
    expect(retriedStatuses(() => client)).toEqual([0, 408, 409, 429, 500, 501, 502, 503, 504, 520, 529]);
  });

  it("tries three times in all by default, and as often as told otherwise", () => {
    const counts = [undefined, 0, 1, 3].map(
      (maxRetries) => delays(createClient(name, { maxRetries }), times(9, refused(503)), LOWEST).length,
    );
    expect(counts).toEqual([2, 0, 1, 3]);
  });

  it("waits 0.375 to 0.5 s, then 0.75 to 1 s, doubling up to 6 to 8 s", () => {
    const patient = createClient(name, { maxRetries: 6 });
    expect(delays(patient, times(9, refused(503)), LOWEST)).toEqual([0.5, 1, 2, 4, 8, 8]);
    expect(delays(patient, times(9, refused(503)), HIGHEST)).toEqual([0.375, 0.75, 1.5, 3, 6, 6]);
  });

  it("lets x-should-retry overrule the status, and not the count", () => {
    const ask = (status: number, shouldRetry: boolean, tries: number) =>
      client.retryDelay(refused(status, { shouldRetry }), tries, 0, at(0), LOWEST);
    expect([ask(400, true, 0), ask(503, false, 0), ask(503, true, 2)]).toEqual([
      500_000,
      undefined,
      undefined,
    ]);
  });

  it("waits 600 s for a response, unless told otherwise", () => {
    expect([client.timeout, createClient(name, { timeout: seconds(5) }).timeout]).toEqual([6e8, 5e6]);
  });
});

describe("retry-after", () => {
  const asked = [0, 0.001, 1, 60, 60.001, 61, 2_147_483.647, 2_147_483.648];

  it("openai-node-6 obeys to the letter, up to what a timer holds", () => {
    expect(waits("openai-node-6", asked)).toEqual([0, 0.001, 1, 60, 60.001, 61, 2_147_483.647, 0.001]);
  });

  it("openai-node-7 obeys from 0 to 60 s, and takes its own delay for more", () => {
    expect(waits("openai-node-7", asked)).toEqual([0, 0.001, 1, 60, 0.5, 0.5, 0.5, 0.5]);
  });

  it("anthropic-sdk obeys above 0, up to what a timer holds", () => {
    expect(waits("anthropic-sdk", asked)).toEqual([0.5, 0.001, 1, 60, 60.001, 61, 2_147_483.647, 0.5]);
  });

  it("stainless-python obeys above 0 up to 60 s", () => {
    expect(waits("stainless-python", asked)).toEqual([0.5, 0.001, 1, 60, 0.5, 0.5, 0.5, 0.5]);
  });
});
