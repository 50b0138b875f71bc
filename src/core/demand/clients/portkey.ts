// The Portkey AI gateway (read in its source, src/handlers/retryHandler.ts, and its docs): up to five retries on 429,
// 500, 502, 503, 504 and 529, after 1 s doubling, without jitter. A timeout of its own becomes a 408, which is not on
// that list. Told to heed retry-after, it does so on a 429 only: a minute or more, or more than is left of a minute of
// such waits, ends the retries; 0 is as if it were not there; and once it has waited as told, its later retries come
// at once. It does not read `x-should-retry`.

import * as z from "zod";
import { type Duration, NO_TIME, seconds } from "../../base/units.js";
import type { Options } from "../../document/definition.js";
import type { Refusal } from "./client.js";
import { defineClient } from "./definition.js";
import { Preset } from "./retry-loop.js";
import type { ClientSettings } from "./settings.js";

/** The docs' most, and our default; a configuration that does not say so makes none. */
const MOST_RETRIES = 5;
const FIRST_DELAY = seconds(1);
const MICROS_PER_MS = 1000;
const MOST_WAITED_MS = 60_000;

const OPTIONS = {
  heedsRetryAfter: z.boolean().prefault(false).describe("Whether it heeds retry-after."),
};

/** `tries` is the retries made, plus the milliseconds waited as told times as many as there may be of those. */
class Portkey extends Preset {
  readonly triesBound: number;
  readonly #maxRetries: number;
  readonly #heedsRetryAfter: boolean;

  constructor(name: string, options: ClientSettings & Options<typeof OPTIONS>) {
    super(name, undefined, options);
    this.#maxRetries = Math.min(options.maxRetries ?? MOST_RETRIES, MOST_RETRIES);
    this.#heedsRetryAfter = options.heedsRetryAfter;
    this.triesBound = (this.#maxRetries + 1) * (this.#heedsRetryAfter ? MOST_WAITED_MS + 1 : 1);
  }

  retryDelay({ status, retryAfter }: Refusal, tries: number): Duration | undefined {
    const counts = this.#maxRetries + 1;
    const retried = tries % counts;
    if (retried >= this.#maxRetries || !isRetried(status)) return undefined;
    const waited = Math.floor(tries / counts);
    const isHeeded = this.#heedsRetryAfter && status === 429 && retryAfter !== undefined;
    const told = isHeeded ? Math.floor(retryAfter / MICROS_PER_MS) : 0;
    if (told >= MOST_WAITED_MS || told > MOST_WAITED_MS - waited) return undefined;
    this.nextTries = retried + 1 + (waited + told) * counts;
    if (told > 0) return (told * MICROS_PER_MS) as Duration;
    return waited > 0 ? NO_TIME : ((FIRST_DELAY * 2 ** retried) as Duration);
  }
}

function isRetried(status: number): boolean {
  return status === 429 || status === 500 || (status >= 502 && status <= 504) || status === 529;
}

export const portkey = defineClient({
  name: "portkey",
  summary: "The Portkey AI gateway.",
  sources: [
    { text: "Portkey-AI/gateway src/handlers/retryHandler.ts and its docs: read", date: "2026-11" },
    {
      text: "docs of request timeouts: of each request to a target, streaming included: excerpted",
      date: "2026-12",
    },
  ],
  defaults: { heedsRetryAfter: "read" },
  behaviour: {
    retried: "429, 500, 502, 503, 504, 529; never more than 5 times",
    delay: "1 s · 2ⁿ, no jitter",
    retryAfter: "if told to, on a 429",
    shouldRetry: "ignored",
    totalTimeout: "none; its `request_timeout` is an `attemptTimeout`",
  },
  readsShouldRetry: false,
  retries: true,
  options: OPTIONS,
  create: (options, settings) => new Portkey("portkey", { ...settings, ...options }),
});
