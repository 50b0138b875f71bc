// Closes a realm before a user's module is read in it: what would make two runs differ is not there, and says so.
// Nothing of the host is in a realm to begin with.
import { stackOfModule } from "./stacks.js";

const TIME = "time is an argument: `now`, in microseconds from the start of the run";
const CHANCE = "chance is an argument: `chance()` of the context";
const WAITING = "nothing can be waited for";
const LOCALE = "it depends on the machine; compare texts with < and ===";

/**
 * What there is of the language: all else goes, so that every engine has the same names, whatever it adds to them. What
 * goes would reach out of the realm (Atomics, WebAssembly), look at the machine (Intl) or at when memory is freed
 * (WeakRef). A name that is not there is told by the engine, and libraries that ask whether it is there go on without.
 */
const KEPT: readonly string[] = [
  ...["globalThis", "undefined", "NaN", "Infinity", "isNaN", "isFinite", "parseInt", "parseFloat"],
  ...["encodeURI", "encodeURIComponent", "decodeURI", "decodeURIComponent", "escape", "unescape", "eval"],
  ...["Object", "Function", "Array", "Boolean", "Number", "BigInt", "String", "Symbol", "RegExp"],
  ...["Math", "JSON", "Reflect", "Proxy", "Map", "Set", "WeakMap", "WeakSet"],
  ...["Error", "AggregateError", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError"],
  ...["URIError", "ArrayBuffer", "DataView", "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array"],
  ...["Uint16Array", "Int32Array", "Uint32Array", "Float32Array", "Float64Array", "BigInt64Array"],
  "BigUint64Array",
];

/** Methods that answer by the language of the machine. */
const OF_THE_LOCALE = [
  [Number.prototype, ["toLocaleString"]],
  [BigInt.prototype, ["toLocaleString"]],
  [String.prototype, ["localeCompare", "toLocaleLowerCase", "toLocaleUpperCase"]],
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

/** A class that says why it is not there, whatever is done with it. */
function refuseClass(name: string, why: string, statics: readonly string[]): void {
  const refuse = refusal(name, why);
  class Refused {
    constructor() {
      refuse();
    }
  }
  for (const one of statics) fix(Refused, one, refuse);
  fix(globalThis, name, Refused);
}

/** Closes the realm of this very script. */
export function closeRealm(): void {
  for (const name of Object.getOwnPropertyNames(globalThis))
    if (!KEPT.includes(name)) Reflect.deleteProperty(globalThis, name);
  refuseClass("Date", TIME, ["now", "parse", "UTC"]);
  // One that fails that is not caught would end the process of the host. `async` methods are made of it.
  refuseClass("Promise", WAITING, ["all", "allSettled", "any", "race", "reject", "resolve"]);
  Reflect.deleteProperty(Array, "fromAsync");
  fix(Math, "random", refusal("Math.random", CHANCE));
  for (const [owner, names] of OF_THE_LOCALE)
    for (const name of names) fix(owner, name, refusal(name, LOCALE));
  // Else a module could have the host's own frames handed to it when a stack is written, or read its paths there.
  fix(Error, "prepareStackTrace", stackOfModule);
  fix(globalThis, "Error", Error);
}
