// What is decided leaves nothing behind: a million decisions, with all that is told of what was let in, hold less than a
// megabyte more than the first ten thousand did, whatever the policy, the limit and the rule. By day thirty thousand, and
// half a megabyte.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { type Instant, instant, START } from "../../src/core/base/units.js";
import { namesOf } from "../../src/core/document/definition.js";
import { Admission, KEPT } from "../../src/core/server/gateway/admission.js";
import { concurrencyLimit, createLimit, LIMITS } from "../../src/core/server/gateway/concurrency/registry.js";
import { createPolicy, POLICIES, policy } from "../../src/core/server/gateway/policies/registry.js";
import { NO_REQUEST } from "../../src/core/server/gateway/queue/queue.js";
import { createQueueRule, QUEUE_RULES, queueRule } from "../../src/core/server/gateway/queue/registry.js";
import { facts, lanesOf, occupancy, policyContext, signals, waitingView } from "../support/gateway-views.js";
import { gear } from "../support/mode.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const RANKS = [0, 1, 1];
const PATHS = RANKS.map((rank, path) => ({ name: `p${path}`, isServed: true, rank }));
const ACCOUNTS = 50;
const SLOTS = 20;
const MOST_BYTES = gear(500_000, 1_000_000);

interface Parts {
  readonly policy?: string;
  readonly limit?: string;
  readonly rule?: string;
}

function admissionOf({ policy: name = "tail-drop", limit = "none", rule = "priority" }: Parts): Admission {
  let draws = 0;
  const chance = () => ((++draws * 2654435761) % 4294967296) / 4294967296;
  const options = name === "any-of" ? { of: [{ policy: "codel" }, { policy: "cinnamon" }] } : {};
  return new Admission({
    policy: createPolicy(policy.parse({ policy: name, ...options }), policyContext(PATHS, chance)),
    limit: createLimit(concurrencyLimit.parse(limit), { chance }),
    rule: createQueueRule(queueRule.parse(rule), lanesOf(RANKS)),
  });
}

/** A pool of its own making, always near full: arrivals of all ranks and accounts, in slots that are used again. */
class Life {
  readonly #admission: Admission;
  readonly #signals = signals({ slots: SLOTS, queued: [0, 0] });
  readonly #occupancy = occupancy({ slots: SLOTS });
  readonly #facts = facts();
  readonly #waiting = waitingView({
    pathOf: (request) => request % RANKS.length,
    arrivedAtOf: () => (this.#now - 1000) as Instant,
    factsOf: () => this.#facts,
  });
  readonly #free: number[] = Array.from({ length: 1000 }, (_, slot) => slot);
  readonly #running: number[] = [];
  #now = START;
  #turn = 0;

  constructor(admission: Admission) {
    this.#admission = admission;
  }

  /** One arrival, all that may start, and, where it is full, one that leaves. */
  decide(): void {
    const admission = this.#admission;
    const turn = this.#turn++;
    this.#now = instant(this.#now + 5000);
    const request = this.#free.pop()!;
    const path = request % RANKS.length;
    Object.assign(this.#facts, {
      account: turn % ACCOUNTS,
      path,
      rank: RANKS[path],
      inputTokens: 50 + (turn % 900),
    });
    this.#look();
    const { kind } = admission.decide(this.#facts, this.#signals, this.#now);
    if (kind === "admit" || kind === "wait") {
      admission.join(request, path, turn % ACCOUNTS, this.#now);
      this.#start();
      if (admission.isOverBound) this.#drop(admission.rule.lastBelow(-1));
    } else this.#free.push(request);
    if (this.#running.length >= SLOTS - 2) this.#end(this.#running.shift()!);
  }

  #look(): void {
    const seen = this.#signals;
    seen.asOf = this.#now;
    seen.slotsBusy = this.#running.length;
    seen.openings = SLOTS - this.#running.length;
    seen.queued = this.#admission.queue.length;
    for (const rank of [0, 1]) seen.queuedByRank[rank] = this.#admission.queue.countOfRank(rank);
  }

  #start(): void {
    const admission = this.#admission;
    while (this.#running.length < SLOTS && admission.isBelowLimit && admission.queue.length > 0) {
      const next = admission.next(this.#waiting, this.#occupancy, this.#now);
      if (next === NO_REQUEST) return;
      const reason = admission.dropsAtHead ? admission.dropsHead(next, this.#waiting, this.#now) : KEPT;
      if (reason !== KEPT) {
        this.#drop(admission.droppedFor(next, reason));
        continue;
      }
      admission.start(next, this.#waiting, this.#now);
      this.#running.push(next);
      admission.firstToken(next, this.#now);
    }
  }

  #drop(request: number): void {
    this.#admission.leave(request);
    this.#admission.settle(request, request % RANKS.length, "shed", 0, this.#now);
    this.#free.push(request);
  }

  #end(request: number): void {
    this.#admission.left(request);
    this.#admission.settle(request, request % RANKS.length, "completed", 40, this.#now);
    this.#free.push(request);
  }
}

/** Bytes that so many decisions leave behind, after ten thousand that make room. */
function heldBy(parts: Parts, decisions: number): number {
  const life = new Life(admissionOf(parts));
  for (let made = 0; made < 10_000; made++) life.decide();
  const before = held();
  for (let made = 0; made < decisions; made++) life.decide();
  return held() - before;
}

function held(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const DECISIONS = gear(30_000, 1_000_000);

test.each<Parts>([
  ...namesOf(POLICIES).map((name) => ({ policy: name })),
  ...namesOf(LIMITS).map((name) => ({ limit: name })),
  ...namesOf(QUEUE_RULES).map((name) => ({ rule: name })),
])("%o holds nothing of what it decided", (parts) => {
  expect(heldBy(parts, DECISIONS)).toBeLessThan(MOST_BYTES);
});

test("one that keeps a note of each decision is found out", () => {
  const admission = admissionOf({});
  const notes: object[] = [];
  const decide = admission.decide.bind(admission);
  admission.decide = (...asked) => {
    notes.push({ at: asked[2], path: asked[0].path, bytes: new Array(8).fill(0) });
    return decide(...asked);
  };
  const life = new Life(admission);
  const before = held();
  for (let made = 0; made < DECISIONS; made++) life.decide();
  expect(held() - before).toBeGreaterThan(MOST_BYTES);
  expect(notes.length).toBe(DECISIONS);
});
