// `surgefleet validate-profile`: its words. What it does is in run.ts.
import { Option } from "@commander-js/extra-typings";
import { TRACE_FORMATS } from "../../../core/internal.js";
import { ascii, json, noColor, set } from "../../flags/shared.js";
import { each, time, wholeNumber } from "../../flags/values.js";
import { defineCommand } from "../define.js";
import { validateProfileCommand } from "./run.js";

const MOST = 99_999_999;

const HELP = `
A recorded run is the detailed result of a load generator, any other trace whose rows tell first token and end, the
requests.csv of a run, or CSV with arrival_s, prompt_tokens, output_tokens, first_token_s, finish_s, and where they are
known scheduled_s, max_itl_ms, cached_tokens. Stages are summaries without single requests. Steps are as in
"surgefleet calibrate".

Examples:
  surgefleet validate-profile llama-3.1-8b-h100 --requests run.requests.csv --steps run.steps.csv
  surgefleet validate-profile my.json --requests results.json --kv-tokens 450000 --html page.html
  surgefleet validate-profile my.json --requests run.csv --max-sequences 64 --max-batched-tokens 8192 --json
  surgefleet validate-profile my.json --requests run.csv --timeout 300s --set pools.engine.replica.kvBlockTokens=32
  surgefleet validate-profile my.json --requests run.csv --set pools.engine.replica.engineVersion=vllm-0.15
  surgefleet validate-profile my.json --steps bench.csv
  surgefleet validate-profile my.json --stages stages.csv --model my-model --timeout 300s --html page.html

docs/validation.md explains every number. With --check, exit code 99 says that a bound was exceeded.
`;

const setting = (flag: string, help: string) => new Option(flag, help).argParser(wholeNumber(MOST));

export const command = defineCommand({
  name: "validate-profile",
  summary: "hold a step-time profile against a recorded run of an engine",
  description: "Replays a recorded run on simulated replicas and prints both side by side, with the error.",
  help: HELP,
  needs: { check: "requests", format: "requests", model: "stages", over: "stages", since: "over" },
  words: (words) =>
    words
      .argument(
        "<profile>",
        "name of a shipped profile, or a profile file, JSON; with --stages also a scenario, YAML",
      )
      .option("--requests <file>", "the requests that the engine served: replayed")
      .option("--steps <file>", "the engine's steps, CSV or vLLM's log of iterations: predicted one by one")
      .addOption(
        new Option(
          "--stages <file>",
          "summaries of load stages, in place of requests: each is simulated; may be given again",
        ).argParser(each(String)),
      )
      .option("--model <name>", "only the stages of this model, where they are of several")
      .addOption(
        new Option("--over <time>", "how long a stage of vLLM's /metrics was, as in 10m").argParser(time),
      )
      .option("--since <file>", "vLLM's /metrics before the stage (default: the stage began with the engine)")
      .addOption(
        new Option("--format <id>", "format of the requests, where their first line does not tell").choices([
          "auto",
          ...TRACE_FORMATS.map((one) => one.name),
        ]),
      )
      .addOption(
        setting("--max-sequences <n>", "most sequences in its batch (default: the profile's, or 256)"),
      )
      .addOption(
        setting("--max-batched-tokens <n>", "its token budget of a step (default: the profile's, or 2048)"),
      )
      .addOption(setting("--max-prefills <n>", "sequences that prefill at a time (default: 8)"))
      .addOption(
        setting("--kv-tokens <n>", "tokens that its KV cache holds (default: the profile's, or 409600)"),
      )
      .addOption(setting("--replicas <n>", "replicas of the engine behind one door (default: 1)"))
      .addOption(
        new Option(
          "--timeout <time>",
          "after that callers give up (default: as those of the recording did)",
        ).argParser(time),
      )
      .addOption(set("change a value of the scenario that is replayed; may be given again"))
      .option("--html <file>", "write a page: recorded beside simulated, and what to calibrate next")
      .option("--check", "exit with 99 where a bound of docs/validation.md is exceeded")
      .addOption(json())
      .addOption(noColor())
      .addOption(ascii("only ASCII characters in the report")),
  run: ([profile], flags, terminal) => validateProfileCommand(profile, flags, terminal),
});
