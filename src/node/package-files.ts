// Files that ship with the package: its version, its scenarios and what a report's page runs. This file must stay two
// folders below the package's root, in the sources (src/node) as in the build (dist/node).
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SCENARIOS = join(ROOT, "scenarios");
const EXTENSION = ".yaml";

const REPORT_CLIENT = join(ROOT, "dist/web");

/** Where the sources run as they were written, modules for realms are too. */
const IS_SOURCE = import.meta.url.endsWith(".ts");

export const QUICKSTART = "quickstart";

export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  return version;
}

/** Names of the scenarios that ship with the package, sorted. */
export function templateNames(): string[] {
  const files = readdirSync(SCENARIOS).filter((file) => file.endsWith(EXTENSION));
  return files.map((file) => basename(file, EXTENSION)).sort();
}

/** Where a scenario that ships with the package lies. It need not exist. */
export function templatePath(name: string): string {
  return join(SCENARIOS, `${name}${EXTENSION}`);
}

/** Script and style of a report's page. */
export interface ReportClientFiles {
  readonly script: string;
  readonly style: string;
}

/** Null where the package was not built. */
export function reportClientFiles(): ReportClientFiles | null {
  const [script, style] = [join(REPORT_CLIENT, "report.js"), join(REPORT_CLIENT, "report.css")];
  if (!existsSync(script) || !existsSync(style)) return null;
  return { script: readFileSync(script, "utf8"), style: readFileSync(style, "utf8") };
}

/** What modules of users' own import as "surgefleet". */
export const publicEntry = (): string =>
  join(ROOT, IS_SOURCE ? "src/core/custom/public.ts" : "dist/core/custom/public.js");

/** The script that is run first in every realm. */
export const bridgeEntry = (): string =>
  join(ROOT, IS_SOURCE ? "src/realm/bridge.ts" : "dist/realm/bridge.js");

const MODULES = join(ROOT, "templates");
const MODULE_EXTENSION = ".ts";

/** Kinds of modules of users' own that there is a template of, as commands name them. */
export function moduleTemplates(): string[] {
  return readdirSync(MODULES)
    .map((file) => basename(file, MODULE_EXTENSION))
    .sort();
}

export const moduleTemplatePath = (kind: string): string => join(MODULES, `${kind}${MODULE_EXTENSION}`);
