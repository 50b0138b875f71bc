// The contract of concurrency limits over every limit there is, with its defaults and with options that move it more.
import { concurrencyLimit, createLimit, LIMITS } from "../../src/core/server/gateway/concurrency/registry.js";
import { limitContract } from "./concurrency-limit.js";

const MORE: Readonly<Record<string, readonly object[]>> = {
  fixed: [{ most: 1 }],
  aimd: [
    { slow: "50ms", initial: 3, least: 1, most: 5 },
    { initial: 1, least: 1, most: 1000, backoff: 0.5 },
  ],
};

for (const { name } of LIMITS) {
  limitContract(name, () => createLimit(concurrencyLimit.parse(name)));
  for (const more of MORE[name] ?? []) {
    const written = { limit: name, ...more };
    limitContract(`${name} ${JSON.stringify(more)}`, () =>
      createLimit(concurrencyLimit.parse(written as never)),
    );
  }
}
