import { expect, it } from "vitest";
import { AccountNames } from "../../../../../src/core/demand/traffic/accounts.js";
import { TraceCallers } from "../../../../../src/core/demand/traffic/replay/trace-callers.js";
import { row } from "../../../tools/trace-fit/rows.js";

const MIX = [
  { model: "kimi", share: 0.5 },
  { model: "kimi", serviceTier: "priority", share: 0.5 },
];

function callers(seed = "1") {
  const names = new AccountNames();
  const of = new TraceCallers({ name: "recorded", accounts: { count: 3, skew: 0 }, mix: MIX }, seed, names);
  return { of, account: (account: string) => names.nameOf(of.accountOf({ ...row(), account })) };
}

it("takes the account that a row names, and draws one of its own where it names none", () => {
  const { account } = callers();
  expect(account("bob")).toBe("bob");
  const drawn = new Set(Array.from({ length: 60 }, () => account("")));
  expect([...drawn].sort()).toEqual(["recorded-1", "recorded-2", "recorded-3"]);
});

it("draws an account for a row that names one too, so that the next row's is the same either way", () => {
  const [one, other] = [callers(), callers()];
  const drawn = Array.from({ length: 20 }, () => one.account(""));
  const after = Array.from({ length: 20 }, (_, index) => other.account(index % 2 === 0 ? "bob" : ""));
  expect(after.filter((name) => name !== "bob")).toEqual(drawn.filter((_, index) => index % 2 === 1));
});

it("draws paths on a stream of its own", () => {
  const [one, other] = [callers().of, callers()];
  const tiers = Array.from({ length: 40 }, () => one.drawEntry().serviceTier);
  expect(new Set(tiers).size).toBe(2);
  const beside = tiers.map(() => {
    other.account("");
    return other.of.drawEntry().serviceTier;
  });
  expect(beside).toEqual(tiers);
});
