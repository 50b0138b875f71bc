// The text of a record: how files get their names in some folders, step by step. What no command of this program writes
// is none, since a record may have been cut off, and anyone may put a file of its name into a folder.
import { basename, join, relative, resolve } from "node:path";
import { parsedJson } from "../json.js";
import { isMarked, oldName, temporaryName } from "./marked-files.js";

/** A name that is given, or goes. */
export interface Step {
  readonly folder: string;
  readonly name: string;
  readonly temporary: string | null;
  /** Whether something had the name. */
  readonly wasThere: boolean;
  /** Path of what is set aside. */
  readonly aside: string;
}

type Row = readonly [folder: string, name: string, temporary: string | null, wasThere: boolean];

export function recordText(home: string, steps: readonly Step[]): string {
  const rows = steps.map(({ folder, name, temporary, wasThere }): Row => {
    return [relative(home, folder), name, temporary, wasThere];
  });
  return JSON.stringify(rows);
}

/** Undefined for what this program does not write. */
export function stepsIn(text: string, home: string, mark: string): Step[] | undefined {
  const rows = parsedJson(text);
  if (!Array.isArray(rows)) return undefined;
  const steps = rows.map((row: unknown, index) => stepOf(row, index, home, mark));
  return steps.includes(undefined) ? undefined : (steps as Step[]);
}

function stepOf(row: unknown, index: number, home: string, mark: string): Step | undefined {
  if (!Array.isArray(row)) return undefined;
  const [folder, name, temporary, wasThere] = row as readonly unknown[];
  if (typeof folder !== "string" || typeof name !== "string" || typeof wasThere !== "boolean")
    return undefined;
  if (basename(name) !== name || ["", ".", ".."].includes(name) || isMarked(name)) return undefined;
  if (temporary !== null && !isTemporaryOf(mark, temporary)) return undefined;
  const path = resolve(home, folder);
  return { folder: path, name, temporary, wasThere, aside: join(path, oldName(mark, index)) };
}

function isTemporaryOf(mark: string, name: unknown): name is string {
  const index = typeof name === "string" ? /\.(\d+)\.tmp$/.exec(name)?.[1] : undefined;
  return index !== undefined && name === temporaryName(mark, Number(index));
}
