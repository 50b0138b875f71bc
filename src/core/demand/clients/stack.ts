// Clients within clients: an SDK in front of a gateway that retries by itself. The inner one spends all its retries on
// every try of the outer one, so that attempts multiply. Each layer sees what it would see: the innermost every try, an
// outer one the last failure of a call that the layers below gave up. Timeouts of a try and hedging are those of the
// innermost, whose tries are the HTTP calls; how long a request may take is the outermost's.
import { SurgefleetError } from "../../base/errors.js";
import type { Duration, Instant } from "../../base/units.js";
import type { Stream } from "../../random/stream.js";
import { type Client, LOCAL_REJECTION, type OnTimeout, type Refusal } from "./client.js";

/** Progress must stay a whole number in a double. */
const MOST_TRIES = 2 ** 53;
const TOO_MANY_REQUESTS = 429;

/** `tries` is a number of which each layer has a digit of its base `triesBound`, the innermost the lowest. */
export class Stack implements Client {
  readonly name: string;
  readonly timeout: Duration | undefined;
  readonly attemptTimeout: Duration | undefined;
  readonly requestTimeout: Duration | undefined;
  readonly onTimeout: OnTimeout;
  readonly hedgeAfter: Duration | undefined;
  readonly triesBound: number;
  readonly learns: boolean;
  nextTries = 0;
  /** Innermost first. */
  readonly #layers: readonly Client[];
  /** The layer that refused a try last. */
  #refused = 0;
  /** What a layer's own rejection looks like to the one above: gateways answer with a status. */
  readonly #rejection: Refusal = {
    status: TOO_MANY_REQUESTS,
    retryAfter: undefined,
    shouldRetry: undefined,
  };

  /** `layers` has the outermost first. */
  constructor(layers: readonly Client[]) {
    const innermost = layers.at(-1);
    if (innermost === undefined) throw new SurgefleetError("INVALID_PARAMETER", "a stack needs a client");
    this.name = layers.map(({ name }) => name).join(" > ");
    this.timeout = innermost.timeout;
    this.attemptTimeout = innermost.attemptTimeout;
    this.requestTimeout = layers[0]?.requestTimeout;
    this.onTimeout = innermost.onTimeout;
    this.hedgeAfter = innermost.hedgeAfter;
    this.triesBound = layers.reduce((product, { triesBound }) => product * triesBound, 1);
    if (this.triesBound > MOST_TRIES) {
      throw new SurgefleetError(
        "INVALID_PARAMETER",
        `the clients of ${this.name} retry too often to be stacked: give them fewer retries`,
      );
    }
    this.learns = layers.some(({ learns }) => learns);
    this.#layers = [...layers].reverse();
  }

  /** A layer is asked when a call of its own begins anew: when nothing below it is in the midst of its retries. */
  allows(caller: number, now: Instant, chance: Stream, tries: number): boolean {
    const weight = this.#weightOfCall(tries);
    let above = this.triesBound;
    let rest = tries;
    for (let index = this.#layers.length - 1; index >= 0; index--) {
      const layer = this.#layers[index]!;
      above /= layer.triesBound;
      const own = Math.floor(rest / above);
      rest -= own * above;
      if (above > weight) continue;
      if (!layer.allows(caller, now, chance, own)) {
        this.#refused = index;
        return false;
      }
    }
    return true;
  }

  /** The weight of the lowest digit that is not 0: the layers above it have begun their call before. */
  #weightOfCall(tries: number): number {
    let weight = 1;
    for (const { triesBound } of this.#layers) {
      if (tries % (weight * triesBound) !== 0) return weight;
      weight *= triesBound;
    }
    return weight;
  }

  observe(
    caller: number,
    answered: boolean,
    refusal: Refusal | undefined,
    now: Instant,
    tries: number,
  ): void {
    let rest = tries;
    for (const layer of this.#layers) {
      const own = rest % layer.triesBound;
      layer.observe(caller, answered, refusal, now, own);
      if (!answered) return;
      rest = (rest - own) / layer.triesBound;
    }
  }

  retryDelay(
    refusal: Refusal,
    tries: number,
    caller: number,
    now: Instant,
    chance: Stream,
  ): Duration | undefined {
    const first = refusal.status === LOCAL_REJECTION ? this.#refused : 0;
    let seen = refusal;
    let weight = 1;
    let rest = tries;
    for (let index = 0; index < this.#layers.length; index++) {
      const layer = this.#layers[index]!;
      const own = rest % layer.triesBound;
      rest = (rest - own) / layer.triesBound;
      if (index >= first) {
        if (index > first) {
          if (seen.status === LOCAL_REJECTION) seen = this.#rejection;
          layer.observe(caller, false, seen, now, own);
        }
        const delay = layer.retryDelay(seen, own, caller, now, chance);
        if (delay !== undefined) {
          this.nextTries = weight * (layer.nextTries + layer.triesBound * rest);
          return delay;
        }
      }
      weight *= layer.triesBound;
    }
    return undefined;
  }
}
