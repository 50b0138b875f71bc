// One definition of a user's own in one run: a realm of its own, what it said when it was made, and the error that ends
// the run where its code fails.
import { SurgefleetError } from "../base/errors.js";
import { type Instant, START, toSeconds } from "../base/units.js";
import {
  type Bridge,
  type CustomModules,
  type Failure,
  KIND_NAMES,
  type OpenRealm,
  type Realm,
  type RequestNumbers,
  type RequestSeen,
} from "../custom/code.js";
import { type CustomSpec, optionsOf } from "./custom.js";

/** The modules of a run, and what opens realms for them. */
export interface CustomRun {
  readonly modules: CustomModules;
  readonly open: OpenRealm;
}

/** Where a module is used. */
export interface CustomUse extends CustomRun {
  /** As messages say it: "pool shared". */
  readonly where: string;
}

/** In a pool, whose modules know the paths of the scenario by their names. */
export interface CustomPool extends CustomUse {
  /** All paths of the scenario, in their order. */
  readonly paths: readonly { readonly name: string; readonly isServed: boolean; readonly rank: number }[];
}

const UNREADABLE: Failure = { of: "its code", message: "failed, and its error cannot be read", stack: "" };

export class CustomInstance {
  readonly bridge: Bridge;
  /** Bits of `Has`. */
  readonly has: number;
  readonly #realm: Realm;
  readonly #about: string;
  /** One object, filled in anew for every request. */
  readonly #request: RequestNumbers = [0, 0, 0, 0, 0, 0, 0];
  #now: Instant = START;

  /**
   * `uniform`, on [0, 1), is what its `create` draws from. Throws CODE_FAILED where that fails, NOT_FOUND for a module
   * that was not loaded.
   */
  constructor(spec: CustomSpec, { modules, open, where }: CustomUse, context: object, uniform: number) {
    const { module } = spec;
    const code = modules[module];
    if (code === undefined) throw new SurgefleetError("NOT_FOUND", `the module ${module} was not loaded`);
    this.#realm = open(code);
    this.#about = `${KIND_NAMES[code.kind]} ${module} of ${where}`;
    this.bridge = this.#realm.bridge;
    this.bridge.reseed(uniform);
    const made = this.bridge.create(JSON.stringify(optionsOf(spec, modules)), JSON.stringify(context));
    this.has = this.checked(made, START);
  }

  /** A request as it crosses the border. Valid until the next. */
  numbersOf(request: RequestSeen): RequestNumbers {
    const numbers = this.#request;
    numbers[0] = request.account;
    numbers[1] = request.path;
    numbers[2] = request.model;
    numbers[3] = request.rank;
    numbers[4] = request.inputTokens;
    numbers[5] = request.cachedTokens;
    numbers[6] = request.maxTokens;
    return numbers;
  }

  hasAny(bits: number): boolean {
    return (this.has & bits) !== 0;
  }

  /** What a function of the bridge returned, where that is no failure. Throws CODE_FAILED. */
  checked(result: number, now: Instant): number {
    this.#now = now;
    if (!Number.isNaN(result)) return result;
    throw this.#failure();
  }

  /** The time of the last call, for those that come without. */
  get now(): Instant {
    return this.#now;
  }

  /** What is thrown where a method answers what it may, but no run could end with it. */
  broken(of: string, message: string, now: Instant): SurgefleetError {
    return new SurgefleetError("CODE_FAILED", `${this.#about}, at ${toSeconds(now)} s: ${of}: ${message}`);
  }

  #failure(): SurgefleetError {
    const { of, message, stack } = readFailure(this.#realm.bridge.failure());
    const at = this.#realm.place(stack);
    const { message: told } = this.broken(of, message, this.#now);
    return new SurgefleetError("CODE_FAILED", at === undefined ? told : `${at}: ${told}`);
  }
}

/** It comes from the realm: nothing of it is taken for granted. */
function readFailure(json: unknown): Failure {
  try {
    const { of, message, stack } = JSON.parse(String(json)) as Partial<Failure>;
    return { of: String(of), message: String(message), stack: String(stack) };
  } catch {
    return UNREADABLE;
  }
}
