// `surgefleet init`: writes a commented scenario to start from, with the traces it reads, or lists those
// there are.
import { existsSync, readFileSync } from "node:fs";
import { dirname, extname, isAbsolute, join } from "node:path";
import { SurgefleetError } from "../../../core/index.js";
import { ExitCode } from "../../exit-code.js";
import { kindOf } from "../../files/look.js";
import { writeWhole } from "../../files/write-whole.js";
import { templateNames, templatePath } from "../../package-files.js";
import { inputsOf, loadScenarioFile } from "../../scenario-file.js";
import { commandLine } from "../../shell.js";
import type { Terminal } from "../../terminal.js";

export interface InitFlags {
  readonly list?: boolean | undefined;
  readonly template: string;
  readonly force?: boolean | undefined;
}

const SCHEMA_COMMENT =
  "# yaml-language-server: $schema=./node_modules/surgefleet/schema/scenario.schema.json\n";

export function initCommand(target: string | undefined, flags: InitFlags, terminal: Terminal): ExitCode {
  if (flags.list === true) {
    terminal.output.write(templateList());
    return ExitCode.ok;
  }
  const path = targetFile(target ?? ".", flags.template);
  const text = templateText(flags.template);
  const loaded = loadScenarioFile(templatePath(flags.template));
  const { traces } = loaded;
  const relative = traces.filter((trace) => !isAbsolute(trace.name));
  const copied = relative.map((trace) => ({ from: trace.path, to: join(dirname(path), trace.name) }));
  const written = [path, ...copied.map((copy) => copy.to)];
  if (flags.force !== true) assertNew(written);
  const copies = copied.map(({ from, to }) => ({ path: to, text: readFileSync(from) }));
  writeWhole([...copies, { path, text }], inputsOf(loaded));
  const { program = "surgefleet" } = terminal;
  const steps = [
    ...written.map((file) => `wrote ${file}`),
    "",
    "next:",
    `  ${program} ${commandLine(["run", path])}`,
    `  ${program} ${commandLine(["validate", path])}`,
    "",
    `${program} init --list shows what else there is to start from`,
  ];
  terminal.output.write(`${steps.join("\n")}\n`);
  return ExitCode.ok;
}

function templateList(): string {
  const names = templateNames();
  const width = Math.max(...names.map((name) => name.length));
  const lines = names.map((name) => {
    const { description = "" } = loadScenarioFile(templatePath(name)).scenario;
    const [summary = ""] = description.split("\n");
    return `${name.padEnd(width)}  ${summary}`.trimEnd();
  });
  return `${lines.join("\n")}\n`;
}

/** The template with the line that tells editors its schema, in place of any it had. */
function templateText(name: string): string {
  const text = readFileSync(templatePath(name), "utf8");
  return SCHEMA_COMMENT + text.replace(/^# yaml-language-server:.*\n/m, "");
}

function targetFile(target: string, template: string): string {
  const isFile = [".yaml", ".yml"].includes(extname(target));
  const isFolder = kindOf(target) === "folder";
  return isFile && !isFolder ? target : join(target, `${template}.yaml`);
}

function assertNew(paths: readonly string[]): void {
  const inTheWay = paths.find((path) => existsSync(path));
  if (inTheWay === undefined) return;
  throw new SurgefleetError("USAGE", `${inTheWay} exists already; --force overwrites it`);
}
