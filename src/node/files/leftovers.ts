// What other commands have in a folder while they give files their names there, and what killed ones have left.
import { join } from "node:path";
import { SurgefleetError } from "../../core/index.js";
import { homeOf } from "./lock-files.js";
import { type Marked, markedIn } from "./marked-files.js";
import { isGone } from "./process-mark.js";
import { removeIfPossible, type Unfinished, unfinishedIn } from "./replacement.js";

/** Giving names takes milliseconds. A command of another machine whose lock is older than this was killed. */
const ABANDONED_MS = 30_000;

export const isHold = ({ kind }: Marked) => kind === "lock" || kind === "record";

/** Whether a command in this folder is half way, so that what lies there does not belong together. */
export function isHalfWay(folder: string): boolean {
  return unfinishedOf(markedIn(folder)).length > 0;
}

/** Whether one that is half way was killed, as far as can be told from here. */
export function isAbandoned(folder: string): boolean {
  const killed = byMark(markedIn(folder)).filter((marks) => isKilled(marks, Date.now()));
  return unfinishedOf(killed.flat()).length > 0;
}

interface Others {
  /** Whether a command is at work there. */
  readonly isBusy: boolean;
  /** Everything that killed ones have left. */
  readonly killed: readonly Marked[];
}

/** `now` is by the clock of the file system, which may not be the one of this machine. */
export function othersIn(folder: string, mine: string, now: number): Others {
  const others = byMark(markedIn(folder)).filter(([first]) => first?.mark !== mine);
  const killed = others.filter((marks) => isKilled(marks, now));
  const isBusy = others.some((marks) => marks.some(isHold) && !killed.includes(marks));
  return { isBusy, killed: killed.flat() };
}

/** All of one mark in one folder. */
function isKilled(marks: readonly Marked[], now: number): boolean {
  const holds = marks.filter(isHold);
  const newest = Math.max(...(holds.length > 0 ? holds : marks).map(({ modifiedMs }) => modifiedMs));
  return isGone(marks[0]!.mark, () => now - newest, holds.length > 0 ? ABANDONED_MS : undefined);
}

/** What the commands with these marks had begun. */
export function unfinishedOf(marks: readonly Marked[]): Unfinished[] {
  return byMark(marks).flatMap((own) => {
    const unfinished = own.some(isHold) ? unfinishedFrom(own[0]!) : undefined;
    return unfinished === undefined ? [] : [unfinished];
  });
}

/** What the command had begun that has a lock or a record in this folder. */
function unfinishedFrom({ folder, mark }: Marked): Unfinished | undefined {
  const home = homeOf(folder, mark) ?? folder;
  // A record is believed only of folders that lead to it: someone else may have put it there.
  return unfinishedIn(home, mark, (one) => one === home || homeOf(one, mark) === home);
}

/** Takes back what had been begun, and then all that was left away. Throws USAGE where that is not possible. */
export function clear(marks: readonly Marked[], unfinished: readonly Unfinished[]): void {
  for (const one of unfinished) takeBack(one);
  // Locks last: they lead to the record.
  const isLock = ({ kind }: Marked) => Number(kind === "lock");
  for (const { folder, name } of [...marks].sort((left, right) => isLock(left) - isLock(right))) {
    removeIfPossible(join(folder, name));
  }
}

function takeBack({ folders, takeBack }: Unfinished): void {
  try {
    takeBack();
  } catch (error) {
    const why = `what a killed command had begun there cannot be taken back: ${(error as Error).message}`;
    throw new SurgefleetError("USAGE", `cannot write in ${folders.join(" and ")}: ${why}`);
  }
}

function byMark(all: readonly Marked[]): Marked[][] {
  const groups = new Map<string, Marked[]>();
  for (const one of all) groups.set(one.mark, [...(groups.get(one.mark) ?? []), one]);
  return [...groups.values()];
}
