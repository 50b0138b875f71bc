// What building a source takes beside its own words, and what all sources of a run share.

import type { AccountNames } from "../../demand/traffic/accounts.js";
import type { Contexts } from "../../demand/traffic/contexts.js";
import type { Seed } from "../../random/stream.js";

export interface SourceOptions {
  readonly seed: Seed;
  /** Opens a trace file by the path that the scenario gives, as chunks of text. */
  readonly readTrace: ((path: string) => Iterable<string>) | undefined;
}

/** Names and numbers that all sources of a run share. */
export interface SharedNames {
  readonly accounts: AccountNames;
  readonly contexts: Contexts;
}
