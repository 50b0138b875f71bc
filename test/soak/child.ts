// Starts the built command line and ends it at a moment that is drawn: after a share of its usual time, or at one of
// the changes that it makes in the folder it writes to.
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, type FSWatcher, mkdirSync, symlinkSync, watch } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = fileURLToPath(new URL("../../", import.meta.url));
const LONGEST_MS = 120_000;

let cli = "";

/** Takes a copy of what was built: a build during the soak must not change what is looked at. */
export function install(folder: string): void {
  mkdirSync(folder);
  for (const part of ["dist", "scenarios", "package.json"]) {
    cpSync(join(PACKAGE, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(PACKAGE, "node_modules"), join(folder, "node_modules"));
  cli = join(folder, "dist/node/cli.js");
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  readonly seconds: number;
  /** Changes that were seen in the folder. */
  readonly changes: number;
  /** Whether the signal was sent before it had ended. */
  readonly wasHit: boolean;
}

export interface Kill {
  readonly signal: NodeJS.Signals;
  /** After so many milliseconds, or at the change of this number. */
  readonly at: { readonly ms: number } | { readonly change: number };
}

export function surgefleet(words: readonly string[], watched: string, kill?: Kill): Promise<Ended> {
  const started = performance.now();
  const child = spawn(process.execPath, [cli, ...words], { stdio: ["ignore", "ignore", "pipe"] });
  let [stderr, changes, wasHit] = ["", 0, false];
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const hit = () => {
    if (kill !== undefined && !wasHit) wasHit = child.kill(kill.signal);
  };
  const watcher: FSWatcher = watch(watched, { recursive: false }, () => {
    changes++;
    if (kill !== undefined && "change" in kill.at && changes >= kill.at.change) hit();
  });
  const timer = kill !== undefined && "ms" in kill.at ? setTimeout(hit, kill.at.ms) : undefined;
  const stop = setTimeout(() => child.kill("SIGKILL"), LONGEST_MS);
  return ended(child).then(({ code, signal }) => {
    clearTimeout(timer);
    clearTimeout(stop);
    watcher.close();
    return { code, signal, stderr, changes, wasHit, seconds: (performance.now() - started) / 1000 };
  });
}

function ended(child: ChildProcess): Promise<Pick<Ended, "code" | "signal">> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
}
