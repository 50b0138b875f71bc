// A concurrency limit of a user's own inside its realm. Whatever it is told, how many may be inside goes out.
import { type LimitBridge, NOTHING, type RequestNumbers, SETTLEMENTS } from "../core/custom/code.js";
import type { CustomLimit } from "../core/custom/limit.js";
import type { PolicyPath } from "../core/custom/policy.js";
import { methodsOf, shown, truth } from "./checks.js";
import { requestOf } from "./request.js";

const METHODS = ["firstToken", "left", "mayEnter", "entered"] as const;

export class LimitInRealm implements LimitBridge {
  readonly has: number;
  readonly #made: CustomLimit;
  readonly #paths: readonly PolicyPath[];

  constructor(made: unknown, paths: readonly PolicyPath[]) {
    this.has = methodsOf(made, { what: "a limit", methods: METHODS });
    this.#made = made as CustomLimit;
    this.#paths = paths;
    this.most();
  }

  most(): number {
    const { most } = this.#made;
    if (most === Number.POSITIVE_INFINITY || (Number.isSafeInteger(most) && most >= 1)) return most;
    throw new TypeError(`most is ${shown(most)}; it is a whole number from 1 up, or Infinity`);
  }

  firstToken(startedAt: number, inside: number, now: number, attempt: number): number {
    this.#made.firstToken!(startedAt, inside, now, attempt);
    return this.most();
  }

  left(...numbers: Parameters<LimitBridge["left"]>): number {
    const [startedAt, firstToken, leftAt, outputTokens, settlement, inside, attempt] = numbers;
    const firstTokenAt = firstToken === NOTHING ? undefined : firstToken;
    const how = { startedAt, firstTokenAt, leftAt, outputTokens, settlement: SETTLEMENTS[settlement]! };
    this.#made.left!(Object.freeze(how), inside, attempt);
    return this.most();
  }

  mayEnter(...numbers: Parameters<LimitBridge["mayEnter"]>): number {
    const request = requestOf(this.#paths, ...(numbers.slice(0, 7) as RequestNumbers));
    return truth(this.#made.mayEnter!(request, numbers[7], numbers[8]), "mayEnter");
  }

  entered(...numbers: Parameters<LimitBridge["entered"]>): number {
    const request = requestOf(this.#paths, ...(numbers.slice(0, 7) as RequestNumbers));
    this.#made.entered!(request, numbers[7], numbers[8], numbers[9]);
    return this.most();
  }
}
