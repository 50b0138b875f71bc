import { describe, expect, it } from "vitest";
import { SurgefleetError } from "../../../../src/core/index.js";
import { readRecording } from "../../../../src/core/tools/validation/recording-file.js";
import { source } from "./recording.js";
import { request, requestsCsv } from "./requests.js";

const read = (text: string) => readRecording(source("r.csv", text));
const problemsOf = (text: string): string => {
  try {
    read(text);
    return "";
  } catch (error) {
    return error instanceof SurgefleetError ? error.issues.map(({ message }) => message).join("\n") : "";
  }
};

describe("readRecording", () => {
  it("knows its own columns, in any order, by any of them", () => {
    expect(read(requestsCsv([request()])).served).toEqual([request()]);
    expect(problemsOf("prompt_tokens,arrival_s\n1,1\n")).toMatch(/column "first_token_s" is missing/);
  });

  it("knows requests.csv", () => {
    expect(problemsOf("request,arrived_s,outcome\n")).toMatch(/column "started_s" is missing/);
  });

  it("takes the rest for a trace", () => {
    expect(problemsOf("timestamp,input_tokens,output_tokens\n0,1,1\n")).toMatch(/read as generic/);
  });

  it.each([
    "n_decode,prefill_tokens,step_ms_p50\n1,1,1\n",
    "INFO 10-08 13:00:00 [loggers.py:182] Engine 000: Iteration(0): 1 context requests, 8 context tokens\n",
  ])("says of a log of steps that it is one (%#)", (text) => {
    expect(problemsOf(text)).toMatch(/a log of steps/);
  });

  it("looks no further than a first line can be long", () => {
    const endless = { file: "r.csv", chunks: () => new Array<string>(100).fill("a".repeat(4096)) };
    expect(() => readRecording(endless)).toThrow(SurgefleetError);
  });
});
