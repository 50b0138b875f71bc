import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openPage } from "../../../../../src/node/commands/validate-profile/page.js";
import { validateProfileCommand } from "../../../../../src/node/commands/validate-profile/run.js";

const FILES = { script: "", style: "p{}", scriptHash: "" };
const folder = mkdtempSync(join(tmpdir(), "surgefleet-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const requests = join(folder, "r.csv");
writeFileSync(
  requests,
  "arrival_s,prompt_tokens,output_tokens,first_token_s,finish_s\n1,100,11,1.008,1.072\n0,100,11,0.008,0.072\n",
);

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

  it("is refused before anything runs: over a file that is read, and without a build", () => {
    expect(() => openPage(requests, [requests], "p", FILES)).toThrow(/read or written by this command/);
    expect(() => openPage(join(folder, "p.html"), [requests], "p", null)).toThrow(/npm run build/);
  });
});
