// The table of clients in docs/clients.md, written from their definitions. How often each tries again and how long it
// waits is read off the client itself.
import { type Instant, toSeconds } from "../../src/core/base/units.js";
import type { Client, Refusal } from "../../src/core/demand/clients/client.js";
import { CLIENTS } from "../../src/core/demand/clients/registry.js";
import { withDefaults } from "../../src/core/document/any-options.js";
import { openStream } from "../../src/core/random/stream.js";

const HEAD = [
  "| preset | what | retries | retried | delay | retry-after | `x-should-retry` | timeout | of the whole |",
  "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
];
const OVERLOADED: Refusal = { status: 503, retryAfter: undefined, shouldRetry: undefined };

export function clientTable(): string {
  const rows = CLIENTS.map(({ name, summary, behaviour, options, create }) => {
    // Without its features, which hold retries back only where many are made.
    const made = () => create(withDefaults(options, {}) as never, {});
    const client = made();
    const { retried, delay, retryAfter, shouldRetry, totalTimeout } = behaviour;
    const timeout = client.timeout === undefined ? "none" : `${toSeconds(client.timeout)} s`;
    const cells = [
      `\`${name}\``,
      summary,
      retriesOf(made()),
      retried,
      delay,
      retryAfter,
      shouldRetry,
      timeout,
      totalTimeout,
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [...HEAD, ...rows].join("\n");
}

/** How often a request that is always refused is tried again. */
function retriesOf(client: Client): number {
  const chance = openStream("1", "docs");
  let tries = 0;
  for (let count = 0; ; count++) {
    if (client.retryDelay(OVERLOADED, tries, 0, 0 as Instant, chance) === undefined) return count;
    tries = client.nextTries;
  }
}
