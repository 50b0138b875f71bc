// One source of demand with what its callers do: the clients they use, where these turn to, how patient the callers
// are.
import type { Outcome } from "../../base/outcome.js";
import type { Distribution } from "../../random/distribution.js";
import type { Stream } from "../../random/stream.js";
import type { ClientPopulation } from "../clients/population.js";
import type { Source } from "../traffic/source.js";

/** A path that clients turn to once they have given up on the one before. */
export interface Fallback {
  readonly path: number;
  /** What the last refusal must read as, by status and code; undefined: whatever it was. */
  readonly on: readonly Outcome[] | undefined;
}

export interface Callers {
  readonly source: Source;
  readonly clients: ClientPopulation;
  /** Tried one after another; one whose causes are others is passed over. */
  readonly fallbacks: readonly Fallback[];
  /** Jitter of the client's retries. */
  readonly chance: Stream;
  /** Seconds that a caller waits for the first token of a request; undefined: as long as its client does. */
  readonly patience: Distribution | undefined;
  /**
   * Longer prompts are too long for the model, which callers see by themselves; Infinity where there is no such
   * limit.
   */
  readonly maxInput: number;
}
