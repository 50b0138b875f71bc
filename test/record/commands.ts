// Which command lines the record holds: every scenario of the gallery, and every subcommand in the forms that compute
// something. Names stay as they are, since the record knows a command by its name; words follow the program and the
// files of the repository. OUT is the command's own folder, OUT:name that of an earlier one.
import { readdirSync } from "node:fs";
import { basename } from "node:path";

export interface RecordedCommand {
  readonly name: string;
  readonly words: readonly string[];
}

const command = (name: string, line: string): RecordedCommand => ({ name, words: line.split(" ") });

/** Where a gallery scenario is too long for a look, how much of it is run. */
const CUT: Readonly<Record<string, string>> = {
  "serverless-2": "--set duration=3h",
  "agents-at-work": "--requests",
  "trace-replay": "--requests",
};

const GALLERY = readdirSync("scenarios")
  .filter((file) => file.endsWith(".yaml"))
  .sort();
const gallery = GALLERY.map((file) => {
  const name = basename(file, ".yaml");
  return command(`run ${name}`, `run scenarios/${file} --out OUT --quiet ${CUT[name] ?? "--ascii"}`);
});

const traces = readdirSync("test/fixtures/traces")
  .filter((file) => !file.startsWith("servegen"))
  .sort();
const inspected = traces.map((file) =>
  command(`inspect ${file}`, `trace inspect test/fixtures/traces/${file} --json`),
);
const converted = traces.map((file) =>
  command(
    `convert ${file}`,
    `trace convert test/fixtures/traces/${file} OUT/${file === "weka-dev.jsonl" ? "same.jsonl --to weka" : "same.jsonl --to generic"}`,
  ),
);

const SHORT = "--set duration=2m --set warmup=20s --workers 1 --quiet";

export const COMMANDS: readonly RecordedCommand[] = [
  ...gallery,
  command("run pooled", `run scenarios/quickstart.yaml --seeds 3 --out OUT ${SHORT}`),
  command(
    "run json",
    `run scenarios/quickstart.yaml --no-out --json --seed 7 ${SHORT.replace("--workers 1 ", "")}`,
  ),
  command("run abandoning", "run scenarios/retry-storm.yaml --set duration=6m --out OUT --requests --quiet"),
  command("check", `check scenarios/quickstart.yaml scenarios/client-models.yaml --seeds 3 ${SHORT}`),
  command(
    "check files",
    `check scenarios/quickstart.yaml --seeds 3 ${SHORT} --json --junit OUT/j.xml --markdown OUT/m.md`,
  ),
  command("check update", `check scenarios/quickstart.yaml --seeds 8 ${SHORT} --baseline OUT/base --update`),
  command(
    "check baseline",
    `check scenarios/quickstart.yaml --seeds 8 ${SHORT} --baseline OUT:check-update/base ` +
      "--set pools.shared.replicas=3 --json",
  ),
  command(
    "compare variants",
    `compare scenarios/quickstart.yaml --variant pools.shared.replicas=5 --seeds 3 --all ${SHORT}`,
  ),
  command("compare results", "compare OUT:run-retry-storm OUT:run-retry-storm-cured --all --json"),
  command(
    "plan find",
    `plan scenarios/quickstart.yaml --find pools.shared.replicas=3..8 --most 24 --demand 1 ${SHORT}`,
  ),
  command("plan load", `plan scenarios/quickstart.yaml --maximise load=0.5..2 --most 24 --json ${SHORT}`),
  command(
    "plan cost",
    `plan scenarios/quickstart.yaml --minimise cost --over pools.shared.replicas=4..6 --over pools.fast.replicas=2..3 ` +
      `--most 24 --json ${SHORT}`,
  ),
  command(
    "plan best",
    `plan scenarios/quickstart.yaml --best pools.shared.admission.reserve.standard=0%..20% ` +
      `--objective overloaded_rate{tier:standard,per:attempt} --most 8 --json ${SHORT}`,
  ),
  command("stability", "stability scenarios/retry-storm.yaml --seeds 2 --set duration=8m"),
  command("stability json", "stability scenarios/retry-storm-cured.yaml --seeds 2 --set duration=8m --json"),
  command(
    "rare",
    "rare scenarios/quickstart.yaml --tier standard --warmup 20s --window 20s --trials 20 --json",
  ),
  command(
    "report",
    "report OUT:run-quickstart --out OUT/report.html --open never --scenario scenarios/quickstart.yaml",
  ),
  command("report pooled", "report OUT:run-pooled --out OUT/report.html --open never"),
  command(
    "generate csv",
    "trace generate scenarios/quickstart.yaml --out OUT/made.csv --duration 300s --set warmup=0s",
  ),
  command(
    "generate sessions",
    "trace generate scenarios/agents-at-work.yaml --out OUT/made.jsonl --to mooncake-session --duration 300s --set warmup=0s",
  ),
  command(
    "generate weka",
    "trace generate scenarios/agents-at-work.yaml --out OUT/made.jsonl --to weka --duration 300s --set warmup=0s",
  ),
  ...inspected,
  command("inspect text", "trace inspect scenarios/traces/burst.csv"),
  ...converted,
  command(
    "convert sampled",
    "trace convert scenarios/traces/burst.csv OUT/half.csv --to generic --sample 50% --repeat 2",
  ),
  command("fit", "trace fit OUT:generate-csv/made.csv --out OUT/fit.yaml"),
  command("fit json", "trace fit OUT:generate-sessions/made.jsonl --json"),
  command(
    "calibrate",
    "calibrate test/fixtures/steps/made.csv --out OUT/made.json --svg OUT/made.svg --name made",
  ),
  command(
    "calibrate json",
    "calibrate test/fixtures/steps/made.csv --json --score test/fixtures/steps/made.csv",
  ),
  command(
    "validate-profile",
    "validate-profile llama-3.1-8b-h100 --requests test/fixtures/requests/made.csv",
  ),
  command(
    "validate-profile json",
    "validate-profile llama-3.1-8b-h100 --requests test/fixtures/requests/made.csv --steps test/fixtures/steps/made.csv --json",
  ),
  { name: "validate", words: ["validate", ...GALLERY.map((file) => `scenarios/${file}`)] },
  command("schema", "schema"),
  ...["quickstart", "serverless-2"].map((name) => command(`init ${name}`, `init OUT --template ${name}`)),
];
