import { describe, expect, it } from "vitest";
import { Contexts, NamedSessions } from "../../../../src/core/demand/traffic/contexts.js";

describe("contexts", () => {
  it("have numbers that no two sources share", () => {
    const contexts = new Contexts();
    const prefixes = [3, 0, 2, 1].map((count) => contexts.openPrefixes(count));
    expect([prefixes, contexts.openSession(), contexts.openSession()]).toEqual([[0, 3, 3, 5], 0, 1]);
    const [one, other] = [new NamedSessions(contexts), new NamedSessions(contexts)];
    one.next("ann", 10, 1);
    other.next("ann", 10, 1);
    expect([one.session, other.session]).toEqual([2, 3]);
  });

  it("go on with all that a session sent and got, up to the prompt, and anew after a shorter prompt", () => {
    const sessions = new NamedSessions(new Contexts());
    const shared = (name: string, input: number, output: number) => {
      sessions.next(name, input, output);
      return [sessions.session, sessions.sharedTokens];
    };
    expect(shared("ann", 100, 20)).toEqual([0, 0]);
    expect(shared("bob", 500, 1)).toEqual([1, 0]);
    expect(shared("ann", 150, 30)).toEqual([0, 120]);
    expect(shared("ann", 160, 5)).toEqual([0, 160]);
    // Compacted: a new context under a new number, which later prompts share, and none the old one.
    expect(shared("ann", 40, 10)).toEqual([2, 0]);
    expect(shared("ann", 60, 10)).toEqual([2, 50]);
  });
});
