// validate-profile as a process of its own: what it prints, and what its exit code says.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../../support/small-fleet.js";
import { surgefleet } from "./hosted.js";

const REQUESTS = `arrival_s,prompt_tokens,output_tokens,first_token_s,finish_s
0.2,100,11,0.208,0.272
0,100,11,0.008,0.072
`;

it("validate-profile prints a report, or a document, and tells what is wrong with a recording", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "run.csv"), REQUESTS);
  writeFileSync(join(cwd, "bad.csv"), REQUESTS.replace("0.272", "0.1"));
  const command = ["validate-profile", "llama-3.1-8b-h100", "--requests"];
  const report = await surgefleet([...command, "run.csv", "--check"], { cwd });
  expect([report.code, report.stderr]).toEqual([0, ""]);
  expect(report.stdout).toMatch(/recorded +simulated +error/);
  const json = await surgefleet([...command, "run.csv", "--json"], { cwd });
  expect(JSON.parse(json.stdout)).toMatchObject({ schemaVersion: 1, run: { requests: 2 } });
  const bad = await surgefleet([...command, "bad.csv"], { cwd });
  expect([bad.code, bad.stdout]).toEqual([2, ""]);
  expect(bad.stderr).toBe("bad.csv:2:18 finish_s: 0.1 is before the first token at 0.208\n");
});
