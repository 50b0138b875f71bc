// A concurrency limit of a user's own, as the gateway has it. What it is told goes into its realm as numbers, and how
// many may be inside then comes back.
import { type Instant, NEVER, START } from "../../../base/units.js";
import { Has, NOTHING, SETTLEMENTS } from "../../../custom/code.js";
import type { CustomInstance } from "../../../document/custom-instance.js";
import type { RequestFacts } from "../request-facts.js";
import type { ConcurrencyLimit, Stay } from "./limit.js";

export class CustomLimit implements ConcurrencyLimit {
  readonly learns: boolean;
  readonly weighs: boolean;
  most: number;
  readonly #instance: CustomInstance;

  constructor(instance: CustomInstance) {
    this.#instance = instance;
    this.weighs = instance.hasAny(Has.mayEnter | Has.entered);
    this.learns = this.weighs || instance.hasAny(Has.firstToken | Has.left);
    this.most = instance.checked(instance.bridge.most(), START);
  }

  mayEnter(facts: RequestFacts, inside: number, now: Instant): boolean {
    const instance = this.#instance;
    if (inside === 0 || !instance.hasAny(Has.mayEnter)) return true;
    const may = instance.bridge.mayEnter(...instance.numbersOf(facts), inside, now);
    return instance.checked(may, now) === 1;
  }

  entered(attempt: number, facts: RequestFacts, inside: number, now: Instant): void {
    const instance = this.#instance;
    if (!instance.hasAny(Has.entered)) return;
    const most = instance.bridge.entered(...instance.numbersOf(facts), inside, now, attempt);
    this.most = instance.checked(most, now);
  }

  firstToken(attempt: number, startedAt: Instant, inside: number, now: Instant): void {
    const instance = this.#instance;
    if (!instance.hasAny(Has.firstToken)) return;
    this.most = instance.checked(instance.bridge.firstToken(startedAt, inside, now, attempt), now);
  }

  left(attempt: number, stay: Stay, inside: number): void {
    const instance = this.#instance;
    if (!instance.hasAny(Has.left)) return;
    const { startedAt, firstTokenAt, leftAt, outputTokens, settlement } = stay;
    const most = instance.bridge.left(
      startedAt,
      firstTokenAt === NEVER ? NOTHING : firstTokenAt,
      leftAt,
      outputTokens,
      SETTLEMENTS.indexOf(settlement),
      inside,
      attempt,
    );
    this.most = instance.checked(most, leftAt);
  }
}
