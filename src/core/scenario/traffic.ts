// The part of a scenario that describes demand: named sources, each a process or a trace, with its accounts,
// token counts, mix of paths and client. Knows the shape only; drawing arrivals is the traffic folder's work.
import * as z from "zod";
import type { OutcomeName } from "../base/outcome.js";
import { MOST_MOVES } from "../demand/traffic/moves.js";
import { distribution, timeDistribution } from "../document/distributions.js";
import { count, duration, name, notEmpty, real, share } from "../document/units.js";
import { expected, quote } from "../document/words.js";
import { arrivals } from "./arrivals.js";
import { clients } from "./clients.js";
import { populationKeys } from "./population-overrides.js";

const accounts = z.strictObject({
  count: count(1, 1_000_000).describe("Number of accounts."),
  skew: real({ from: 0, to: 10 })
    .prefault(0)
    .describe("Account k sends a share proportional to k^-skew; 0: all alike."),
});

/** A path by name, or "a+b": the model of path a asked for with the service tier of path b. */
const mixKey = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}(?:\+[A-Za-z0-9][A-Za-z0-9_-]{0,63})?$/, {
  error: (issue) => `${quote(issue.input)} is neither a path nor two of them like fast+priority`,
});

const LONGEST = 100_000_000;

const prefix = z.strictObject({
  tokens: count(1, LONGEST).describe("Length: instructions, tools, examples."),
  applications: count(1, 1_000_000)
    .prefault(1)
    .describe("How many different ones there are; each request draws one."),
  skew: real({ from: 0, to: 10 })
    .prefault(0)
    .describe("Application k gets a share proportional to k^-skew; 0: all alike."),
});

const mix = () => z.record(mixKey, share()).refine(notEmpty, "at least one path is needed");

const move = z.strictObject({
  from: mixKey.describe("What asked for this path, as the mix writes it,"),
  to: mixKey.describe("asks for that one."),
  at: duration()
    .exactOptional()
    .describe("When the first move; default: when the path they move to is launched."),
  over: duration()
    .prefault("0s")
    .describe("How much later the last move: the share that has moved grows in a straight line."),
  share: share().prefault("100%").describe("How many move in the end."),
  by: z
    .enum(["account", "request"])
    .exactOptional()
    .describe(
      "What moves as a whole: an account, at a moment of its own, or each request by itself (in sessions: each " +
        "session). Default: account; request where the source has a single account.",
    ),
});

/** What callers can tell apart, in the words of results. */
const READABLE = ["rate_limited", "overloaded", "unavailable", "timed_out"] as const satisfies OutcomeName[];

const fallback = z.union(
  [
    name.transform((path) => ({ path })),
    z.strictObject({
      path: name.describe("The path."),
      on: z
        .array(z.enum(READABLE))
        .min(1)
        .exactOptional()
        .describe(
          "What the last failure must read as, by status and code alone: docs/providers.md. Left out: anything.",
        ),
    }),
  ],
  { error: expected("a path, or a map like {path: priority, on: [overloaded]}") },
);

const source = z.strictObject({
  arrivals: arrivals.describe("When requests arrive: a random process, or a recorded trace."),
  accounts: accounts.exactOptional().describe("Who sends them; default: one account, or the workload's."),
  prefix: prefix
    .exactOptional()
    .describe("What all prompts of an application begin with, before the input; not with a trace."),
  input: distribution.exactOptional().describe("Prompt tokens of a request; not with a trace."),
  output: distribution.exactOptional().describe("Generated tokens of a request; not with a trace."),
  cached: share().prefault(0).describe("Share of the prompt that is already in the prefix cache."),
  maxInput: count(1, LONGEST)
    .exactOptional()
    .describe(
      "Longer prompts are cut to this; those of a trace are refused with a 400. Default 128k, or the workload's.",
    ),
  maxOutput: count(1, LONGEST)
    .prefault("32k")
    .describe("Outputs are cut to this; the max_tokens that callers state."),
  mix: mix().describe(
    'Share of each path; together 100%. "a+b" asks for the model of path a with the service tier of b.',
  ),
  moves: z
    .array(move)
    .min(1)
    .max(MOST_MOVES)
    .exactOptional()
    .describe(
      "Traffic that moves from one path to another, one move after the other; sessions end where they began.",
    ),
  ...populationKeys,
  subAgentMix: mix()
    .exactOptional()
    .describe("Share of each path among the agents that sessions send out on a cheaper model."),
  patience: timeDistribution
    .exactOptional()
    .describe(
      "How long a caller waits for the first token of a request over all its attempts; default: for ever.",
    ),
  client: clients.describe("What callers do when they are refused or kept waiting."),
  fallback: z
    .array(fallback)
    .prefault([])
    .describe(
      "Paths that a request takes, one after another, once its client has given up on the one before; one whose `on` " +
        "does not fit the last failure is passed over.",
    ),
});

export const traffic = z.record(name, source).refine(notEmpty, "at least one source is needed");
