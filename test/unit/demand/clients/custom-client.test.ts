// A client of a user's own that never gives up.
import { describe, expect, it } from "vitest";
import type { Instant } from "../../../../src/core/base/units.js";
import { createCustomClient } from "../../../../src/core/demand/clients/registry.js";
import { openStream } from "../../../../src/core/random/stream.js";
import { openRealm } from "../../../../src/node/code/open-realm.js";
import { loaded } from "../../../support/own-code.js";

const REFUSAL = { status: 503, retryAfter: undefined, shouldRetry: undefined };

function clientOf(retryIn: string) {
  const answer = loaded(`
import { defineClient } from "surgefleet";
export default defineClient({ summary: "Made for a test.", create: () => ({ retryIn: ${retryIn} }) });
`);
  if (!answer.ok) throw new Error(answer.issues.map(({ message }) => message).join());
  const spec = { module: "./mine.ts", written: {} };
  return createCustomClient(spec, {
    ...{ modules: { "./mine.ts": answer.code }, open: openRealm, where: "source agents" },
  });
}

/** How often one request is tried again, at most so often. */
function retriesOf(retryIn: string, most: number): number {
  const client = clientOf(retryIn);
  const chance = openStream("1", "caller 0");
  let tries = 0;
  let now = 3e6;
  while (tries < most) {
    const wait = client.retryDelay(REFUSAL, tries, 0, now as Instant, chance);
    if (wait === undefined) break;
    now += wait;
    tries = client.nextTries;
  }
  return tries;
}

describe("a client of a user's own", () => {
  it("that never waits and never gives up ends the run, and says why", () => {
    expect(() => retriesOf("() => 0", 5000)).toThrow(
      /client \.\/mine\.ts of source agents, at 3 s: retryIn: 0 after 1000 failures of one request: wait, or/,
    );
  });

  it("may try at once for a while, and for ever where it waits", () => {
    expect(retriesOf("({ failures }) => (failures < 900 ? 0 : undefined)", 5000)).toBe(900);
    expect(retriesOf("() => 1", 5000)).toBe(5000);
  });
});
