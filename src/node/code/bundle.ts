// Bundles a module of a user's own, with the files that it imports, into one script: esbuild strips types and joins
// files. It is loaded only where there is such a module, since that takes as long as a small run.
import { createHash } from "node:crypto";
import { type Stats, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import type * as Esbuild from "esbuild";
import type { Issue } from "../../core/index.js";
import { PACKAGE_PREFIX } from "../../core/internal.js";
import { publicEntry } from "../package-files.js";

export interface Bundle {
  /** Of the module's entry, as messages name it. */
  readonly file: string;
  readonly script: string;
  readonly map: string;
  readonly sha256: string;
}

export type Bundled =
  | { readonly ok: true; readonly bundle: Bundle }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** What the script calls its exports. */
export const EXPORTS = "surgefleetModule";

const require = createRequire(import.meta.url);

/** What both kinds of scripts have in common that are read in a realm. */
export const BUILD = {
  bundle: true,
  write: false,
  format: "iife",
  platform: "neutral",
  mainFields: ["module", "main"],
  target: "es2022",
  // Without comments, which hold paths: one module has the same bytes wherever it lies.
  minifyWhitespace: true,
  legalComments: "none",
  tsconfigRaw: "{}",
  logLevel: "silent",
} as const satisfies Esbuild.BuildOptions;

export const esbuild = (): typeof Esbuild => require("esbuild") as typeof Esbuild;

/**
 * The module that a scenario in `folder` calls `name`: a path, or "pkg:" and a package. What esbuild finds wrong are
 * issues at their place in the user's files.
 */
export function bundleModule(name: string, folder: string): Bundled {
  const isPackage = name.startsWith(PACKAGE_PREFIX);
  const entry = isPackage
    ? name.slice(PACKAGE_PREFIX.length)
    : isAbsolute(name)
      ? name
      : `./${relativeTo(name)}`;
  const file = isPackage ? name : isAbsolute(name) ? name : join(folder, name);
  const odd = isPackage ? undefined : noFile(resolve(folder, name));
  if (odd !== undefined) return { ok: false, issues: [issueAbout(name, odd)] };
  const { buildSync } = esbuild();
  try {
    const { outputFiles } = buildSync({
      ...BUILD,
      stdin: {
        contents: `export { default } from ${JSON.stringify(entry)};`,
        resolveDir: folder,
        sourcefile: ENTRY,
      },
      absWorkingDir: folder,
      globalName: EXPORTS,
      sourcemap: "external",
      outdir: folder,
      // Code that is loaded while it runs could not be known before.
      // What waits is made of `Promise`, by name, which is not there.
      supported: {
        "dynamic-import": false,
        "async-await": false,
        "async-generator": false,
        "for-await": false,
      },
      alias: { surgefleet: publicEntry() },
    });
    const [map = "", script = ""] = [...outputFiles]
      .sort((one, other) => other.path.length - one.path.length)
      .map(({ text }) => text);
    const sha256 = createHash("sha256").update(script, "utf8").digest("hex");
    return { ok: true, bundle: { file, script, map, sha256 } };
  } catch (error) {
    const { errors } = error as Partial<Esbuild.BuildFailure>;
    if (errors === undefined) throw error;
    return { ok: false, issues: errors.map((one) => issueOf(one, name, folder)) };
  }
}

const ENTRY = "surgefleet-entry";

/** What the bundler adds to a name that is no file by itself. */
const ENDINGS = ["", ".tsx", ".ts", ".jsx", ".js"];

/** What a path names instead of a file or a folder: a device or a pipe, which may have no end when it is read. */
function noFile(path: string): string | undefined {
  for (const ending of ENDINGS) {
    const found = statOf(`${path}${ending}`);
    if (found === undefined) continue;
    return found.isFile() || found.isDirectory() ? undefined : "a device or a pipe, and no file";
  }
  return undefined;
}

/** Undefined where there is none, or where it cannot be looked at: of that the bundler tells. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Paths of a bundler have slashes, whatever those of the system have. */
const relativeTo = (name: string) => join(name).replaceAll("\\", "/");

const issueAbout = (name: string, what: string): Issue => ({
  ...{ file: "", line: 0, column: 0, path: "" },
  message: `${name}: ${what}`,
});

function issueOf({ text, location, notes }: Esbuild.Message, name: string, folder: string): Issue {
  // A module that is not there at all is wrong where the scenario names it.
  if (location === null || location.file === ENTRY) return issueAbout(name, plain(text));
  const { file, line, column } = location;
  const place = { file: relative(process.cwd(), join(folder, file)), line, column: column + 1 };
  const isBuiltIn = notes.some((note) => note.text.includes("built into node"));
  const hint = isBuiltIn ? { hint: "a module sees its arguments and nothing of the machine" } : {};
  return { ...place, path: "", message: plain(text), ...hint };
}

const plain = (text: string) =>
  text
    .replace(/^Could not resolve/, "there is no")
    .replace(/^No matching export in (".*") for import "default"$/, "there is no default export in $1")
    .replace(/^No loader is configured for "(.*)" files: .*$/, "a $1 file is no TypeScript or JavaScript");

export const folderOf = (file: string): string => dirname(file);
