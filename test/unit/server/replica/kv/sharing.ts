// Sequences for the tests of this folder, as far as their memory goes.

import { NONE } from "../../../../../src/core/base/none.js";
import type { CacheUse } from "../../../../../src/core/server/replica/kv/prefix-cache.js";

export interface Shares {
  readonly prefix?: number;
  readonly prefixTokens?: number;
  readonly session?: number;
  readonly sharedTokens?: number;
}

export function sequence({
  prefix = NONE,
  prefixTokens = 0,
  session = NONE,
  sharedTokens = 0,
}: Shares = {}): CacheUse {
  const nothing = { usesPrefix: false, usesSession: false, sharedBlocks: 0 };
  return { prefix, prefixTokens, session, sharedTokens, ...nothing };
}
