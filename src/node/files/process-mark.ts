// A mark that tells which process a file belongs to, and whether that process is still there: what a killed one has
// left can then be told from what a running one is about to use, also where pids are used again, in containers that
// share a folder and on a disk that several machines write to.
import { createHash, randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** `host-boot-pid-start-random`: everything that one command writes at a time has one mark. */
export const MARK = /[0-9a-f]{8}-[0-9a-f]{8}-\d+-\d+-[0-9a-f]{12}/;

/** A process of another machine cannot be asked; what it has not touched for so long is abandoned. */
const ABANDONED_MS = 24 * 3600 * 1000;

let thisProcess: { readonly host: string; readonly boot: string; readonly start: string } | undefined;

export function newMark(): string {
  const { host, boot, start } = own();
  return `${host}-${boot}-${process.pid}-${start}-${randomBytes(6).toString("hex")}`;
}

/** `age`, in milliseconds, is asked where the process is not one of this machine. */
export function isGone(mark: string, age: () => number, abandonedMs = ABANDONED_MS): boolean {
  const [host, boot, digits, start] = mark.split("-");
  if (host !== own().host) return age() > abandonedMs;
  // Nothing outlives the machine that it ran on.
  if (boot !== own().boot) return true;
  const pid = Number(digits);
  if (pid === process.pid) return start !== own().start;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Any other error means that there is such a process, of another user.
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
  // Killed and not yet cleared away by its parent, or gone and its number given to another.
  const found = startOf(digits!);
  return found === null || (found !== undefined && found !== start);
}

function own(): NonNullable<typeof thisProcess> {
  if (thisProcess === undefined) {
    // The machine and, on Linux, the namespace in which pids mean something.
    const place = [hostname(), orEmpty(machineOf), orEmpty(namespaceOf)].join("\n");
    const start = startOf("self") ?? String(Math.round(performance.timeOrigin));
    thisProcess = { host: shortHash(place), boot: shortHash(orEmpty(bootOf)), start };
  }
  return thisProcess;
}

const shortHash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 8);
const machineOf = () => readFileSync("/etc/machine-id", "utf8");
const bootOf = () => readFileSync("/proc/sys/kernel/random/boot_id", "utf8");
const namespaceOf = () => readlinkSync("/proc/self/ns/pid");

/** When a process began, in the kernel's ticks; null for one that has ended, undefined where the system is no Linux. */
function startOf(pid: string): string | null | undefined {
  // State and start are the first and the 20th field behind the name, which may hold spaces and parentheses.
  const fields = orEmpty(() => readFileSync(`/proc/${pid}/stat`, "utf8"))
    .replace(/^.*\) /s, "")
    .split(" ");
  if (fields.length < 20) return undefined;
  return fields[0] === "Z" || fields[0] === "X" ? null : fields[19];
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
