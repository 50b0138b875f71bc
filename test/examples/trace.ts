// A recorded trace, row by row, from chunks of text.
import { newTraceReport, readTrace } from "../../src/core/index.js";

const text = "timestamp,input_tokens,output_tokens\n0.0,500,20\n1.5,800,40\n";
const report = newTraceReport();
for (const { at, inputTokens, outputTokens } of readTrace([text], { file: "trace.csv", tiers: [] }, report)) {
  console.log(`${at / 1e6} s: ${inputTokens} tokens in, ${outputTokens} out`);
}
console.log(`${report.rowsRead} rows, ${report.format}`);
