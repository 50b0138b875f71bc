// The clients of a source, as a scenario writes them: one by name, one with its options, or several by share. What a
// preset does is not known here.
import * as z from "zod";
import { count, duration, real, share } from "../document/units.js";
import { expected } from "../document/words.js";
import { CLIENT_NAMES } from "./names.js";

const preset = () => z.enum(CLIENT_NAMES);

const budget = z.strictObject({
  ratio: real({ from: 0, to: 100 })
    .exactOptional()
    .describe("Retries per request that an account may make; default 0.2."),
  least: count(0, 1_000_000)
    .exactOptional()
    .describe("Retries a window that it may always make; default 10."),
  window: duration({ above: 0 }).exactOptional().describe("Over which both are counted; default 10s."),
});

const breaker = z.strictObject({
  failures: share().exactOptional().describe("Opens at this share of failures in a window; default 50%."),
  least: count(1, 1_000_000)
    .exactOptional()
    .describe("But not before this many attempts ended in it; default 20."),
  window: duration({ above: 0 }).exactOptional().describe("Over which failures are counted; default 10s."),
  open: duration({ above: 0 })
    .exactOptional()
    .describe("How long it stays open before one attempt is let through; default 5s."),
});

const throttle = z.strictObject({
  k: real({ from: 1, to: 1000 })
    .exactOptional()
    .describe("Attempts per accepted one before some are held back; default 2."),
  window: duration({ above: 0 }).exactOptional().describe("Over which both are counted; default 2m."),
});

const options = {
  preset: preset().exactOptional().describe("Client by name; this or stack."),
  stack: z
    .array(preset())
    .min(1)
    .max(3)
    .exactOptional()
    .describe("Clients one inside the other, the outermost first: their retries multiply."),
  maxRetries: count(0, 1000)
    .exactOptional()
    .describe("Most retries of a request; default: the client's own. Of a stack: of each layer."),
  timeout: duration({ above: 0 })
    .exactOptional()
    .describe("How long an attempt may wait for its first token; default: the client's own."),
  onTimeout: z
    .enum(["cancel", "abandon"])
    .exactOptional()
    .describe("Whether the fleet stops working on an attempt that timed out, or works on unseen."),
  hedgeAfter: duration({ above: 0 })
    .exactOptional()
    .describe("Without a first token by then a second attempt is sent beside the first; default: none."),
  delay: duration({ above: 0 })
    .exactOptional()
    .describe("First delay of fixed, full-jitter, decorrelated; mean delay of exponential."),
  cap: duration({ above: 0 }).exactOptional().describe("Longest delay of full-jitter and decorrelated."),
  deployments: count(1, 1000).exactOptional().describe("Deployments that litellm-router chooses from."),
  heedsRetryAfter: z.boolean().exactOptional().describe("Whether portkey heeds retry-after."),
  budget: budget.exactOptional().describe("Retries are at most a share of the requests of an account."),
  breaker: breaker.exactOptional().describe("Stops sending for a while when most attempts fail."),
  throttle: throttle
    .exactOptional()
    .describe("Holds attempts back in proportion to those that were refused, as Google's SRE book has it."),
};

const hasOneKind = (client: object) => "preset" in client !== "stack" in client;
const oneKind = 'a client is a "preset" or a "stack" of them, and not both';

const one = z.strictObject(options).refine(hasOneKind, oneKind);
const expectedPart = expected("a client with its share, like {share: 50%, preset: naive}");
const part = z
  .strictObject(
    { share: share().describe("Share of the accounts."), ...options },
    { error: (issue) => (issue.code === "invalid_type" ? expectedPart(issue) : undefined) },
  )
  .refine(hasOneKind, oneKind);

const isSumOne = (sum: number) => Math.abs(sum - 1) <= 1e-9;
const percent = (sum: number) => `${Number((sum * 100).toPrecision(6))}%`;
const sumOf = (parts: readonly { share: number }[]) => parts.reduce((sum, { share: each }) => sum + each, 0);

type Part = z.output<typeof part>;

/** Parses to a list of clients, each with its share of the accounts. */
export const clients = z
  .union(
    [
      preset().transform((name): Part[] => [{ share: 1, preset: name }]),
      one.transform((client): Part[] => [{ share: 1, ...client }]),
      z
        .array(part)
        .min(1)
        .refine((parts) => isSumOne(sumOf(parts)), {
          error: ({ input }) =>
            `the shares of the clients sum to ${percent(sumOf(input as Part[]))}, not to 100%`,
        }),
    ],
    {
      error: expected(
        "the name of a client, {preset: openai-node-6, maxRetries: 2}, or a list of those with a share each",
      ),
    },
  )
  .prefault("none");
