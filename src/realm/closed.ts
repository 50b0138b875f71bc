// Closes a realm before a user's module is read in it: what would make two runs differ is not there, and says so.
// Nothing of the host is in a realm to begin with.

const TIME = "time is an argument: `now`, in microseconds from the start of the run";
const CHANCE = "chance is an argument: `chance()` of the context";
const ELSEWHERE = "a module sees its arguments and what it remembers, and nothing else";

/** What is not there, and what is said instead. */
const ABSENT: Readonly<Record<string, string>> = {
  Date: TIME,
  Intl: "it is not the same on every machine",
  Atomics: ELSEWHERE,
  SharedArrayBuffer: ELSEWHERE,
  WebAssembly: ELSEWHERE,
  FinalizationRegistry: "when memory is freed is not the same in every run",
  WeakRef: "when memory is freed is not the same in every run",
  console: "a module does not talk: throw an error to see a value",
  setTimeout: TIME,
  setInterval: TIME,
  setImmediate: TIME,
  queueMicrotask: TIME,
  performance: TIME,
  process: ELSEWHERE,
  require: "write an import of a file of your own",
  fetch: ELSEWHERE,
  crypto: CHANCE,
};

function refuse(owner: object, name: string, why: string): void {
  const shown = owner === globalThis ? name : `Math.${name}`;
  Object.defineProperty(owner, name, {
    get() {
      throw new ReferenceError(`${shown} is not there: ${why}`);
    },
    enumerable: false,
    configurable: false,
  });
}

function fix(owner: object, name: string, value: unknown): void {
  Object.defineProperty(owner, name, { value, writable: false, enumerable: false, configurable: false });
}

/** Closes the realm of this very script. */
export function closeRealm(): void {
  for (const [name, why] of Object.entries(ABSENT)) refuse(globalThis, name, why);
  refuse(Math, "random", CHANCE);
  // Else a module could have the host's own frames handed to it when a stack is written.
  fix(Error, "prepareStackTrace", undefined);
  fix(globalThis, "Error", Error);
}
