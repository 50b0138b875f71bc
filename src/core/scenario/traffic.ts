// The part of a scenario that describes demand: named sources, each a process or a trace, with its accounts,
// token counts, mix of paths and client. Knows the shape only; drawing arrivals is the traffic folder's work.
import * as z from "zod";
import { distribution } from "./distributions.js";
import { CLIENT_NAMES } from "./names.js";
import { count, duration, name, notEmpty, rate, real, share } from "./units.js";
import { expected, quote } from "./words.js";

export const MOST_ARRIVALS_PER_SECOND = 1e6;

const arrivalRate = () =>
  rate({ from: 1e-9, to: MOST_ARRIVALS_PER_SECOND }).describe("Mean arrivals, all accounts together.");

const processArrivals = z.discriminatedUnion("process", [
  z.strictObject({ process: z.literal("poisson").describe("Independent arrivals."), rate: arrivalRate() }),
  z.strictObject({
    process: z.literal("gamma").describe("Gamma-distributed gaps between arrivals."),
    rate: arrivalRate(),
    cv: real({ from: 0.001, to: 100 }).describe(
      "Coefficient of variation of the gaps; above 1 is burstier than Poisson.",
    ),
  }),
]);

const traceArrivals = z.strictObject({
  trace: z
    .string({ error: expected("the path of a trace file") })
    .min(1, { error: "the path of the trace is empty" })
    .describe("Trace file, relative to the file that names it."),
  format: z.enum(["auto", "azure-llm", "generic"]).prefault("auto").describe("Format of the trace."),
  limit: count(1, 1_000_000_000).exactOptional().describe("Read only this many rows."),
});

const arrivals = z.union([processArrivals, traceArrivals], {
  error: expected("arrivals like {process: poisson, rate: 60/s}, or {trace: FILE}"),
});

const accounts = z
  .strictObject({
    count: count(1, 1_000_000).describe("Number of accounts."),
    skew: real({ from: 0, to: 10 })
      .prefault(0)
      .describe("Account k sends a share proportional to k^-skew; 0: all alike."),
  })
  .prefault({ count: 1 });

const clientOptions = z.strictObject({
  preset: z.enum(CLIENT_NAMES).describe("Client by name."),
  maxRetries: count(0, 1000)
    .exactOptional()
    .describe("Most retries of a request; default: the client's own."),
  timeout: duration({ above: 0 })
    .exactOptional()
    .describe("How long an attempt may wait for its first token; default: the client's own."),
});

type ClientOptions = z.output<typeof clientOptions>;

const client = z
  .union([z.enum(CLIENT_NAMES).transform((preset): ClientOptions => ({ preset })), clientOptions], {
    error: expected("the name of a client, or {preset: openai-node-6, maxRetries: 2}"),
  })
  .prefault("none");

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

const source = z.strictObject({
  arrivals: arrivals.describe("When requests arrive: a random process, or a recorded trace."),
  accounts: accounts.describe("Who sends them."),
  prefix: prefix
    .exactOptional()
    .describe("What all prompts of an application begin with, before the input; not with a trace."),
  input: distribution.exactOptional().describe("Prompt tokens of a request; not with a trace."),
  output: distribution.exactOptional().describe("Generated tokens of a request; not with a trace."),
  cached: share().prefault(0).describe("Share of the prompt that is already in the prefix cache."),
  maxInput: count(1, LONGEST)
    .prefault("128k")
    .describe("Longer prompts are cut to this; those of a trace are refused with a 400."),
  maxOutput: count(1, LONGEST)
    .prefault("32k")
    .describe("Outputs are cut to this; the max_tokens that callers state."),
  mix: z
    .record(mixKey, share())
    .refine(notEmpty, "at least one path is needed")
    .describe(
      'Share of each path; together 100%. "a+b" asks for the model of path a with the service tier of b.',
    ),
  client: client.describe("What the caller does when it is refused or kept waiting."),
});

export const traffic = z.record(name, source).refine(notEmpty, "at least one source is needed");
