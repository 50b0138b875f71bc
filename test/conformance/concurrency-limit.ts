// The contract of concurrency limits, src/core/tools/contracts/limit.ts, as tests.
import { describe, it } from "vitest";
import type { ConcurrencyLimit } from "../../src/core/server/gateway/concurrency/limit.js";
import { LIMIT_LAWS as LAWS } from "../../src/core/tools/contracts/limit.js";
import { gear } from "../support/mode.js";

const RUNS = gear(80, 500);

/** By what they say: each throws where a limit breaks it. */
export const LIMIT_LAWS: Readonly<Record<string, (create: () => ConcurrencyLimit) => void>> =
  Object.fromEntries(
    LAWS.map(({ text, hold }) => [text, (create: () => ConcurrencyLimit) => hold(create, RUNS)]),
  );

export function limitContract(name: string, create: () => ConcurrencyLimit): void {
  describe(`concurrency limit ${name}`, () => {
    it.each(Object.entries(LIMIT_LAWS))("%s", (_, law) => law(create));
  });
}
