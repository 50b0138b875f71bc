import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openPage } from "../../../../../src/node/commands/validate-profile/page.js";
import { validateProfileCommand } from "../../../../../src/node/commands/validate-profile/run.js";
import { HEADER, KNOWN, OPEN } from "../../../tools/validation/stages.js";

const FILES = { script: "", style: "p{}", scriptHash: "" };
const folder = mkdtempSync(join(tmpdir(), "surgefleet-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const requests = join(folder, "r.csv");
writeFileSync(
  requests,
  "arrival_s,prompt_tokens,output_tokens,first_token_s,finish_s\n1,100,11,1.008,1.072\n0,100,11,0.008,0.072\n",
);

const MADE = join(import.meta.dirname, "../../../../fixtures");
/** Files of requests that tell when the first token and the end came, each as its tool writes it. */
const RECORDED = [
  "traces/aiperf-records.jsonl",
  "traces/guidellm.json",
  "traces/inference-perf.json",
  "traces/sglang-bench.jsonl",
  "traces/vidur-metrics.csv",
  "traces/vllm-bench.jsonl",
  "requests/made.csv",
];

function terminal() {
  let told = "";
  const errors = { write: (text: string) => (told += text) };
  return { output: { write: () => undefined }, errors, env: {}, told: () => told };
}

describe("the page of validate-profile", () => {
  it("is written from a recorded run with one command", () => {
    const [html, place] = [join(folder, "page.html"), terminal()];
    const flags = { requests, html, color: false };
    expect(validateProfileCommand("llama-3.1-8b-h100", flags, place as never, FILES)).toBe(0);
    expect(readFileSync(html, "utf8")).toMatch(/<h1>r\.csv against llama-3\.1-8b-h100<\/h1>/);
    expect(place.told()).toBe(`wrote ${html}\n`);
  });

  it.each(RECORDED)("is written from %s, whatever tool wrote it", (name) => {
    const html = join(folder, "recorded.html");
    const flags = { requests: join(MADE, name), html, color: false };
    const place = terminal();
    expect(validateProfileCommand("llama-3.1-8b-h100", flags, place as never, FILES)).toBe(0);
    const page = readFileSync(html, "utf8");
    for (const part of ["recorded", "simulated", "error", "time to first token", "What to calibrate next"])
      expect(page.toLowerCase(), part).toContain(part.toLowerCase());
    expect(page.trimEnd()).toMatch(/<\/html>$/);
  });

  it("is written from a table of load stages", () => {
    const [stages, html, place] = [join(folder, "stages.csv"), join(folder, "stages.html"), terminal()];
    writeFileSync(stages, `${HEADER}${KNOWN}${OPEN}`);
    const flags = { stages: [stages], html, color: false };
    expect(validateProfileCommand("llama-3.1-8b-h100", flags, place as never, FILES)).toBe(0);
    expect(readFileSync(html, "utf8")).toMatch(/recorded.*simulated.*<\/html>\s*$/is);
  });

  it("is refused before anything runs: over a file that is read, and without a build", () => {
    expect(() => openPage(requests, [requests], "p", FILES)).toThrow(/read or written by this command/);
    expect(() => openPage(join(folder, "p.html"), [requests], "p", null)).toThrow(/npm run build/);
  });
});
