// The script that is run first in every realm, src/realm: built with the package, and bundled on the way in the
// sources.
import { readFileSync } from "node:fs";
import { bridgeEntry } from "../package-files.js";
import { BUILD, esbuild } from "./bundle.js";

/** What that script calls its exports. */
export const BRIDGE = "surgefleetBridge";

let script: string | undefined;

/** Made once: it is the same for every module. */
export function bridgeScript(): string {
  script ??= made();
  return script;
}

function made(): string {
  const entry = bridgeEntry();
  if (entry.endsWith(".js")) return readFileSync(entry, "utf8");
  const { outputFiles } = esbuild().buildSync({ ...BUILD, entryPoints: [entry], globalName: BRIDGE });
  return outputFiles[0]!.text;
}
