import { describe, expect, it } from "vitest";
import { instant } from "../../../../../src/core/base/units.js";
import { NO_REQUEST } from "../../../../../src/core/server/gateway/queue/queue.js";
import { createQueueRule } from "../../../../../src/core/server/gateway/queue/registry.js";
import { openRealm } from "../../../../../src/node/code/open-realm.js";
import { facts, lanesOf, occupancy, startsAll, waitingView } from "../../../../support/gateway-views.js";
import { loaded } from "../../../../support/own-code.js";

const paths = [0, 1].map((rank) => ({ name: `p${rank}`, isServed: true, rank }));

/** A rule whose `create` has this body, with requests by number: their prompts are as long as that. */
function ruleOf(body: string) {
  const answer = loaded(
    `import { defineQueueRule } from "surgefleet";
     export default defineQueueRule({ summary: "x", create(options, context) { ${body} } });`,
  );
  if (!answer.ok) throw new Error(answer.issues[0]!.message);
  const use = { modules: { "./mine.ts": answer.code }, open: openRealm, where: "pool shared", paths };
  const rule = createQueueRule({ rule: "custom", module: "./mine.ts", written: {} }, lanesOf([0, 1]), use);
  const view = waitingView({
    pathOf: (request) => request % 2,
    inputTokensOf: (request) => request,
    arrivedAtOf: () => instant(0),
    factsOf: (request) => facts({ path: request % 2, rank: request % 2, inputTokens: request, account: 3 }),
  });
  const next = (mayStart = startsAll.mayStart) =>
    rule.next({ ...startsAll, mayStart }, view, occupancy(), instant(5));
  const join = (...requests: number[]) => {
    for (const request of requests) rule.join(request, request % 2, 3, instant(0));
  };
  return { rule, next, join, view };
}

const SHORTEST = "score: ({ inputTokens }) => inputTokens";

describe("a queue rule of the user's own", () => {
  it("has the least score start first, of those that the policy lets start", () => {
    const { rule, next, join } = ruleOf(`return { ${SHORTEST} };`);
    expect(next()).toBe(NO_REQUEST);
    join(8, 5, 4, 9);
    expect(next()).toBe(4);
    expect(next((path) => path === 1)).toBe(5);
    rule.leave(4);
    expect(next()).toBe(5);
    join(2);
    expect(next()).toBe(2);
    for (const request of [2, 5, 8, 9]) rule.leave(request);
    expect(next()).toBe(NO_REQUEST);
  });

  it("displaces by rank, whatever the scores say", () => {
    const { rule, join } = ruleOf(`return { ${SHORTEST} };`);
    join(8, 5, 9, 4);
    expect([rule.lastBelow(0), rule.lastBelow(1)]).toEqual([9, NO_REQUEST]);
  });

  it("says who is late, and hears of starts and ends with the account", () => {
    const { rule, join, view } = ruleOf(`
      const heard = [];
      return {
        ${SHORTEST},
        isLate: ({ inputTokens }, waited, now) => inputTokens > 5 && waited === now,
        started: ({ account, inputTokens }, now) => heard.push(account, inputTokens, now),
        settled: ({ account, outputTokens }, now) => {
          heard.push(account, outputTokens, now);
          throw new Error(heard.join());
        },
      };`);
    join(8, 5);
    expect(rule.dropsLate).toBe(true);
    expect([8, 5].map((request) => rule.isLate(request, view, instant(7)))).toEqual([true, false]);
    rule.leave(5);
    rule.started(5, 5, instant(7));
    expect(() => rule.settled(5, 30, instant(9))).toThrow(
      /pool shared, at 0\.000009 s: settled: Error: 3,5,7,3,30,9$/,
    );
  });

  it("hears of one that passes an empty queue with its account, if it listens at all", () => {
    const { rule } = ruleOf(`
      const heard = [];
      return {
        ${SHORTEST},
        started: ({ account, inputTokens }, now) => heard.push(account, inputTokens, now),
        settled: ({ account, outputTokens }, now) => {
          throw new Error([...heard, account, outputTokens, now].join());
        },
      };`);
    expect([rule.seesAll, ruleOf(`return { ${SHORTEST} };`).rule.seesAll]).toEqual([true, false]);
    rule.passed(6, 0, 11, 60, instant(4));
    expect(() => rule.settled(6, 30, instant(9))).toThrow(/: settled: Error: 11,60,4,11,30,9$/);
  });

  it("ends the run for a score that is none", () => {
    const { next, join } = ruleOf("return { score: () => 'first' };");
    join(1);
    expect(() => next()).toThrow(/score returned "first"; it returns a number/);
    expect(() => ruleOf("return {};")).toThrow(/a queue rule has to have a method score/);
  });
});
