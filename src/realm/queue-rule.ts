// A queue rule of a user's own inside its realm.
import type { QueueRuleBridge, RequestNumbers } from "../core/custom/code.js";
import type { PolicyPath } from "../core/custom/policy.js";
import type { CustomQueueRule } from "../core/custom/queue-rule.js";
import { methodsOf, number, truth } from "./checks.js";
import { requestOf } from "./request.js";

const METHODS = ["score", "isLate", "started", "settled"] as const;

export class QueueRuleInRealm implements QueueRuleBridge {
  readonly has: number;
  readonly #made: CustomQueueRule;
  readonly #paths: readonly PolicyPath[];

  constructor(made: unknown, paths: readonly PolicyPath[]) {
    this.has = methodsOf(made, { what: "a queue rule", methods: METHODS, needed: ["score"] });
    this.#made = made as CustomQueueRule;
    this.#paths = paths;
  }

  score(...numbers: Parameters<QueueRuleBridge["score"]>): number {
    const request = requestOf(this.#paths, ...(numbers.slice(0, 7) as RequestNumbers));
    return number(this.#made.score(request, numbers[7]), "score");
  }

  isLate(...numbers: Parameters<QueueRuleBridge["isLate"]>): number {
    const request = requestOf(this.#paths, ...(numbers.slice(0, 7) as RequestNumbers));
    return truth(this.#made.isLate!(request, numbers[7], numbers[8]), "isLate");
  }

  ruleStarted(account: number, inputTokens: number, now: number): number {
    this.#made.started!(Object.freeze({ account, inputTokens }), now);
    return 0;
  }

  settled(account: number, outputTokens: number, now: number): number {
    this.#made.settled!(Object.freeze({ account, outputTokens }), now);
    return 0;
  }
}
