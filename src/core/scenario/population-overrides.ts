// What a scenario may say of a population's sessions and requests instead of its workload: the same numbers, any of
// them. A part that is given replaces only the keys it names; lists are replaced as a whole. What a workload holds
// is not known here. Natural logarithms; tokens or seconds.
import * as z from "zod";
import { amount, count, real, share } from "../document/units.js";

const LONGEST = 100_000_000;

const mu = () => real({ from: -30, to: 30 }).describe("Mean of the logarithm.");
const sigma = () => real({ from: 0, to: 10 }).describe("Standard deviation of the logarithm.");
const lognormal = { mu: mu().exactOptional(), sigma: sigma().exactOptional() };
const most = () => real({ above: 0, to: 1e8 }).exactOptional().describe("Cut to this.");

const one = (what: string) => z.strictObject(lognormal).exactOptional().describe(what);

const total = (shares: readonly number[]) => shares.reduce((sum, one) => sum + one, 0);
const isOne = (sum: number) => Math.abs(sum - 1) <= 1e-9;
const notOne = (what: string, sum: number) => `${what} sum to ${Number(sum.toPrecision(6))}, not to 1`;

type Parts = readonly { readonly weight: number }[];
const weightOf = (parts: Parts) => total(parts.map(({ weight }) => weight));

const mixture = (what: string) =>
  z
    .array(
      z.strictObject({
        weight: share({ above: 0 }).describe("Share of this lognormal; they sum to 1."),
        mu: mu(),
        sigma: sigma(),
      }),
    )
    .min(1)
    .refine((parts) => isOne(weightOf(parts)), {
      error: ({ input }) => notOne("the weights", weightOf(input as Parts)),
    })
    .exactOptional()
    .describe(what);

const accountOffsets = z
  .strictObject({
    input: real({ from: 0, to: 5 }).exactOptional().describe("Of prompts."),
    output: real({ from: 0, to: 5 }).exactOptional().describe("Of outputs."),
  })
  .exactOptional()
  .describe("How far accounts differ: standard deviations of offsets on the logarithm of their lengths.");

const abandon = share()
  .exactOptional()
  .describe(
    "Probability that a session ends when its client has given up; else it asks the same again later.",
  );

const agent = z.strictObject({
  turns: z
    .strictObject({ ...lognormal, most: most() })
    .exactOptional()
    .describe("Turns of a session, rounded, at least one."),
  requests: z
    .strictObject({
      ...lognormal,
      one: share()
        .exactOptional()
        .describe("Share of the turns of one request; the others have two or more."),
      most: most(),
    })
    .exactOptional()
    .describe("Requests of a turn."),
  prefix: z
    .strictObject({
      tokens: count(0, LONGEST).exactOptional().describe("Length."),
      groups: count(1, 100_000).exactOptional().describe("Applications there are."),
      skew: real({ from: 0, to: 10 }).exactOptional().describe("Application k is as popular as k^-skew."),
      mostPerAccount: count(1, 100).exactOptional().describe("An account uses from one to this many."),
    })
    .exactOptional()
    .describe("Instructions and tools that the prompts of an application begin with."),
  first: mixture("Tokens of the first prompt, prefix included."),
  growth: mixture("Tokens that a prompt has beyond the one before and its answer."),
  noGrowth: share().exactOptional().describe("Share of the requests that add nothing."),
  output: mixture("Generated tokens."),
  toolGap: mixture("Seconds from an answer to the next request of the turn."),
  humanGap: z
    .strictObject({ ...lognormal, most: most() })
    .exactOptional()
    .describe("Seconds from a turn's last answer to the next turn."),
  maxContext: count(2, LONGEST).exactOptional().describe("Longest context, tokens."),
  largeContext: z
    .strictObject({
      share: share().exactOptional().describe("Share of the sessions."),
      tokens: count(2, LONGEST).exactOptional().describe("Their longest context."),
    })
    .exactOptional()
    .describe("Sessions whose model takes more."),
  compaction: z
    .strictObject({
      at: share().exactOptional().describe("Share of the longest context at which it is summed up."),
      to: one("Tokens of the sum."),
    })
    .exactOptional()
    .describe("A context that grows too long is summed up; nothing but the prefix stays cached."),
  bust: z
    .strictObject({
      share: share().exactOptional().describe("Share of the requests."),
      keepFrom: share().exactOptional().describe("Least share kept."),
      keepTo: share().exactOptional().describe("Largest share kept."),
    })
    .refine(({ keepFrom = 0, keepTo = 1 }) => keepFrom <= keepTo, '"keepFrom" must not be above "keepTo"')
    .exactOptional()
    .describe("Requests that keep only the beginning of what is cached."),
  subAgents: z
    .strictObject({
      share: share().exactOptional().describe("Share of the turns of several requests that send agents out."),
      counts: z
        .array(share())
        .min(1)
        .max(64)
        .refine((weights) => isOne(total(weights)), {
          error: ({ input }) => notOne("the weights", total(input as number[])),
        })
        .exactOptional()
        .describe("Weights of one, two, and so on; they sum to 1."),
      requests: amount({ from: 1, to: 10_000 }).exactOptional().describe("Mean requests of each."),
      first: one("Tokens of its first prompt."),
      prefixTokens: count(0, LONGEST).exactOptional().describe("Tokens of its own prefix."),
      growth: one("Tokens that its later prompts add."),
      gap: one("Seconds from an answer to its next request."),
      cheap: share().exactOptional().describe("Share that goes where subAgentMix says."),
    })
    .exactOptional()
    .describe("Agents that a session sends out and waits for."),
  sessionOffsets: z
    .strictObject({
      input: real({ from: 0, to: 5 }).exactOptional().describe("Of what prompts add."),
      output: real({ from: 0, to: 5 }).exactOptional().describe("Of outputs."),
      gap: real({ from: 0, to: 5 }).exactOptional().describe("Of tool gaps."),
    })
    .exactOptional()
    .describe("How far sessions differ; the part of the sigmas above that a session's draws have in common."),
  accountOffsets,
  abandon,
});

const chat = z.strictObject({
  turns: z
    .strictObject({
      one: share().exactOptional().describe("Share of the sessions of one turn."),
      mean: amount({ from: 1, to: 10_000 }).exactOptional().describe("Mean turns of all."),
    })
    .exactOptional()
    .describe("Turns of a session; each is one request."),
  first: mixture("Tokens of the first prompt."),
  growth: one("Tokens of each later message."),
  output: mixture("Generated tokens."),
  gap: z
    .strictObject({ ...lognormal, most: most() })
    .exactOptional()
    .describe("Seconds from an answer to the next message."),
  accountOffsets,
  abandon,
});

const api = z.strictObject({
  input: mixture("Prompt tokens."),
  output: mixture("Generated tokens."),
  accountOffsets,
});

/** Keys of a source that only a workload allows; with `subAgentMix`, which traffic.ts adds. */
export const populationKeys = {
  archetypes: z
    .strictObject({
      agent: share().prefault(0).describe("Coding agents: sessions of many requests."),
      api: share().prefault(0).describe("Programs: single requests that wait for no answer."),
      chat: share().prefault(0).describe("Conversations of people."),
    })
    .refine(({ agent: agents, api: programs, chat: chats }) => isOne(agents + programs + chats), {
      error: "the shares of agent, api and chat do not sum to 100%",
    })
    .exactOptional()
    .describe("Shares of the requests by kind of account; default: the workload's."),
  agent: agent.exactOptional().describe("Sessions of agents, where they are not the workload's."),
  chat: chat.exactOptional().describe("Sessions of chats, where they are not the workload's."),
  api: api.exactOptional().describe("Requests of programs, where they are not the workload's."),
  mixBy: z
    .enum(["account", "session", "request"])
    .exactOptional()
    .describe("What draws its path from the mix once: an account, a session (default), or each request."),
};

export const POPULATION_KEYS: readonly string[] = [...Object.keys(populationKeys), "subAgentMix"];
