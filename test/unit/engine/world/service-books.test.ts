import { describe, expect, it } from "vitest";
import { type Instant, NEVER, seconds } from "../../../../src/core/base/units.js";
import { ServiceBooks } from "../../../../src/core/engine/world/service-books.js";
import { Cohorts } from "../../../../src/core/results/ledger/cohorts.js";
import { Ledger } from "../../../../src/core/results/ledger/ledger.js";

const at = (time: number) => seconds(time) as number as Instant;

describe("what a server enters", () => {
  it("counts for the callers of the attempt, whom only its reference names", () => {
    const ledger = new Ledger(2, at(0), NEVER, [], false, new Cohorts(["chat", "agents"]));
    // References 7 and 9 are of the second source, all others of the first.
    const books = new ServiceBooks(ledger, (reference) => (reference === 7 || reference === 9 ? 1 : 0));
    books.attemptStarted(1, at(1), at(3), 7);
    books.tokensGenerated(1, 50, 9);
    books.tokensGenerated(0, 20, 8);
    books.wasted(0, 5, 6, 7);
    const { table } = ledger;
    const [agents, chat, lost] = [table.at(1, 1), table.at(0, 0), table.at(0, 1)];
    expect([agents.queueWait.count, agents.queueWait.mean, agents.generatedTokens]).toEqual([1, 2, 50]);
    expect([chat.queueWait.count, chat.generatedTokens]).toEqual([0, 20]);
    expect([lost.wastedPrefillTokens, lost.wastedDecodeTokens]).toEqual([5, 6]);
    expect(table.cells().length).toBe(3);
  });
  it("counts what was under way when the window opened by when it was sent, and no wait for that", () => {
    const ledger = new Ledger(1, at(10), NEVER);
    const books = new ServiceBooks(ledger, () => 0);
    books.behind({ wayIn: (reference) => seconds(reference) });
    // Sent at 9 and at 10.
    books.attemptStarted(0, at(11), at(15), 2);
    books.attemptStarted(0, at(11), at(15), 1);
    books.demoted(0, at(11), 2);
    books.demoted(0, at(11), 1);
    books.spilled(0, at(11), 2);
    const { queueWait, demoted, spilled } = ledger.table.at(0, 0);
    expect([queueWait.count, queueWait.mean, demoted, spilled]).toEqual([1, 4, 1, 0]);
  });
});
