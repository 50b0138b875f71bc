// Fairness between the accounts of a run or of one tier: how evenly they were served, and which fared worst. All
// accounts count, not only tracked ones. What an account gets is the share of the tokens it asked for that it was
// served: of valid requests that ended, for whatever reason they failed. Shedding as such has no index: 1 less a rate
// of a few per cent is alike for everyone, and the rates themselves are mostly chance where an account has few
// attempts.
import { jainIndex } from "../../stats/jain.js";
import { maxMinLevel } from "../../stats/max-min.js";
import type { AccountCounts } from "../ledger/account-counts.js";
import { type Ask, type AskText, ofSlice, RATE, unweighted, VALUE } from "./asks.js";
import type { JudgedFairness, WorstAccount } from "./judged.js";
import { MEAN, MEAN_OF_ALL, MOST_OFTEN, ratio } from "./pooling.js";
import type { ReadRow, ResultOf } from "./rows.js";

/** With fewer attempts, or requests, the highest rate of many accounts is that of an unlucky one. Ours. */
export const ENOUGH = 100;

/** Of columns that summary.csv has of every tier, behind those that came before them. */
const PLACE = 13;

/** Between the accounts of these tiers together; null where none of them asked for anything. */
export function fairnessOf(
  counts: AccountCounts,
  tiers: readonly number[],
  nameOf: (account: number) => string,
): JudgedFairness | null {
  const demandOfEach = new Float64Array(counts.count);
  const serviceOfEach = new Float64Array(counts.count);
  const shed = new Worst("highest");
  const served = new Worst("lowest");
  let accounts = 0;
  let total = 0;
  for (let account = 0; account < counts.count; account++) {
    const { attempts, overloaded, endedRequests, demandedTokens, servedTokens } = counts.over(account, tiers);
    if (attempts >= ENOUGH) shed.consider(account, overloaded / attempts);
    if (demandedTokens === 0) continue;
    demandOfEach[accounts] = demandedTokens;
    serviceOfEach[accounts] = servedTokens;
    accounts++;
    total += servedTokens;
    if (endedRequests >= ENOUGH) served.consider(account, servedTokens / demandedTokens);
  }
  if (accounts === 0) return null;
  const demands = demandOfEach.subarray(0, accounts);
  const services = serviceOfEach.subarray(0, accounts);
  const level = maxMinLevel(demands, total);
  return {
    accounts,
    service: jainIndex(services.map((got, index) => got / demands[index]!)),
    maxMin:
      level > 0 ? jainIndex(services.map((got, index) => got / Math.min(demands[index]!, level))) : null,
    overloaded: shed.named(nameOf),
    leastServed: served.named(nameOf),
  };
}

/** The first of those that are equal; without a name where none is worse than it can be at best. */
class Worst {
  readonly #isHighest: boolean;
  #account = -1;
  #share = 0;

  constructor(which: "highest" | "lowest") {
    this.#isHighest = which === "highest";
  }

  consider(account: number, share: number): void {
    const isWorse = this.#isHighest ? share > this.#share : share < this.#share;
    if (this.#account >= 0 && !isWorse) return;
    this.#account = account;
    this.#share = share;
  }

  named(nameOf: (account: number) => string): WorstAccount | null {
    if (this.#account < 0) return null;
    const isBest = this.#share === (this.#isHighest ? 0 : 1);
    return { name: isBest ? null : nameOf(this.#account), share: this.#share };
  }
}

type FairnessText<Name extends string> = Pick<AskText<Name>, "name" | "better" | "basis"> &
  Pick<Ask, "awaits" | "always" | "answers"> & { readonly means: string };

const UNITS = {
  /** An index is no share of anything. */
  ratio: { unit: "ratio", unitText: "index", range: [0, 1] },
  rate: { unit: "share", unitText: "share", range: [0, 1] },
} as const;

function fairnessRow<const Name extends string>(
  kind: keyof typeof UNITS,
  { means, ...text }: FairnessText<Name>,
  read: (fairness: JudgedFairness) => number | null,
): ReadRow<JudgedFairness, number | null, Name> {
  const rest = { of: "accounts", kind, isOfEither: false, isBatched: false } as const;
  const { name } = text;
  return {
    means,
    holds: { kind: "measured" },
    // A run is one trial: accounts of one name are not the same callers on another seed.
    pool: MEAN,
    columns: [{ name, place: PLACE, value: (value) => value }],
    texts: [{ names: `\`${name}\``, place: PLACE, unit: UNITS[kind].unitText, means }],
    read,
    asks: [
      {
        ...{ ...text, ...rest, ...UNITS[kind] },
        sample: ofSlice(({ fairness }) => unweighted(fairness && read(fairness))),
      },
    ],
  };
}

function nameRow(
  column: string,
  means: string,
  read: (fairness: JudgedFairness) => WorstAccount | null,
): ReadRow<JudgedFairness, string | null> {
  return {
    means,
    holds: { kind: "optional-text" },
    pool: MOST_OFTEN,
    columns: [{ name: column, place: PLACE, value: (name) => name }],
    texts: [{ names: `\`${column}\``, place: PLACE, unit: "", means }],
    read: (fairness) => read(fairness)?.name ?? null,
    asks: [],
  };
}

const ACCOUNTS: ReadRow<JudgedFairness, number> = {
  means: "accounts with a valid request that came up in the measured window and ended",
  holds: { kind: "count" },
  pool: MEAN_OF_ALL,
  columns: [{ name: "fairness_accounts", place: PLACE, value: (count) => count }],
  texts: [
    {
      ...{ names: "`fairness_accounts`", place: PLACE, unit: "accounts" },
      means: "with a valid request that came up in the measured window and ended",
    },
  ],
  read: ({ accounts }) => accounts,
  asks: [],
};

/** In the order in which a result has them. */
export const FAIRNESS_ROWS = {
  accounts: ACCOUNTS,
  service: fairnessRow(
    "ratio",
    {
      ...{ name: "service_fairness", better: "higher", awaits: "requests", always: [VALUE] },
      basis: "of accounts: Jain's index of the tokens that each was served / asked for",
      means:
        "Jain's index of x = tokens served / asked for by each account, (sum of x)² / (n · sum of x²): 1 where all " +
        "get the same share, 1 / n where one gets all; empty where nothing was served",
    },
    ({ service }) => service,
  ),
  maxMin: fairnessRow(
    "ratio",
    {
      ...{ name: "max_min_fairness", better: "higher", awaits: "requests", always: [VALUE] },
      // Of the two indices, since a fair queue lowers the other one.
      answers: { question: "fairness", how: VALUE },
      basis:
        "of accounts: the same of the tokens that each was served / its max-min fair part of all that were",
      means:
        "the same index of tokens served / max-min fair part by account: of all tokens that were served, as much as " +
        "it asked for, or as all those get that ask for more",
    },
    ({ maxMin }) => maxMin,
  ),
  worstOverloadedRate: fairnessRow(
    "rate",
    {
      ...{ name: "worst_account_overloaded_rate", better: "lower", awaits: "attempts", always: [RATE] },
      answers: { question: "fairness", how: RATE },
      basis: `attempts of the account of which the highest share was shed, of those with ${ENOUGH} attempts`,
      means:
        "overloaded attempts / attempts of the account where that is highest, of those with at least " +
        `${ENOUGH} attempts; empty without any`,
    },
    ({ overloaded }) => overloaded?.share ?? null,
  ),
  worstOverloadedAccount: nameRow(
    "worst_account_overloaded",
    "which account that is; empty where nothing was shed; over replications the one that is it most often",
    ({ overloaded }) => overloaded,
  ),
  worstService: fairnessRow(
    "rate",
    {
      ...{ name: "worst_account_service", better: "higher", awaits: "requests", always: [] },
      basis: `tokens of the account that was served the lowest share, of those with ${ENOUGH} requests that ended`,
      means:
        "tokens served / asked for of the account where that is lowest, of those with at least " +
        `${ENOUGH} valid requests that ended; empty without any`,
    },
    ({ leastServed }) => leastServed?.share ?? null,
  ),
  worstServiceAccount: nameRow(
    "worst_account_served",
    "which account that is; empty where all was served; over replications the one that is it most often",
    ({ leastServed }) => leastServed,
  ),
};

export type FairnessResult = ResultOf<typeof FAIRNESS_ROWS>;

/** What an account was served of what it asked for, as a share; null where it asked for nothing. */
export const servedShare = ({
  servedTokens,
  demandedTokens,
}: {
  readonly servedTokens: number;
  readonly demandedTokens: number;
}): number | null => ratio(servedTokens, demandedTokens);
