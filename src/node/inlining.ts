// How far V8 inlines. The path of a request leads through many small functions of many rooms, and by its own budget
// V8 stops in the midst of it: with three times as much, runs are some 5 % faster. A flag of the process, threads
// included; a library must not set it for its users, a program may.
import { setFlagsFromString } from "node:v8";

/** Bytes of bytecode that may be inlined into one function; V8's own budget is 920. */
export const INLINING_FLAG = "--max-inlined-bytecode-size-cumulative=2800";

/** V8 versions that are known to have the flag: others would complain of it on standard error. */
const NEWEST_KNOWN = 13;

/** Call before anything is simulated. */
export function inlineMore(): void {
  if (Number.parseInt(process.versions.v8, 10) > NEWEST_KNOWN) return;
  setFlagsFromString(INLINING_FLAG);
}
