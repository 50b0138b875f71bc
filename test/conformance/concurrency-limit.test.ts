// The contract of concurrency limits over every limit there is, with its defaults and with options that move it more;
// and limits that break it, each in its own way.
import { describe, expect, it } from "vitest";
import { type Instant, NEVER } from "../../src/core/base/units.js";
import { openStream } from "../../src/core/random/stream.js";
import type { ConcurrencyLimit, Stay } from "../../src/core/server/gateway/concurrency/limit.js";
import { concurrencyLimit, createLimit, LIMITS } from "../../src/core/server/gateway/concurrency/registry.js";
import type { RequestFacts } from "../../src/core/server/gateway/request-facts.js";
import { LIMIT_LAWS, limitContract } from "./concurrency-limit.js";

const FAST = { window: "10ms", samples: 1, initial: 3, least: 1 };

const MORE: Readonly<Record<string, readonly object[]>> = {
  fixed: [{ most: 1 }],
  aimd: [
    { slow: "50ms", initial: 3, least: 1, most: 5 },
    { initial: 1, least: 1, most: 1000, backoff: 0.5 },
  ],
  vegas: [
    { ...FAST, probe: 10 },
    { ...FAST, initial: 1, smoothing: 0.3, sample: "tpot" },
    { ...FAST, most: 3, sample: "latency" },
  ],
  gradient2: [
    { ...FAST, longWindow: 100, smoothing: 1, tolerance: 1 },
    { ...FAST, queue: 0.5, tolerance: 1, sample: "latency" },
  ],
  pid: [
    { prefills: 1, initial: 3, least: 1, most: 50, interval: "1ms", overloadAfter: "0s" },
    { kp: 0.5, ki: 3, kd: 0.1, overloadAfter: "100ms" },
  ],
  predictive: [
    { ttft: "20ms", tpot: "1ms", memory: 2 },
    { predictor: "current", perPromptToken: 0, perSequence: "1us", answer: "3ms" },
  ],
};

function create(written: string | object): ConcurrencyLimit {
  const stream = openStream("1", "limit");
  return createLimit(concurrencyLimit.parse(written as never), { chance: () => stream.uniform() });
}

for (const { name } of LIMITS) {
  limitContract(name, () => create(name));
  for (const more of MORE[name] ?? []) {
    const written = { limit: name, ...more };
    limitContract(`${name} ${JSON.stringify(more)}`, () => create(written));
  }
}

class Canary implements ConcurrencyLimit {
  readonly learns: boolean = true;
  readonly weighs: boolean = false;
  most = 20;

  mayEnter(_facts: RequestFacts, _inside: number, _now: Instant): boolean {
    return true;
  }

  entered(_attempt: number, _facts: RequestFacts): void {}

  firstToken(_attempt: number, _startedAt: Instant, _inside: number, _now: Instant): void {}

  left(_attempt: number, _stay: Stay, _inside: number): void {}
}

class ShrinksToNothing extends Canary {
  override left(_attempt: number, { firstTokenAt }: Stay): void {
    if (firstTokenAt === NEVER) this.most = Math.floor(this.most / 2);
  }
}

class GrowsUnderSlowTokens extends Canary {
  override firstToken(): void {
    this.most++;
  }
}

class GrowsByItself extends Canary {
  override mayEnter(): boolean {
    this.most++;
    return this.most % 2 === 0;
  }
  override readonly weighs = true;
}

class LetsInLater extends Canary {
  override readonly weighs = true;
  override mayEnter(_facts: RequestFacts, _inside: number, now: Instant): boolean {
    return now > 1e12;
  }
}

class WeighsUnlearned extends Canary {
  override readonly learns = false;
  override readonly weighs = true;
}

class KeepsNoneOut extends Canary {
  override readonly weighs = true;
  override most = Number.POSITIVE_INFINITY;
}

/** That knows nothing but who asks: at most so many of an account. */
class OfAnAccount extends Canary {
  override readonly weighs = true;
  override most = Number.POSITIVE_INFINITY;
  readonly #accounts = new Map<number, number>();
  readonly #inside = new Map<number, number>();

  override mayEnter({ account }: RequestFacts): boolean {
    return (this.#inside.get(account) ?? 0) < 30;
  }

  override entered(attempt: number, facts: RequestFacts): void {
    this.#accounts.set(attempt, facts.account);
    this.#inside.set(facts.account, (this.#inside.get(facts.account) ?? 0) + 1);
  }

  override left(attempt: number): void {
    const account = this.#accounts.get(attempt)!;
    this.#inside.set(account, this.#inside.get(account)! - 1);
  }
}

limitContract("of an account alone", () => new OfAnAccount());

function unlikeItself(): Canary {
  const limit = new Canary();
  limit.most = UNLIKE.next();
  return limit;
}

const UNLIKE = { last: 20, next: () => UNLIKE.last++ };

describe("limits that break the contract are found out", () => {
  it.each<[string, string, () => ConcurrencyLimit]>([
    ["shrinks to nothing", "always lets one in at least, and whole ones", () => new ShrinksToNothing()],
    [
      "grows without bound",
      "gives way to first tokens that come ever more slowly, or to a crowd, if it learns",
      () => new GrowsUnderSlowTokens(),
    ],
    [
      "keeps none out",
      "gives way to first tokens that come ever more slowly, or to a crowd, if it learns",
      () => new KeepsNoneOut(),
    ],
    [
      "changes when it is asked",
      "changes only when it is told something, and never if it does not learn",
      () => new GrowsByItself(),
    ],
    ["is changed by asking", "learns nothing from being asked", () => new GrowsByItself()],
    [
      "lets in later",
      "LAW-8: says of one and the same attempt the same until it is told something, however late",
      () => new LetsInLater(),
    ],
    [
      "weighs and does not learn",
      "says of itself whether it learns, once and for all, and learns if it weighs",
      () => new WeighsUnlearned(),
    ],
    ["is another each time", "LAW-4: learns and says the same from the same history", unlikeItself],
  ])("%s", (_, law, made) => {
    expect(() => LIMIT_LAWS[law]!(made)).toThrow();
  });
});
