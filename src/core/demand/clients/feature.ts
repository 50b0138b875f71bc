// What any client may be given on top: a layer that asks the client it wraps, and passes on what it does not decide.
import type * as z from "zod";
import type { Duration, Instant } from "../../base/units.js";
import type { Definition } from "../../document/definition.js";
import type { Stream } from "../../random/stream.js";
import { type Client, LOCAL_REJECTION, type OnTimeout, type Refusal } from "./client.js";

/** A feature as it is written, for its types: `create` gets the client that it goes around. */
export function defineFeature<const Name extends string, const Shape extends z.ZodRawShape>(
  definition: Definition<Name, Shape, Client, Client>,
): Definition<Name, Shape, Client, Client> {
  return definition;
}

export abstract class Feature implements Client {
  readonly name: string;
  readonly timeout: Duration | undefined;
  readonly attemptTimeout: Duration | undefined;
  readonly requestTimeout: Duration | undefined;
  readonly onTimeout: OnTimeout;
  readonly hedgeAfter: Duration | undefined;
  readonly triesBound: number;
  readonly learns: boolean;
  protected readonly wrapped: Client;
  /** Whether the last `allows` was refused here: the client within knows nothing of such a rejection. */
  #refused = false;

  constructor(wrapped: Client) {
    this.name = wrapped.name;
    this.timeout = wrapped.timeout;
    this.attemptTimeout = wrapped.attemptTimeout;
    this.requestTimeout = wrapped.requestTimeout;
    this.onTimeout = wrapped.onTimeout;
    this.hedgeAfter = wrapped.hedgeAfter;
    this.triesBound = wrapped.triesBound;
    this.learns = wrapped.learns || this.observe !== Feature.prototype.observe;
    this.wrapped = wrapped;
  }

  get nextTries(): number {
    return this.wrapped.nextTries;
  }

  allows(caller: number, now: Instant, chance: Stream, tries: number): boolean {
    this.#refused = !this.lets(caller, now, chance, tries);
    return !this.#refused && this.wrapped.allows(caller, now, chance, tries);
  }

  observe(
    caller: number,
    answered: boolean,
    refusal: Refusal | undefined,
    now: Instant,
    tries: number,
  ): void {
    this.wrapped.observe(caller, answered, refusal, now, tries);
  }

  retryDelay(
    refusal: Refusal,
    tries: number,
    caller: number,
    now: Instant,
    chance: Stream,
  ): Duration | undefined {
    if (refusal.status === LOCAL_REJECTION && this.#refused) return undefined;
    return this.wrapped.retryDelay(refusal, tries, caller, now, chance);
  }

  /** Whether a try may leave, as far as this feature is concerned. */
  protected lets(_caller: number, _now: Instant, _chance: Stream, _tries: number): boolean {
    return true;
  }
}

/** Failures that speak of the server's state, as opposed to those of a request that was wrong. */
export function isServersFault(refusal: Refusal): boolean {
  const { status } = refusal;
  return status === 0 || status === 408 || status === 429 || status >= 500;
}
