// One definition of a user's own in one run: a realm of its own, what it said when it was made, and the error that ends
// the run where its code fails.
import { SurgefleetError } from "../base/errors.js";
import { type Instant, START, toSeconds } from "../base/units.js";
import { type Bridge, type CustomModules, FAILED, type Failure, type OpenRealm, type Realm } from "./code.js";

/** The modules of a run, and what opens realms for them. */
export interface CustomRun {
  readonly modules: CustomModules;
  readonly open: OpenRealm;
}

/** Where a module is used. */
export interface CustomPlace {
  /** As the scenario writes it. */
  readonly module: string;
  /** As messages say it: "pool shared". */
  readonly where: string;
}

const UNREADABLE: Failure = { of: "its code", message: "failed, and its error cannot be read", stack: "" };

export class CustomInstance {
  readonly bridge: Bridge;
  /** Bits of `Has`. */
  readonly has: number;
  readonly #realm: Realm;
  readonly #place: CustomPlace;
  readonly #kind: string;
  #now: Instant = START;

  /** Throws CODE_FAILED where its `create` does. */
  constructor(run: CustomRun, place: CustomPlace, options: object, context: object, uniform: number) {
    const code = run.modules[place.module];
    if (code === undefined)
      throw new SurgefleetError("NOT_FOUND", `the module ${place.module} was not loaded`);
    this.#realm = run.open(code);
    this.#place = place;
    this.#kind = code.kind;
    this.bridge = this.#realm.bridge;
    this.bridge.reseed(uniform);
    this.has = this.bridge.create(JSON.stringify(options), JSON.stringify(context));
    if (this.has === FAILED) throw this.failure();
  }

  /** What a function of the bridge returned, where that is no failure. */
  checked(result: number, now: Instant): number {
    if (result !== FAILED) return result;
    this.#now = now;
    throw this.failure();
  }

  /** What ends the run. */
  failure(): SurgefleetError {
    const { of, message, stack } = readFailure(this.#realm.bridge.failure());
    const { module, where } = this.#place;
    const at = this.#realm.place(stack);
    const told = `${this.#kind} ${module} of ${where}, at ${toSeconds(this.#now)} s: ${of}: ${message}`;
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
