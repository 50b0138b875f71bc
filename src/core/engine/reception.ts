// Where a request belongs before anything is decided about it: which path takes it, and whether that can hold it at
// all. Knows paths and sizes, no load.
import { type Reason, reasonCode } from "../base/outcome.js";
import type { RequestTable } from "./request-table.js";
import type { World } from "./world/world.js";

const FITS = reasonCode("none");
const CONTEXT_LENGTH = reasonCode("context_length");

export class Reception {
  readonly #requests: RequestTable;
  readonly #world: World;

  constructor(requests: RequestTable, world: World) {
    this.#requests = requests;
    this.#world = world;
  }

  /** Enters the path that a new request is for, and why none takes it where that is so. */
  route(request: number, model: string, serviceTier: string | undefined): void {
    const requests = this.#requests;
    const { router, paths } = this.#world;
    const routing = router.route(model, serviceTier);
    const tier = "path" in routing ? routing.path : paths.length;
    requests.tier[request] = tier;
    requests.home[request] = tier;
    requests.refusal[request] = "path" in routing ? this.fit(request, routing.path) : routing.reason;
  }

  /**
   * Generation stops where the memory of a replica ends, as it would at a model's context length. A prompt that is
   * longer than the callers' model takes, or than any replica holds, is refused: returns the reason, 0 for none.
   */
  fit(request: number, path: number): Reason {
    const requests = this.#requests;
    const { demands, pools, paths } = this.#world;
    const { kvMost } = pools[paths[path]!.pool]!;
    const inputTokens = requests.inputTokens[request]!;
    const { maxInput } = demands[requests.source[request]!]!;
    if (inputTokens > maxInput || inputTokens >= kvMost) return CONTEXT_LENGTH;
    requests.outputTokens[request] = Math.min(requests.wantedTokens[request]!, kvMost - inputTokens);
    return FITS;
  }
}
