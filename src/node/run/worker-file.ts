// The file that worker threads run: of the build the one beside this file, and in the sources one file made of all that
// it imports, since each thread would else take seconds to read them one by one.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { esbuild } from "../code/bundle.js";

/** To be removed after use. */
export interface WorkerFile {
  /** What a pool of threads is to be told of it. */
  readonly options: { readonly filename: string; readonly execArgv?: string[] };
  remove(): void;
}

const IS_SOURCE = import.meta.url.endsWith(".ts");
const beside = (name: string) => new URL(name, import.meta.url);

export function openWorkerFile(): WorkerFile {
  if (!IS_SOURCE) return { options: { filename: beside("./replication-worker.js").href }, remove: () => {} };
  // Below the root, so that packages are found from there.
  const cache = fileURLToPath(beside("../../../.cache/"));
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "worker-"));
  const outfile = join(folder, "replication-worker.mjs");
  esbuild().buildSync({
    ...{ entryPoints: [fileURLToPath(beside("./replication-worker.ts"))], outfile },
    ...{ bundle: true, packages: "external", platform: "node", format: "esm", target: "es2022" },
    logLevel: "silent",
  });
  return {
    // Without what this process reads its sources by.
    options: { filename: pathToFileURL(outfile).href, execArgv: [] },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
