// A request as others need to see it: as facts for the gateway, as work for a replica, as a completion for the ledger.
// One object of each kind, filled in anew for every question, so that asking allocates nothing: copy what you keep.
import type { Instant } from "../base/units.js";
import type { CompletedAttempt } from "../results/ledger/ledger.js";
import type { WaitingFacts } from "../server/fleet/pool.js";
import type { RequestFacts } from "../server/gateway/request-facts.js";
import type { SequenceWork } from "../server/replica/replica.js";
import type { RequestTable } from "./request-table.js";
import type { Path } from "./world/paths.js";

type Writable<View> = { -readonly [Key in keyof View]: View[Key] };

export class RequestViews implements WaitingFacts {
  readonly #requests: RequestTable;
  readonly #paths: readonly Path[];
  readonly #facts: Writable<RequestFacts> = {
    account: 0,
    path: 0,
    model: 0,
    pool: 0,
    rank: 0,
    inputTokens: 0,
    cachedTokens: 0,
    maxTokens: 0,
  };
  readonly #work: Writable<SequenceWork> = {
    inputTokens: 0,
    cachedTokens: 0,
    outputTokens: 0,
    rank: 0,
    prefix: 0,
    prefixTokens: 0,
    session: 0,
    sharedTokens: 0,
  };
  readonly #completion: Writable<CompletedAttempt> = {
    arrivedAt: 0 as Instant,
    firstTokenAt: 0 as Instant,
    inputTokens: 0,
    cachedTokens: 0,
    outputTokens: 0,
  };

  constructor(requests: RequestTable, paths: readonly Path[]) {
    this.#requests = requests;
    this.#paths = paths;
  }

  /** What the gateway may know. Only of a request that a path takes. */
  facts(request: number): RequestFacts {
    const requests = this.#requests;
    const facts = this.#facts;
    const path = requests.tier[request]!;
    const { model, pool, rank } = this.#paths[path]!;
    facts.account = requests.account[request]!;
    facts.path = path;
    facts.model = model;
    facts.pool = pool;
    facts.rank = rank;
    facts.inputTokens = requests.inputTokens[request]!;
    facts.cachedTokens = requests.cachedTokens[request]!;
    facts.maxTokens = requests.maxTokens[request]!;
    return facts;
  }

  work(request: number): SequenceWork {
    const requests = this.#requests;
    const work = this.#work;
    work.inputTokens = requests.inputTokens[request]!;
    work.cachedTokens = requests.knownCachedTokens[request]!;
    work.outputTokens = requests.outputTokens[request]!;
    work.rank = this.#paths[requests.tier[request]!]!.rank;
    work.prefix = requests.prefix[request]!;
    work.prefixTokens = requests.prefixTokens[request]!;
    work.session = requests.session[request]!;
    work.sharedTokens = requests.sharedTokens[request]!;
    return work;
  }

  pathOf(request: number): number {
    return this.#requests.tier[request]!;
  }

  inputTokensOf(request: number): number {
    return this.#requests.inputTokens[request]!;
  }

  workOf(request: number): SequenceWork {
    return this.work(request);
  }

  completion(request: number): CompletedAttempt {
    const requests = this.#requests;
    const completion = this.#completion;
    completion.arrivedAt = requests.arrivedAt[request]! as Instant;
    completion.firstTokenAt = requests.firstTokenAt[request]! as Instant;
    completion.inputTokens = requests.inputTokens[request]!;
    completion.cachedTokens = requests.cachedTokens[request]!;
    completion.outputTokens = requests.outputTokens[request]!;
    return completion;
  }
}
