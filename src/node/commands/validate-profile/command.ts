// `surgefleet validate-profile`: its words. What it does is in run.ts.
import { Option } from "@commander-js/extra-typings";
import { ascii, json, noColor } from "../../flags/shared.js";
import { wholeNumber } from "../../flags/values.js";
import { defineCommand } from "../define.js";
import { validateProfileCommand } from "./run.js";

const MOST = 99_999_999;

const HELP = `
Requests are CSV with a header, one request a row in any order: arrival_s, prompt_tokens, output_tokens, first_token_s,
finish_s, and where they are known scheduled_s, max_itl_ms. Steps are as in "surgefleet calibrate".

Examples:
  surgefleet validate-profile llama-3.1-8b-h100 --requests run.requests.csv --steps run.steps.csv
  surgefleet validate-profile my.json --requests run.csv --max-sequences 64 --max-batched-tokens 8192 --json
  surgefleet validate-profile my.json --steps bench.csv

docs/validation.md explains every number. With --check, exit code 99 says that a bound was exceeded.
`;

export const command = defineCommand({
  name: "validate-profile",
  summary: "hold a step-time profile against a recorded run of an engine",
  description:
    "Replays a recorded run on one simulated replica and prints both side by side, with the error.",
  help: HELP,
  needs: { check: "requests" },
  words: (words) =>
    words
      .argument("<profile>", "name of a shipped profile, or a profile file, JSON")
      .option("--requests <file>", "the requests that the engine served, CSV: replayed")
      .option("--steps <file>", "the engine's steps, CSV: predicted one by one")
      .addOption(
        new Option(
          "--max-sequences <n>",
          "most sequences in its batch (default: the profile's, or 256)",
        ).argParser(wholeNumber(MOST)),
      )
      .addOption(
        new Option(
          "--max-batched-tokens <n>",
          "its token budget of a step (default: the profile's, or 2048)",
        ).argParser(wholeNumber(MOST)),
      )
      .option("--check", "exit with 99 where a bound of docs/validation.md is exceeded")
      .addOption(json())
      .addOption(noColor())
      .addOption(ascii("only ASCII characters in the report")),
  run: ([profile], flags, terminal) => validateProfileCommand(profile, flags, terminal),
});
