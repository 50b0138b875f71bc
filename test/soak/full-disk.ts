// A small disk in memory that can be filled to the last page. Needs root and a Linux that lets it mount one.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const PAGE_BYTES = 4096;

export class SmallDisk {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
    mkdirSync(path, { recursive: true });
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=16m", "none", path], { stdio: "pipe" });
  }

  /** Leaves so many pages free. */
  fill(freePages: number): void {
    rmSync(this.#filler, { force: true });
    const { bfree, bsize } = statfsSync(this.path);
    writeFileSync(this.#filler, Buffer.alloc(Math.max(0, bfree * bsize - freePages * PAGE_BYTES)));
  }

  empty(): void {
    rmSync(this.#filler, { force: true });
  }

  close(): void {
    execFileSync("umount", [this.path], { stdio: "pipe" });
  }

  get #filler(): string {
    return join(this.path, "filler");
  }
}

/** Why there is none, or the disk. */
export function openSmallDisk(path: string): SmallDisk | string {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "only root of a Linux may mount one";
  try {
    return new SmallDisk(path);
  } catch (error) {
    return `it cannot be mounted here: ${(error as Error).message.split("\n")[0]}`;
  }
}
