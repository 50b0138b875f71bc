// The smaller sections of a report: callers, accounts, money, pools.
import type { AccountResult } from "../../results/metrics/accounts.js";
import { totalOf } from "../../results/metrics/by-name.js";
import { servedShare } from "../../results/metrics/fairness.js";
import type { Recovery } from "../../results/metrics/recovery.js";
import type { TierResult } from "../../results/metrics/tier.js";
import type { RunResult } from "../../results/shape/result.js";
import * as format from "../text/format.js";
import { fairnessTable } from "./fairness.js";
import { gpuCosts, scalingTable } from "./fleet-tables.js";
import { html, type Markup, type Part } from "./markup.js";
import { facts, MISSING, shown, table } from "./tables.js";
import { callerTables, sumsNote } from "./tiers.js";

export function callerSection(result: RunResult): Markup {
  const { tiers, all, sources, sessions, recovery } = result;
  const bySource = callerTables(
    result,
    "source",
    sources.map((row) => [row.source, row]),
  );
  const requests = table<TierResult>({
    caption: "Requests, retries and wasted work, by tier",
    head: "tier",
    name: ({ tier }) => tier,
    columns: [
      { head: "requests", cell: (row) => format.count(row.requests.offered) },
      { head: "completed", cell: (row) => format.count(row.requests.completed) },
      { head: "failed", cell: (row) => format.count(row.requests.failed) },
      { head: "given up", cell: (row) => format.count(row.requests.givenUp) },
      { head: "open", cell: (row) => format.count(row.requests.open) },
      { head: "retries", cell: (row) => format.count(totalOf(row.retries)) },
      { head: "hedges", cell: (row) => format.count(row.hedges) },
      { head: "rejected locally", cell: (row) => format.count(row.clientRejected) },
      { head: "prefill wasted", cell: (row) => format.short(row.wastedPrefillTokens) },
      { head: "output wasted", cell: (row) => format.short(row.wastedDecodeTokens) },
    ],
    rows: [...tiers, all],
  });
  const lines = table<RunResult["sessions"][number]>({
    caption: "Sessions, by source",
    head: "source",
    name: ({ source }) => source,
    columns: [
      { head: "started", cell: ({ started }) => format.count(started) },
      { head: "finished", cell: ({ finished }) => format.count(finished) },
      { head: "abandoned", cell: ({ abandoned }) => format.count(abandoned) },
      { head: "open", cell: ({ open }) => format.count(open) },
      { head: "p50 duration", cell: ({ duration }) => shown(duration.p50, format.span) },
      { head: "p50 requests", cell: ({ requests: each }) => shown(each.p50, format.number) },
      { head: "cost each", cell: ({ costPerFinished }) => shown(costPerFinished, format.dollars) },
    ],
    rows: sessions,
  });
  return html`${bySource}${requests}${sessions.length > 0 && lines}${recovery !== null && recoveryFacts(recovery)}`;
}

function recoveryFacts(recovery: Recovery): Part {
  const { trigger, goodputBefore, goodputDuring, goodputAfter, recoveryTime, verdict } = recovery;
  const note = html`<p class="quiet">Of several replications: means, and the worst verdict.</p>`;
  return html`<h3>Recovery from the trigger</h3>${note}${facts([
    ["verdict", verdict],
    ["trigger", `${format.span(trigger.from)} to ${format.span(trigger.until)}`],
    ["goodput before", shown(goodputBefore, format.rate)],
    ["during", shown(goodputDuring, format.rate)],
    ["after", shown(goodputAfter, format.rate)],
    ["back after", shown(recoveryTime, format.span)],
  ])}`;
}

export function accountSection(result: RunResult): Markup {
  const { accounts, trackedAccounts, all } = result;
  if (accounts.length === 0) return html`<p class="quiet">No account made an attempt.</p>`;
  const share = (part: number, { attempts }: AccountResult) =>
    attempts > 0 ? format.percent(part / attempts) : MISSING;
  const tracked = callerTables(
    result,
    "account",
    trackedAccounts.map((row) => [row.account, row]),
  );
  const largest = table<AccountResult>({
    caption: "Accounts with the most attempts",
    head: "account",
    name: ({ account, accounts: count }) => account ?? html`<em>${format.count(count)} others</em>`,
    columns: [
      { head: "attempts", cell: ({ attempts }) => format.count(attempts) },
      {
        head: "of all",
        cell: ({ attempts }) => (all.attempts > 0 ? format.percent(attempts / all.attempts) : MISSING),
      },
      { head: "completed", cell: ({ completed }) => format.count(completed) },
      { head: "429", cell: ({ rateLimited }) => format.count(rateLimited) },
      { head: "429 rate", cell: (row) => share(row.rateLimited, row) },
      { head: "503 overloaded", cell: ({ overloaded }) => format.count(overloaded) },
      { head: "503 rate", cell: (row) => share(row.overloaded, row) },
      { head: "503 unavailable", cell: ({ unavailable }) => format.count(unavailable) },
      { head: "served", cell: (row) => shown(servedShare(row), format.percent) },
      { head: "input", cell: ({ inputTokens }) => format.short(inputTokens) },
      { head: "cached", cell: ({ cachedTokens }) => format.short(cachedTokens) },
      { head: "output", cell: ({ outputTokens }) => format.short(outputTokens) },
      { head: "cost", cell: ({ cost }) => shown(cost, format.dollars) },
    ],
    rows: accounts,
  });
  return html`${fairnessTable(result)}${tracked}${largest}`;
}

export function moneySection(result: RunResult): Markup {
  const { tiers, all } = result;
  const gpus = gpuCosts(result);
  if (all.cost === null) return html`${gpus}<p class="quiet">No path of the scenario has a price.</p>`;
  const rows = table<TierResult>({
    caption: "Price of the completed attempts' tokens, US dollars",
    head: "tier",
    name: ({ tier }) => tier,
    columns: [
      { head: "input", cell: ({ cost }) => shown(cost?.input ?? null, format.dollars) },
      { head: "cached", cell: ({ cost }) => shown(cost?.cached ?? null, format.dollars) },
      { head: "output", cell: ({ cost }) => shown(cost?.output ?? null, format.dollars) },
      { head: "total", cell: ({ cost }) => shown(cost?.total ?? null, format.dollars) },
      { head: "per 1,000 completed", cell: (row) => shown(perThousand(row), format.dollars) },
      { head: "input tokens", cell: ({ inputTokens }) => format.short(inputTokens) },
      { head: "of them cached", cell: (row) => shown(cachedShare(row), format.percent) },
      { head: "output tokens", cell: ({ outputTokens }) => format.short(outputTokens) },
    ],
    rows: [...tiers, all],
  });
  return html`${sumsNote(result)}${rows}${gpus}`;
}

function perThousand({ cost, outcomes }: TierResult): number | null {
  return cost === null || outcomes.completed === 0 ? null : (1000 * cost.total) / outcomes.completed;
}

function cachedShare({ inputTokens, cachedTokens }: TierResult): number | null {
  return inputTokens === 0 ? null : cachedTokens / inputTokens;
}

export function poolSection(result: RunResult): Markup {
  const averages = table<RunResult["pools"][number]>({
    caption: "Pools; averages are over the measured window",
    head: "pool",
    name: ({ pool }) => pool,
    columns: [
      { head: "profile", isText: true, cell: profileText },
      { head: "replicas", cell: ({ replicas }) => format.level(replicas) },
      { head: "GPUs", cell: ({ gpus }) => format.level(gpus) },
      { head: "sequences", cell: ({ slots, slotsBusyMean }) => ofCapacity(slotsBusyMean, slots) },
      { head: "waiting", cell: ({ queuedMean }) => shown(queuedMean, format.number) },
      { head: "KV in use", cell: ({ kvUsedMean, kvTokens }) => shareText(kvUsedMean, kvTokens) },
      { head: "KV tokens", cell: ({ kvTokens }) => shown(kvTokens, format.short) },
      { head: "preempted", cell: ({ preemptions }) => format.count(preemptions) },
    ],
    rows: result.pools,
  });
  return html`${averages}${scalingTable(result)}`;
}

function profileText({ profile, engineVersion, estimate }: RunResult["pools"][number]): string {
  if (profile === null) return MISSING;
  return `${profile}${engineVersion === undefined ? "" : `, ${engineVersion}`}${estimate ? " (estimate)" : ""}`;
}

function ofCapacity(mean: number | null, slots: number): string {
  return mean === null ? MISSING : `${format.number(mean)} of ${format.level(slots)}`;
}

function shareText(mean: number | null, tokens: number | null): string {
  return mean === null || tokens === null || tokens === 0 ? MISSING : format.percent(mean / tokens);
}
