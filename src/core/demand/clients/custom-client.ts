// A client of a user's own, as callers have it: it says after each failure when to try again. How far a request has
// come is counted here, as for every client.
import type { Duration, Instant } from "../../base/units.js";
import { NOTHING } from "../../custom/code.js";
import type { CustomInstance } from "../../document/custom-instance.js";
import type { Stream } from "../../random/stream.js";
import type { Refusal } from "./client.js";
import { Preset } from "./retry-loop.js";
import type { ClientSettings } from "./settings.js";

/** A client that never gives up is ended here: no request is tried a million times in a run that ends. */
const MOST_RETRIES = 1_000_000;

/** The law of clients has them give up by then; one that does not, and does not wait either, would try for ever. */
const MOST_AT_ONCE = 1000;

export class CustomClient extends Preset {
  readonly triesBound: number;
  readonly #instance: CustomInstance;
  readonly #maxRetries: number;

  constructor(instance: CustomInstance, settings: ClientSettings) {
    super("custom", undefined, settings);
    this.#instance = instance;
    this.#maxRetries = settings.maxRetries ?? MOST_RETRIES;
    this.triesBound = this.#maxRetries + 1;
  }

  retryDelay(
    { status, retryAfter, shouldRetry }: Refusal,
    tries: number,
    caller: number,
    now: Instant,
    chance: Stream,
  ): Duration | undefined {
    if (tries >= this.#maxRetries) return undefined;
    const { bridge } = this.#instance;
    bridge.reseed(chance.uniform());
    const should = shouldRetry === undefined ? NOTHING : Number(shouldRetry);
    const wait = bridge.retryIn(Math.max(0, status), retryAfter ?? NOTHING, should, tries, caller, now);
    if (this.#instance.checked(wait, now) === NOTHING) return undefined;
    if (wait === 0 && tries >= MOST_AT_ONCE) throw this.#endless(tries, now);
    this.nextTries = tries + 1;
    return wait as Duration;
  }

  #endless(tries: number, now: Instant): Error {
    const message = `0 after ${tries} failures of one request: wait, or return undefined to give up`;
    return this.#instance.broken("retryIn", message, now);
  }
}
