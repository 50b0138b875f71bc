// Detours: what a path states is done instead of a refusal - served as another path (demoted), or in another pool
// (spilled). They are tried in their order, each by the gateway like a call of its own, and the first that takes the
// attempt serves it; where none does, the refusal stands. A detour leads to no other.
import { unreachable } from "../../base/assert.js";
import { Outcome, outcomeOf } from "../../base/outcome.js";
import type { Instant } from "../../base/units.js";
import type { AttemptTable } from "../attempts/attempt-table.js";
import type { StatedFacts } from "../attempts/stated/facts.js";
import { Cause, type Detour, type Seat, type ServedPath } from "../attempts/stated/rows.js";
import type { Pool } from "../fleet/pool.js";
import type { Gateway } from "../gateway/gateway.js";
import { OUTAGE, OVERLOADED_CAPACITY, SOFTENED, type Verdict } from "../gateway/verdict.js";
import type { OpenPaths } from "./open-paths.js";

interface DetourParts {
  readonly gateway: Gateway;
  readonly pools: readonly Pool[];
  readonly openPaths: OpenPaths;
}

const NO_CAUSE = 0;
const NO_SEAT: Seat = { path: 0, pool: 0, rank: 0, lane: 0, model: 0 };

export class Detours {
  /** Where the attempt is served that `instead` was last asked about, if that has not refused it. */
  seat: Seat = NO_SEAT;
  /** The verdict in whose stead it is served there. */
  avoided: Verdict = OUTAGE;
  readonly #attempts: AttemptTable;
  readonly #facts: StatedFacts;
  readonly #parts: DetourParts;
  /** Attempts so far; by pool, the last that asked whether it fails it, and 1 where it does. */
  #turn = 0;
  readonly #askedAt: Float64Array;
  readonly #fails: Uint8Array;

  constructor(attempts: AttemptTable, facts: StatedFacts, parts: DetourParts) {
    this.#attempts = attempts;
    this.#facts = facts;
    this.#parts = parts;
    this.#askedAt = new Float64Array(parts.pools.length);
    this.#fails = new Uint8Array(parts.pools.length);
  }

  /** The verdict that stands, on an attempt that was neither admitted nor told to wait: of a detour, or a refusal. */
  instead(attempt: number, path: ServedPath, own: Verdict, now: Instant): Verdict {
    this.#turn++;
    this.#askedAt[path.pool] = this.#turn;
    this.#fails[path.pool] = own === OUTAGE ? 1 : 0;
    const verdict = this.#firstOf(attempt, path, own, NO_CAUSE, now);
    if (own !== SOFTENED || verdict !== undefined) return verdict ?? refused(own);
    // None is there for an account over its soft limit: it is decided about as if it were not.
    const { gateway } = this.#parts;
    const hard = gateway.decideUp(this.#facts.at(attempt), now, true);
    if (hard.kind === "admit" || hard.kind === "wait") return hard;
    return this.#firstOf(attempt, path, hard, Cause.softLimit, now) ?? refused(hard);
  }

  /** Of the first detour that takes it, but for those for `tried`; undefined where it stays at its own seat. */
  #firstOf(
    attempt: number,
    path: ServedPath,
    own: Verdict,
    tried: number,
    now: Instant,
  ): Verdict | undefined {
    const { stated } = this.#attempts;
    this.avoided = own;
    for (const detour of path.detours) {
      const { seat, causes } = detour;
      if (!isMeant(detour, own) || (causes & tried) !== 0 || !this.#canServe(attempt, seat)) continue;
      stated.move(attempt, seat);
      const verdict = this.#decide(attempt, seat.pool, now);
      if (verdict.kind !== "admit" && verdict.kind !== "wait") continue;
      this.#cutOutput(attempt, seat);
      this.seat = seat;
      return verdict;
    }
    stated.move(attempt, path);
    this.seat = path;
    return undefined;
  }

  /** Whether a pool fails it is found out once, of its own at first. */
  #decide(attempt: number, pool: number, now: Instant): Verdict {
    const { gateway } = this.#parts;
    const facts = this.#facts.at(attempt);
    if (this.#askedAt[pool] === this.#turn)
      return this.#fails[pool] === 1 ? OUTAGE : gateway.decideUp(facts, now, true);
    const verdict = gateway.decide(facts, now, true);
    this.#askedAt[pool] = this.#turn;
    this.#fails[pool] = verdict === OUTAGE ? 1 : 0;
    return verdict;
  }

  /** Whether the path is there, and the prompt fits. */
  #canServe(attempt: number, { path, pool }: Seat): boolean {
    const { pools, openPaths } = this.#parts;
    return (
      openPaths.at(path) !== undefined && this.#attempts.stated.inputTokens(attempt) < pools[pool]!.kvMost
    );
  }

  /** Generation stops where the memory of a replica ends. */
  #cutOutput(attempt: number, { pool }: Seat): void {
    const { stated, work } = this.#attempts;
    const most = this.#parts.pools[pool]!.kvMost - stated.inputTokens(attempt);
    if (work.outputTokens(attempt) > most) work.cutOutput(attempt, most);
  }
}

/** A refusal, or that it is let in after all: what is to be moved and cannot be is refused. */
function refused(verdict: Verdict): Verdict {
  return verdict.kind === "demote" || verdict.kind === "spill" ? OVERLOADED_CAPACITY : verdict;
}

/** Whether a detour is for that verdict: a policy that moves something says how itself. */
function isMeant({ kind, causes }: Detour, verdict: Verdict): boolean {
  if (verdict === SOFTENED) return (causes & Cause.softLimit) !== 0;
  switch (verdict.kind) {
    case "demote":
    case "spill":
      return kind === verdict.kind;
    case "reject":
      return (causes & causeOf(verdict.reason)) !== 0;
    case "admit":
    case "wait":
      return false;
    default:
      return unreachable(verdict);
  }
}

function causeOf(reason: number): number {
  switch (outcomeOf(reason)) {
    case Outcome.rateLimited:
      return Cause.limit;
    case Outcome.overloaded:
      return Cause.overload;
    case Outcome.unavailable:
      return Cause.outage;
    default:
      return 0;
  }
}
