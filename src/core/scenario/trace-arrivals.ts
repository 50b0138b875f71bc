// How a source replays a recorded trace, as a scenario writes it: which file, which part of it, how fast, and whether
// sessions wait for answers. Knows the shape only.
import * as z from "zod";
import { count, duration, rate, real, share } from "../document/units.js";
import { expected } from "../document/words.js";
import { TRACE_FORMAT_NAMES } from "./names.js";

const sessionStarts = z.union(
  [
    z.strictObject({ rate: rate().describe("Sessions that start per second, independently of each other.") }),
    z.strictObject({ concurrency: count(1, 1_000_000).describe("Sessions that are always under way.") }),
  ],
  { error: expected("{concurrency: 16}, or {rate: 0.5/s}") },
);

export const traceArrivals = z.strictObject({
  trace: z
    .string({ error: expected("the path of a trace file") })
    .min(1, { error: "the path of the trace is empty" })
    .describe("Trace file, plain or gzip, relative to the file that names it."),
  format: z
    .enum(["auto", ...TRACE_FORMAT_NAMES])
    .prefault("auto")
    .describe("Format of the trace; auto decides by its beginning."),
  replay: z
    .enum(["auto", "think-time", "open-loop"])
    .prefault("auto")
    .describe(
      "think-time: the next request of a session comes its pause after the answer; open-loop: at its recorded time. " +
        "auto: think-time for formats of sessions.",
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
  dequantize: duration({ above: 0 })
    .exactOptional()
    .describe("Spread rows of equal time over up to this; 3s for Mooncake's traces."),
  zeroOutput: z
    .enum(["error", "drop", "keep"])
    .exactOptional()
    .describe(
      "What to do with requests that generated nothing; default: as the format's publishers mean them.",
    ),
  sessionStarts: sessionStarts
    .exactOptional()
    .describe(
      "When sessions start, for formats whose sessions have clocks of their own; default 16 at a time.",
    ),
  thinkTimes: z
    .enum(["think-only", "original", "api-scaled"])
    .exactOptional()
    .describe("Which pauses weka's sessions make: without response times (default), with them, or scaled."),
  apiScale: real({ from: 0, to: 1000 })
    .exactOptional()
    .describe("Factor on recorded response times, for thinkTimes: api-scaled; default 1."),
  idleCap: duration({ above: 0 }).exactOptional().describe("Longest pause inside a session; default: any."),
  abandon: share()
    .exactOptional()
    .describe("Probability that a session ends when its client has given up; default 50%."),
});
