// `surgefleet init`: writes a commented scenario to start from, or lists those there are.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { SurgefleetError } from "../../core/index.js";
import { ExitCode } from "../exit-code.js";
import { QUICKSTART, templateNames, templatePath } from "../package-files.js";
import { writing } from "../results/errors.js";
import { loadScenarioFile } from "../scenario-file.js";
import { commandLine } from "../shell.js";
import type { Terminal } from "../terminal.js";

export interface InitFlags {
  readonly list?: boolean;
  readonly template: string;
  readonly force?: boolean;
}

export const DEFAULT_TEMPLATE = QUICKSTART;

const SCHEMA_COMMENT =
  "# yaml-language-server: $schema=./node_modules/surgefleet/schema/scenario.schema.json\n";

export function initCommand(target: string | undefined, flags: InitFlags, terminal: Terminal): ExitCode {
  if (flags.list === true) {
    terminal.output.write(templateList());
    return ExitCode.ok;
  }
  const path = targetFile(target ?? ".", flags.template);
  const text = templateText(flags.template);
  writeNew(path, text, flags.force === true);
  const steps = [
    `wrote ${path}`,
    "",
    "next:",
    `  ${commandLine(["surgefleet", "run", path])}`,
    `  ${commandLine(["surgefleet", "validate", path])}    after every edit`,
    `  ${commandLine(["surgefleet", "init", "--list"])}    more scenarios to start from`,
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
  if (!templateNames().includes(name)) {
    throw new SurgefleetError(
      "USAGE",
      `there is no template "${name}"; there are ${templateNames().join(", ")}`,
    );
  }
  const text = readFileSync(templatePath(name), "utf8");
  return SCHEMA_COMMENT + text.replace(/^# yaml-language-server:.*\n/m, "");
}

function targetFile(target: string, template: string): string {
  const isFile = [".yaml", ".yml"].includes(extname(target));
  const isFolder = statSync(target, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFile && !isFolder ? target : join(target, `${template}.yaml`);
}

function writeNew(path: string, text: string, force: boolean): void {
  if (!force && existsSync(path)) {
    throw new SurgefleetError("USAGE", `${path} exists already; --force overwrites it`);
  }
  writing(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: force ? "w" : "wx" });
  });
}
