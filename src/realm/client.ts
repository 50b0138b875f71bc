// A client of a user's own inside its realm.
import type { CustomClient } from "../core/custom/client.js";
import { type Bridge, NOTHING } from "../core/custom/code.js";
import { amount, methodsOf } from "./checks.js";

export class ClientInRealm {
  readonly has: number;
  readonly #made: CustomClient;
  readonly #chance: () => number;

  constructor(made: unknown, chance: () => number) {
    this.has = methodsOf(made, { what: "a client", methods: ["retryIn"], needed: ["retryIn"] });
    this.#made = made as CustomClient;
    this.#chance = chance;
  }

  retryIn(...[status, after, should, failures, caller, now]: Parameters<Bridge["retryIn"]>): number {
    const retryAfter = after === NOTHING ? undefined : after;
    const shouldRetry = should === NOTHING ? undefined : should === 1;
    const failure = Object.freeze({ status, retryAfter, shouldRetry, failures, caller });
    const wait = this.#made.retryIn(failure, now, this.#chance);
    return wait === undefined ? NOTHING : Math.round(amount(wait, "retryIn"));
  }
}
