// A concurrency limit that counts attempts and weighs none: whatever there is room for may enter.
import type { Instant } from "../../../base/units.js";
import type { RequestFacts } from "../request-facts.js";
import type { ConcurrencyLimit, Stay } from "./limit.js";

export abstract class Weightless implements ConcurrencyLimit {
  abstract readonly most: number;
  abstract readonly learns: boolean;
  readonly weighs: boolean = false;

  mayEnter(_facts: RequestFacts, _inside: number, _now: Instant): boolean {
    return true;
  }

  entered(_attempt: number, _facts: RequestFacts, _inside: number, _now: Instant): void {
    // Weighs none.
  }

  abstract firstToken(attempt: number, startedAt: Instant, inside: number, now: Instant): void;
  abstract left(attempt: number, stay: Stay, inside: number): void;
}
