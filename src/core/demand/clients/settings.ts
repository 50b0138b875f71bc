// What a scenario may set of any client, whichever it is. What is left out is the client's own.
import * as z from "zod";
import type { Options } from "../../document/definition.js";
import { count, duration } from "../../document/units.js";

export const CLIENT_SETTINGS = {
  maxRetries: count(0, 1000)
    .exactOptional()
    .describe("Most retries of a request; default: the client's own. Of a stack: of each layer."),
  timeout: duration({ above: 0 })
    .exactOptional()
    .describe("How long an attempt may wait for its first token; default: the client's own."),
  attemptTimeout: duration({ above: 0 })
    .exactOptional()
    .describe("How long an attempt may take to its last token; default: the client's own."),
  requestTimeout: duration({ above: 0 })
    .exactOptional()
    .describe(
      "How long a request may take to its last token, over all attempts, waits and fallbacks; default: the client's " +
        "own.",
    ),
  onTimeout: z
    .enum(["cancel", "abandon"])
    .exactOptional()
    .describe("Whether the fleet stops working on an attempt that timed out, or works on unseen."),
  hedgeAfter: duration({ above: 0 })
    .exactOptional()
    .describe("Without a first token by then a second attempt is sent beside the first; default: none."),
};

/** Options with what is left out also written as undefined. */
export type Given<Parsed> = { readonly [Key in keyof Parsed]?: Parsed[Key] | undefined };

export type ClientSettings = Given<Options<typeof CLIENT_SETTINGS>>;
