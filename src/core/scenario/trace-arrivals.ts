// How a source replays a recorded trace, as a scenario writes it: which file, which part of it, how fast, and whether
// sessions wait for answers. Knows the shape only.
import * as z from "zod";
import { TRACE_FORMATS } from "../demand/trace/formats/formats.js";
import { TIME_UNITS } from "../demand/trace/time-unit.js";
import { anyOptions, disjoint, ownersOf } from "../document/any-options.js";
import { namesOf } from "../document/definition.js";
import { count, duration, real, share } from "../document/units.js";
import { expected } from "../document/words.js";

const ownOptions = anyOptions(TRACE_FORMATS);

/** What is set must be something that the format has, where it is named; what auto finds is not known here. */
function checkOwn(arrivals: { readonly format: string }, context: z.core.$RefinementCtx): void {
  if (arrivals.format === "auto") return;
  for (const key of Object.keys(ownOptions)) {
    const owners = ownersOf(TRACE_FORMATS, key);
    if (!(key in arrivals) || owners.includes(arrivals.format)) continue;
    context.addIssue({ code: "custom", path: [key], message: `an option of ${owners.join(", ")} only` });
  }
}

const whatAndHow = {
  trace: z
    .string({ error: expected("the path of a trace file") })
    .min(1, { error: "the path of the trace is empty" })
    .describe("Trace file, plain or gzip, relative to the file that names it."),
  format: z
    .enum(["auto", ...namesOf(TRACE_FORMATS)])
    .prefault("auto")
    .describe("Format of the trace; auto decides by its beginning."),
  replay: z
    .enum(["auto", "think-time", "open-loop"])
    .prefault("auto")
    .describe(
      "think-time: the next request of a session comes its pause after the answer; open-loop: at its recorded time. " +
        "auto: think-time for formats that tell pauses.",
    ),
  from: duration().exactOptional().describe("Leave out what comes before this time after the first row."),
  to: duration({ above: 0 }).exactOptional().describe("Leave out what comes at this time and later."),
  sample: share({ above: 0 })
    .exactOptional()
    .describe("Share of the sessions to replay; of the rows, where there are none."),
  rateScale: real({ above: 0, to: 1e6 })
    .exactOptional()
    .describe("How many times as many requests a second; of sessions: session starts a second."),
  repeat: count(1, 1_000_000).exactOptional().describe("How often to play it, one time after the other."),
  limit: count(1, 1_000_000_000).exactOptional().describe("Read only this many rows."),
  inversions: z
    .enum(["error", "sort"])
    .exactOptional()
    .describe(
      "Rows whose time goes back: an error, or moved to where their time belongs and counted; default: as the " +
        "format's publishers mean them.",
    ),
  unit: z
    .enum(TIME_UNITS)
    .exactOptional()
    .describe("Unit of the file's numbers of time; default: that of the format, told as an assumption."),
  columns: z
    .record(
      z.string().min(1, { error: "the name of a field is empty" }),
      z
        .string({ error: expected("the name of a column") })
        .min(1, { error: "the name of a column is empty" }),
    )
    .exactOptional()
    .describe("Names of the file's columns or keys, by the format's: {input_tokens: prompt_len}."),
  ignore: z
    .array(
      z
        .string({ error: expected("the name of a column") })
        .min(1, { error: "the name of a column is empty" }),
    )
    .exactOptional()
    .describe(
      "Columns or keys to leave out, as if the file did not have them; account, session, model, tier, cached_tokens " +
        "and blocks whatever the file calls them.",
    ),
  dequantize: duration({ above: 0 })
    .exactOptional()
    .describe("Spread rows of equal time over up to this; 3s for Mooncake's traces."),
  zeroOutput: z
    .enum(["error", "drop", "keep"])
    .exactOptional()
    .describe(
      "What to do with requests that generated nothing; default: as the format's publishers mean them.",
    ),
};

const ofSessions = {
  abandon: share()
    .exactOptional()
    .describe("Probability that a session ends when its client has given up; default 50%."),
};

export const traceArrivals = z
  .strictObject(disjoint(whatAndHow, ownOptions, ofSessions))
  .superRefine(checkOwn);
