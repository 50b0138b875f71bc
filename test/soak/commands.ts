// The commands that write, each in two variants whose outputs differ, and the inputs they read. It does not know what
// is done to them.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const STEPS = fileURLToPath(new URL("../fixtures/steps/made.csv", import.meta.url));

export const VARIANTS = ["a", "b"] as const;
export type Variant = (typeof VARIANTS)[number];

export interface WritingCommand {
  readonly name: string;
  /** Words of the command line, with everything written into `folder`. */
  readonly words: (folder: string, variant: Variant) => readonly string[];
  /** Files that appear together or not at all; none means all that is in the folder. */
  readonly groups: readonly (readonly string[])[];
  /** Whether a group is what an interrupted command writes of what it has, whole. */
  readonly isWholePart?: (folder: string, group: number) => boolean;
}

const SCENARIO = `schemaVersion: 1
name: soak
duration: 60s
inventory: { gpus: 1 }
pools:
  shared:
    replicas: 1
    replica: { engine: batching, profile: llama-3.1-8b-h100, maxSequences: 16, kvTokens: 100k }
    admission: { policy: tail-drop, maxQueue: 8, queueTimeout: 1s }
paths:
  standard: { model: m, pool: shared, rank: 0 }
traffic:
  calls:
    arrivals: { process: poisson, rate: 150/s }
    input: 500
    output: 200
    mix: { standard: 100% }
thresholds:
  overloaded_rate: ["rate<100%"]
`;

const ROWS = 20_000;

/** Writes the inputs into a folder and says which commands read them. */
export function writingCommands(inputs: string): WritingCommand[] {
  const scenario = join(inputs, "soak.yaml");
  const trace = join(inputs, "trace.csv");
  const second = join(inputs, "second.yaml");
  writeFileSync(scenario, SCENARIO);
  writeFileSync(second, "extends: ./soak.yaml\nname: second\n");
  const rows = Array.from(
    { length: ROWS },
    (_, row) => `${row * 0.05},${10 + (row % 90)},${5 + (row % 7)}\n`,
  );
  writeFileSync(trace, `timestamp,input_tokens,output_tokens\n${rows.join("")}`);
  const result = (variant: Variant) => join(inputs, `result-${variant}`);
  const seed = (variant: Variant) => ["--seed", variant] as const;
  const part = (variant: Variant) => ["--limit", String(variant === "a" ? ROWS / 2 : ROWS)] as const;
  return [
    {
      name: "run",
      words: (folder, variant) => [
        ...["run", scenario, "--out", folder, ...seed(variant), "--quiet"],
        ...(variant === "b" ? ["--requests"] : []),
      ],
      groups: [],
      isWholePart: isWholePartialResult,
    },
    {
      name: "check",
      words: (folder, variant) => [
        ...["check", scenario, second, ...seed(variant), "--seeds", "8", "--workers", "1"],
        ...["--set", "duration=1s", "--baseline", folder, "--update", "--quiet"],
        ...["--junit", join(folder, "check.xml"), "--markdown", join(folder, "check.md")],
      ],
      // In two folders, which change together.
      groups: [
        ["soak/check.json", "second/check.json"],
        ["check.xml", "check.md"],
      ],
      isWholePart: (folder, group) => group === 1 && isWholePartialCheck(folder),
    },
    {
      name: "report",
      words: (folder, variant) => [
        ...["report", result(variant), "--out", join(folder, "page.html"), "--open", "never"],
      ],
      groups: [["page.html"]],
    },
    {
      name: "calibrate",
      words: (folder, variant) => [
        ...["calibrate", STEPS, "--name", variant],
        ...["--out", join(folder, "fit/profile.json"), "--svg", join(folder, "errors.svg")],
      ],
      groups: [["fit/profile.json", "errors.svg"]],
    },
    {
      name: "trace convert",
      words: (folder, variant) => [
        ...["trace", "convert", trace, join(folder, "trace.jsonl"), "--to", "weka", ...part(variant)],
      ],
      groups: [["trace.jsonl"]],
    },
    {
      name: "trace generate",
      words: (folder, variant) => [
        ...["trace", "generate", scenario, "--out", join(folder, "trace.csv"), ...seed(variant)],
      ],
      groups: [["trace.csv"]],
    },
    {
      name: "trace fit",
      words: (folder, variant) => [
        ...["trace", "fit", trace, "--out", join(folder, "fitted.yaml"), ...part(variant)],
      ],
      groups: [["fitted.yaml"]],
    },
    {
      name: "init",
      words: (folder, variant) => [
        ...["init", join(folder, "mine.yaml"), "--force"],
        ...["--template", variant === "a" ? "quickstart" : "retry-storm"],
      ],
      groups: [["mine.yaml"]],
    },
  ];
}

/** Results that `report` reads. */
export function resultWords(inputs: string, variant: Variant): readonly string[] {
  return [
    ...["run", join(inputs, "soak.yaml"), "--out", join(inputs, `result-${variant}`)],
    ...["--seed", variant, "--set", "duration=2s", "--quiet"],
  ];
}

/** What a group of files holds, as one hash; "absent" where none of them is there. */
export function stateOf(folder: string, group: readonly string[]): string {
  const names = group.length > 0 ? group : filesIn(folder);
  const there = names.filter((name) => existsSync(join(folder, name)));
  if (there.length === 0) return "absent";
  const hash = createHash("sha256");
  for (const name of there)
    hash.update(`${name}\0${withoutTimes(readFileSync(join(folder, name), "utf8"))}\0`);
  return hash.digest("hex").slice(0, 12);
}

/** JUnit says how long a scenario took. */
function withoutTimes(text: string): string {
  return text.replace(/ time="[^"]*"/g, "");
}

/** All files of ours, sorted; nothing that a command has yet to clear away. */
export function filesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((name) => !isLitter(name))
    .sort();
}

export function litterIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.filter(isLitter);
}

function isLitter(name: string): boolean {
  return /(^|\/)\.|\.tmp$|\.partial$/.test(name);
}

/** A whole result that says of itself that it was interrupted. */
function isWholePartialResult(folder: string): boolean {
  const path = join(folder, "manifest.json");
  if (!existsSync(path)) return false;
  const manifest = JSON.parse(readFileSync(path, "utf8")) as {
    readonly partial: boolean;
    readonly files: Readonly<Record<string, { readonly sha256: string }>>;
  };
  const names = filesIn(folder).filter((name) => name !== "manifest.json");
  const hashes = names.map((name) =>
    createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex"),
  );
  const isAsSaid = names.every((name, index) => manifest.files[name]?.sha256 === hashes[index]);
  return manifest.partial && isAsSaid && names.length === Object.keys(manifest.files).length;
}

/** A whole report on some of the scenarios, which says that it was interrupted. */
function isWholePartialCheck(folder: string): boolean {
  const [xml = "", markdown = ""] = ["check.xml", "check.md"]
    .map((name) => join(folder, name))
    .map((path) => (existsSync(path) ? readFileSync(path, "utf8") : ""));
  const left = [xml.split('"interrupted before"').length - 1, markdown.split("not checked").length - 1];
  const isWhole = xml.trimEnd().endsWith("</testsuites>") && /^## .*: interrupted, /.test(markdown);
  return isWhole && left[0] === left[1];
}

export function emptyFolder(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}
