import { describe, expect, it } from "vitest";
import { Outcome, reasonCode } from "../../../../src/core/base/outcome.js";
import { mergedColumns } from "../../../../src/core/results/ledger/cross-table.js";
import { Entry, TrackedAccounts } from "../../../../src/core/results/ledger/tracked-accounts.js";

describe("tracked accounts", () => {
  it("have everything that was noted of them, however much that is", () => {
    const tracked = new TrackedAccounts(3, 2);
    const count = 5000;
    for (let attempt = 0; attempt < count; attempt++) {
      const [tier, account] = [attempt % 3, attempt % 2];
      tracked.note(Entry.attemptArrived, tier, account);
      tracked.note(Entry.firstToken, tier, account, attempt);
      tracked.note(Entry.tokensCompleted, tier, account, 3, 2, 1);
      // Asked for on the way, too.
      if (attempt % 1777 === 0) expect(tracked.table.tiers).toBe(3);
    }
    for (const account of [0, 1]) {
      const parts = [0, 1, 2].flatMap((tier) => tracked.table.cellsOf(tier, account));
      const { attempts, ttft, inputTokens, cachedTokens, outputTokens } = mergedColumns(parts);
      const half = count / 2;
      expect([attempts, ttft.count, ttft.minimum, ttft.maximum]).toEqual([
        half,
        half,
        account,
        count - 2 + account,
      ]);
      expect([inputTokens, cachedTokens, outputTokens]).toEqual([3 * half, 2 * half, half]);
    }
  });

  it("have an entry for everything that can happen", () => {
    const tracked = new TrackedAccounts(1, 1);
    const outage = reasonCode("outage");
    for (const entry of Object.values(Entry)) tracked.note(entry, 0, 0, outage, 2, 3);
    const columns = tracked.table.at(0, 0);
    expect(columns.outcomes[Outcome.inFlight]).toBe(1);
    expect([columns.reasons[outage], columns.retries[outage], columns.requestReasons[outage]]).toEqual([
      1, 1, 1,
    ]);
    const { requestsOffered, requestsFailed, requestsOpen, clientRejected, hedges, attempts } = columns;
    expect([requestsOffered, requestsFailed, requestsOpen, clientRejected, hedges, attempts]).toEqual([
      1, 1, 1, 1, 1, 1,
    ]);
    const { queueWait, ttft, latency, tokensPerSecond, generatedTokens } = columns;
    const told = [queueWait, ttft, latency].map(({ sum }) => sum);
    expect([...told, tokensPerSecond.sum, generatedTokens]).toEqual([outage, outage, outage, 2, outage]);
    const { wastedPrefillTokens, wastedDecodeTokens, inputTokens, cachedTokens, outputTokens } = columns;
    expect([wastedPrefillTokens, wastedDecodeTokens]).toEqual([outage, 2]);
    expect([inputTokens, cachedTokens, outputTokens]).toEqual([outage, 2, 3]);
  });
});
