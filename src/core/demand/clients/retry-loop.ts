// The loop most clients share: so many retries, on such failures, after such a delay. What differs is a rule. Keeps
// nothing between requests.
import type { Duration, Instant } from "../../base/units.js";
import type { Stream } from "../../random/stream.js";
import { type Client, NO_ANSWER, type OnTimeout, type Refusal } from "./client.js";
import { type ClientDefinition, defineClient } from "./definition.js";
import type { ClientSettings } from "./settings.js";

export interface RetryRule {
  readonly maxRetries: number;
  /** Of a try to its first token; undefined where the client sets none. */
  readonly timeout: Duration | undefined;
  /** Of a try to its last token; left out where the client sets none. */
  readonly attemptTimeout?: Duration;
  retries(refusal: Refusal): boolean;
  /** The delay before the next try when there were `retried` retries before. */
  delay(refusal: Refusal, retried: number, chance: Stream): Duration;
}

/** What every preset has; it lets every try leave and remembers nothing. */
export abstract class Preset implements Client {
  readonly name: string;
  readonly timeout: Duration | undefined;
  readonly attemptTimeout: Duration | undefined;
  readonly requestTimeout: Duration | undefined;
  readonly onTimeout: OnTimeout;
  readonly hedgeAfter: Duration | undefined;
  abstract readonly triesBound: number;
  readonly learns: boolean = this.observe !== Preset.prototype.observe;
  nextTries = 0;

  constructor(
    name: string,
    timeout: Duration | undefined,
    options: ClientSettings,
    attemptTimeout: Duration | undefined = undefined,
  ) {
    this.name = name;
    this.timeout = options.timeout ?? timeout;
    this.attemptTimeout = options.attemptTimeout ?? attemptTimeout;
    this.requestTimeout = options.requestTimeout;
    this.onTimeout = options.onTimeout ?? "cancel";
    this.hedgeAfter = options.hedgeAfter;
  }

  allows(_caller: number, _now: Instant, _chance: Stream, _tries: number): boolean {
    return true;
  }

  observe(
    _caller: number,
    _answered: boolean,
    _refusal: Refusal | undefined,
    _now: Instant,
    _tries: number,
  ): void {}

  abstract retryDelay(
    refusal: Refusal,
    tries: number,
    caller: number,
    now: Instant,
    chance: Stream,
  ): Duration | undefined;
}

/** `tries` is the number of retries made. */
export class RetryLoop extends Preset {
  readonly triesBound: number;
  readonly #rule: RetryRule;
  readonly #maxRetries: number;

  constructor(name: string, rule: RetryRule, options: ClientSettings) {
    super(name, rule.timeout, options, rule.attemptTimeout);
    this.#rule = rule;
    this.#maxRetries = options.maxRetries ?? rule.maxRetries;
    this.triesBound = this.#maxRetries + 1;
  }

  retryDelay(
    refusal: Refusal,
    tries: number,
    _caller: number,
    _now: Instant,
    chance: Stream,
  ): Duration | undefined {
    if (tries >= this.#maxRetries || !this.#rule.retries(refusal)) return undefined;
    this.nextTries = tries + 1;
    return this.#rule.delay(refusal, tries, chance);
  }
}

type NoOptions = Readonly<Record<never, never>>;

/** The definition of a client that is a rule and no more. */
export function defineLoop<const Name extends string>({
  rule,
  ...definition
}: Omit<ClientDefinition<Name, NoOptions>, "options" | "create"> & {
  readonly rule: RetryRule;
}): ClientDefinition<Name, NoOptions> {
  return defineClient({
    ...definition,
    options: {},
    create: (_, settings) => new RetryLoop(definition.name, rule, settings),
  });
}

/** The failures that most clients take for passing: no answer, 408, 409, 429 and 5xx. */
export function isPassing(status: number): boolean {
  return status === NO_ANSWER || status === 408 || status === 409 || status === 429 || status >= 500;
}

/** `first` doubled `times` times, at most `longest`. */
export function doubled(first: Duration, times: number, longest: Duration): number {
  return Math.min(first * 2 ** times, longest);
}

export function rounded(micros: number): Duration {
  return Math.round(micros) as Duration;
}
