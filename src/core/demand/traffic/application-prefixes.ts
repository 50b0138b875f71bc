// What the prompts of an application all begin with: one of several, drawn for each request. Knows one source's
// applications and no sessions.

import { NONE } from "../../base/none.js";
import { AliasTable } from "../../random/alias-table.js";
import type { Stream } from "../../random/stream.js";
import { zipfWeights } from "../../random/zipf.js";
import type { Contexts } from "./contexts.js";
import type { Cuts } from "./lengths.js";
import type { Arrival } from "./source.js";

export interface PrefixSpec {
  readonly tokens: number;
  readonly applications: number;
  readonly skew: number;
}

export class ApplicationPrefixes {
  readonly #spec: PrefixSpec | undefined;
  readonly #maxInput: number;
  readonly #cuts: Cuts;
  readonly #applications: AliasTable | undefined;
  readonly #first: number;

  /** Without a specification, prompts have nothing in common. */
  constructor(spec: PrefixSpec | undefined, maxInput: number, contexts: Contexts, cuts: Cuts) {
    this.#spec = spec;
    this.#maxInput = maxInput;
    this.#cuts = cuts;
    this.#applications = spec && new AliasTable(zipfWeights(spec.applications, spec.skew));
    this.#first = contexts.openPrefixes(spec?.applications ?? 0);
  }

  /** Puts a prefix before the input that an arrival has, and cuts both together; it belongs to no session. */
  add(arrival: Arrival, stream: Stream): void {
    arrival.prefix = NONE;
    arrival.prefixTokens = 0;
    arrival.session = NONE;
    arrival.sharedTokens = 0;
    const tokens = this.#spec?.tokens ?? 0;
    arrival.inputTokens = this.#cuts.prompt(tokens + arrival.inputTokens, this.#maxInput);
    if (this.#spec === undefined) return;
    arrival.prefix = this.#first + this.#applications!.pick(stream);
    arrival.prefixTokens = Math.min(tokens, arrival.inputTokens);
  }
}
