// Assertions stay on in production: what only our own bug can cause stops the run at once.
// What a caller can cause is a SurgefleetError instead (errors.ts).

export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

export function assert(condition: boolean, law: string): asserts condition {
  if (!condition) throw new AssertionError(`internal error, please report it: ${law}`);
}

/** Marks the end of a switch over a closed union: a new member fails to compile here. */
export function unreachable(value: never): never {
  throw new AssertionError(`internal error, please report it: unexpected ${String(value)}`);
}
