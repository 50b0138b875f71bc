// A recording of two requests and four steps for the tests of the report.
import { profileFileByName, type TextSource, validateProfile } from "../../../../src/core/internal.js";
import type { ValidationReport } from "../../../../src/core/tools/validation/report.js";
import { request, requestsCsv } from "./requests.js";

export const REQUESTS = requestsCsv([
  request({ arrival: 0, firstToken: 0.01, finish: 0.08, longestGap: 0.007 }),
  request({ arrival: 0.5, promptTokens: 3000, firstToken: 0.58, finish: 0.65, longestGap: 0.007 }),
]);
export const STEPS = `start_s,n_decode,sum_context,prefill_tokens,duration_ms,gpu_ms,prefill_area,prefill_context,rows_T,kv_pages_used
0,0,0,100,10,9.5,5050,0,128,2
0.01,1,101,0,7,6.5,0,0,1,2
0.5,0,0,2048,50,49,2098176,0,2048,50
0.55,0,0,952,30,29,2403752,2048,1024,50
`;

export const source = (file: string, text: string): TextSource => ({ file, chunks: () => [text] });
export const profile = () => profileFileByName("llama-3.1-8b-h100");

export function report(): ValidationReport {
  return validateProfile({
    profile,
    requests: source("r.csv", REQUESTS),
    steps: source("s.csv", STEPS),
    settings: { maxSequences: 4 },
  });
}
