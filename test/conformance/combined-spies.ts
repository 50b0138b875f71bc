// What the parts of an admission are shown and told in a run, written down as it comes: to be counted, and to be shown to
// new parts again. The spies pass everything on unchanged. Know no law but what a part may be shown.
import type { AdmissionParts } from "../../src/core/server/gateway/admission.js";
import type { ConcurrencyLimit } from "../../src/core/server/gateway/concurrency/limit.js";
import type { AdmissionPolicy, Occupancy } from "../../src/core/server/gateway/policies/policy.js";
import type { QueueRule } from "../../src/core/server/gateway/queue/rule.js";
import { PoolSignals } from "../../src/core/server/gateway/signals.js";
import { RANKS } from "./combined-calls.js";
import type { CombinedPool } from "./combined-pool.js";

/** Something that a part was asked or told, to be done to another, and what came of it. */
interface Exchange {
  readonly what: () => string;
  readonly answer: string;
  readonly again: (policy: AdmissionPolicy, limit: ConcurrencyLimit) => string;
}

/** What was seen in one run. */
export interface Seen {
  readonly exchanges: readonly Exchange[];
  /** By path: what the policy let in, and what it was told has left. */
  readonly letIn: readonly number[];
  readonly settled: readonly number[];
  /** What the rule was told is over. */
  readonly ended: number;
  /** What the limit was told has started, and has left. */
  readonly entered: number;
  readonly left: number;
  /** What a part was shown that it may not see, or that was not so: of each law the first. */
  readonly beyondDeclared: string | undefined;
  readonly undated: string | undefined;
}

type Writable<View> = { -readonly [Key in keyof View]: View[Key] };
interface Notes extends Writable<Seen> {
  readonly exchanges: Exchange[];
  readonly letIn: number[];
  readonly settled: number[];
}

const FACTS = "account,cachedTokens,inputTokens,maxTokens,model,path,pool,rank";
const STAY = "firstTokenAt,leftAt,outputTokens,settlement,startedAt";
const OCCUPANCY = "kvTokens,kvUsed,slots,slotsBusy";
const SIGNALS = "asOf,kvTokens,kvUsed,openings,queued,queuedByRank,replicas,slots,slotsBusy";

const keysOf = (shown: object) => Object.keys(shown).sort().join();

/** The same parts, watched. `observe` says in which pool they are, before that does anything. */
export function watched(parts: AdmissionParts): {
  readonly parts: AdmissionParts;
  readonly seen: Seen;
  readonly observe: (pool: CombinedPool) => void;
} {
  const notes: Notes = {
    exchanges: [],
    letIn: Array.from({ length: RANKS }, () => 0),
    settled: Array.from({ length: RANKS }, () => 0),
    ended: 0,
    entered: 0,
    left: 0,
    beyondDeclared: undefined,
    undated: undefined,
  };
  const spies = new Spies(notes);
  spies.onPolicy(parts.policy);
  spies.onLimit(parts.limit);
  spies.onRule(parts.rule);
  const observe = (pool: CombinedPool) => {
    spies.pool = pool;
  };
  return { parts, seen: notes, observe };
}

class Spies {
  pool: CombinedPool | undefined;
  readonly #notes: Notes;

  constructor(notes: Notes) {
    this.#notes = notes;
  }

  onPolicy(policy: AdmissionPolicy): void {
    const notes = this.#notes;
    const decide = policy.decide.bind(policy);
    const settle = policy.settle.bind(policy);
    const mayStart = policy.mayStart.bind(policy);
    const dropsHead = policy.dropsHead.bind(policy);
    const started = policy.started.bind(policy);
    policy.decide = (facts, signals, now) => {
      this.#declares(FACTS, facts);
      this.#declares(SIGNALS, signals);
      const shown = copyOf(signals);
      this.#checkDate(shown);
      const verdict = decide(facts, signals, now);
      if (told(signals) !== told(shown)) notes.undated ??= "a policy has changed the copy that it was shown";
      if (verdict.kind === "admit" || verdict.kind === "wait") notes.letIn[facts.path]!++;
      this.#note(
        () => `decides ${told(facts)} on ${told(shown)} at ${now}`,
        told(verdict),
        (again) => told(again.decide(facts, copyOf(shown), now)),
      );
      return verdict;
    };
    policy.mayStart = (path, tokens, occupancy) => {
      const shown: Occupancy = { ...occupancy };
      this.#declares(OCCUPANCY, occupancy);
      const answer = mayStart(path, tokens, occupancy);
      this.#note(
        () => `may ${path} start on ${told(shown)}`,
        told(answer),
        (again) => told(again.mayStart(path, tokens, { ...shown })),
      );
      return answer;
    };
    policy.dropsHead = (...asked) => {
      const answer = dropsHead(...asked);
      this.#note(
        () => `drops ${told(asked)}`,
        told(answer),
        (again) => told(again.dropsHead(...asked)),
      );
      return answer;
    };
    policy.started = (...asked) => {
      started(...asked);
      this.#note(
        () => `started ${told(asked)}`,
        "",
        (again) => {
          again.started(...asked);
          return "";
        },
      );
    };
    policy.settle = (path, settlement, now) => {
      notes.settled[path]!++;
      settle(path, settlement, now);
      this.#note(
        () => `settles ${path}`,
        "",
        (again) => {
          again.settle(path, settlement, now);
          return "";
        },
      );
    };
  }

  onLimit(limit: ConcurrencyLimit): void {
    const notes = this.#notes;
    const mayEnter = limit.mayEnter.bind(limit);
    const entered = limit.entered.bind(limit);
    const firstToken = limit.firstToken.bind(limit);
    const left = limit.left.bind(limit);
    limit.mayEnter = (facts, ...asked) => {
      this.#declares(FACTS, facts);
      const answer = mayEnter(facts, ...asked);
      this.#note(
        () => `may enter ${told(facts)}, ${asked}`,
        told(answer),
        (_, again) => told(again.mayEnter(facts, ...asked)),
      );
      return answer;
    };
    limit.entered = (attempt, facts, ...asked) => {
      notes.entered++;
      this.#declares(FACTS, facts);
      entered(attempt, facts, ...asked);
      this.#note(
        () => `entered ${attempt}`,
        told(limit.most),
        (_, again) => {
          again.entered(attempt, facts, ...asked);
          return told(again.most);
        },
      );
    };
    limit.firstToken = (...asked) => {
      firstToken(...asked);
      this.#note(
        () => `first token ${told(asked)}`,
        told(limit.most),
        (_, again) => {
          again.firstToken(...asked);
          return told(again.most);
        },
      );
    };
    limit.left = (attempt, stay, inside) => {
      const was = { ...stay };
      notes.left++;
      this.#declares(STAY, stay);
      left(attempt, stay, inside);
      this.#note(
        () => `left ${attempt} ${told(was)}`,
        told(limit.most),
        (_, again) => {
          again.left(attempt, { ...was }, inside);
          return told(again.most);
        },
      );
    };
  }

  onRule(rule: QueueRule): void {
    const settled = rule.settled.bind(rule);
    rule.settled = (...asked) => {
      this.#notes.ended++;
      settled(...asked);
    };
  }

  #note(what: Exchange["what"], answer: string, again: Exchange["again"]): void {
    this.#notes.exchanges.push({ what, answer, again });
  }

  #declares(declared: string, shown: object): void {
    const keys = keysOf(shown);
    if (keys !== declared) this.#notes.beyondDeclared ??= `a part was shown ${keys}`;
  }

  /** What is shown is the picture of its date, but that a limit may keep this one out. */
  #checkDate(shown: PoolSignals): void {
    const { picture } = this.pool!;
    const isKeptOut = shown.openings === 0;
    const expected = isKeptOut ? Object.assign(copyOf(picture), { openings: 0 }) : picture;
    if (told(shown) !== told(expected))
      this.#notes.undated ??= `shown ${told(shown)}, it was ${told(picture)}`;
  }
}

/** The first answer of new parts, to all that was asked in a run, that is not as it was then. */
export function unlikeAgain(
  { exchanges }: Seen,
  { policy, limit }: Pick<AdmissionParts, "policy" | "limit">,
): string | undefined {
  for (const { what, answer, again } of exchanges) {
    const now = again(policy, limit);
    if (now !== answer) return `${what()}: "${answer}", and shown it again "${now}"`;
  }
  return undefined;
}

const told = (value: unknown): string => JSON.stringify(value) ?? "";

function copyOf({ queuedByRank, ...values }: PoolSignals): PoolSignals {
  const copy = Object.assign(new PoolSignals(queuedByRank.length), values);
  copy.queuedByRank.set(queuedByRank);
  return copy;
}
