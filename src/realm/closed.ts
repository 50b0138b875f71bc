// Closes a realm before a user's module is read in it: what would make two runs differ is not there, and says so.
// Nothing of the host is in a realm to begin with.

const TIME = "time is an argument: `now`, in microseconds from the start of the run";
const CHANCE = "chance is an argument: `chance()` of the context";

/**
 * Of the language, what would reach out of the realm, look at the machine or at when memory is freed. A name that is
 * not there is told by the engine, and libraries that ask whether it is there go on without.
 */
const GONE = [
  "Intl",
  "Atomics",
  "SharedArrayBuffer",
  "WebAssembly",
  "FinalizationRegistry",
  "WeakRef",
  "console",
] as const;

/** A function that says why it is not there. */
function refusal(name: string, why: string): () => never {
  return () => {
    throw new ReferenceError(`${name} is not there: ${why}`);
  };
}

function fix(owner: object, name: string, value: unknown): void {
  Object.defineProperty(owner, name, { value, writable: false, enumerable: false, configurable: false });
}

/** Closes the realm of this very script. */
export function closeRealm(): void {
  for (const name of GONE) Reflect.deleteProperty(globalThis, name);
  const noTime = refusal("Date", TIME);
  class NoDate {
    constructor() {
      noTime();
    }
  }
  for (const name of ["now", "parse", "UTC"]) fix(NoDate, name, noTime);
  fix(globalThis, "Date", NoDate);
  fix(Math, "random", refusal("Math.random", CHANCE));
  // Else a module could have the host's own frames handed to it when a stack is written.
  fix(Error, "prepareStackTrace", undefined);
  fix(globalThis, "Error", Error);
}
