// ServeGen's pools of clients, as data for a generator of one's own.
import { readClientWindows, readTokenShares } from "../../src/core/index.js";

const windows = "window_start_s,client,rate_rps,cv,pattern\n0,3,0.5,1.2,Gamma\n600,3,0.25,3,Weibull\n";
for (const { client, windows: rates } of readClientWindows([windows], { file: "clients.csv" })) {
  console.log(client, rates.map(({ start, rate }) => `${rate}/s from ${start} s`).join(", "));
}
const shares = readTokenShares('{ "0": { "input_tokens": "{45: 0.25, 46: 0.75}" } }', "chunk-3-dataset.json");
console.log(shares.get(0)?.get("input_tokens"));
