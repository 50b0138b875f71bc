// `surgefleet policy test`: loads a module of the user's own, holds it to the contract of its kind, and says of each
// law whether it is met, with the histories that break it and the command that breaks it again.
import { SurgefleetError } from "../../../../core/index.js";
import { isModuleName, KIND_NAMES, problemOfOptions } from "../../../../core/internal.js";
import { loadNamed } from "../../../code/load.js";
import { openRealm } from "../../../code/open-realm.js";
import { ExitCode } from "../../../exit-code.js";
import { printDocument } from "../../../print.js";
import { commandLine } from "../../../shell.js";
import type { Terminal } from "../../../terminal.js";

export interface TestFlags {
  readonly option?: readonly string[] | undefined;
  readonly law?: readonly string[] | undefined;
  readonly json?: boolean | undefined;
}

const WRITTEN = "write a path that begins with ./, ../ or /, such as ./mine.ts, or pkg:NAME";

/** Drawn histories that each law is tried on. */
const RUNS = 50;

interface Tried {
  readonly law: string;
  readonly met: boolean;
  /** What broke it; left out where it is met. */
  readonly broken?: string;
  /** The error of the module that did. */
  readonly thrown?: string;
  readonly repeat?: string;
}

/** Throws INVALID_SCENARIO for a module that does not load, USAGE for what is no module and options that it lacks. */
export async function testCommand(module: string, flags: TestFlags, terminal: Terminal): Promise<ExitCode> {
  if (!isModuleName(module)) throw new SurgefleetError("USAGE", `"${module}" is no module: ${WRITTEN}`);
  const code = loadNamed(module);
  const written = Object.fromEntries((flags.option ?? []).map(parsedOption));
  const problem = problemOfOptions(code.options, written);
  if (problem !== undefined) throw new SurgefleetError("USAGE", `--option ${problem}`);
  // Loaded here alone: what laws are tried with is as large as half the program.
  const { contractOf } = await import("../../../../core/contracts.js");
  const all = contractOf({ code, module, written, open: openRealm, runs: RUNS });
  const texts = all.map(({ text }) => `  ${text}`).join("\n");
  const laws = all.filter(({ text }) => (flags.law ?? [""]).some((words) => text.includes(words)));
  if (laws.length === 0) throw new SurgefleetError("USAGE", `--law: none of these says that:\n${texts}`);
  const { program = "surgefleet" } = terminal;
  const tried = laws.map(({ text: law, check }): Tried => {
    const broken = problemIn(check);
    if (broken === undefined) return { law, met: true };
    const options = (flags.option ?? []).flatMap((one) => ["--option", one]);
    const repeat = `${program} ${commandLine(["policy", "test", module, ...options, "--law", law])}`;
    return { law, met: false, ...broken, repeat };
  });
  printDocument(flags, terminal, {
    document: () => tried,
    report: () => textOf(KIND_NAMES[code.kind], module, tried),
  });
  return tried.every(({ met }) => met) ? ExitCode.ok : ExitCode.internalError;
}

/** A hint about a flag of the library that draws histories, which is none of this command. */
const OF_THE_CHECKER = /\n\nHint: Enable verbose mode[^\n]*/;

function problemIn(check: () => void): Pick<Tried, "broken" | "thrown"> | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) return { broken: String(error) };
    // What a law's own code threw is the cause of what its property says.
    const { cause } = error;
    const said = error.message.replace(OF_THE_CHECKER, "").trimEnd();
    const inner = cause instanceof Error ? cause : error;
    const isOfModule = inner instanceof SurgefleetError && inner.code === "CODE_FAILED";
    return {
      broken: cause instanceof Error ? `${said}\n${cause.message}` : said,
      ...(isOfModule && { thrown: inner.message }),
    };
  }
}

function parsedOption(text: string): [string, unknown] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new SurgefleetError("USAGE", `--option ${text}: write name=value, as in spare=30%`);
  if (value === "true" || value === "false") return [name, value === "true"];
  return [name, /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value];
}

/** Each law in turn; last, each error of the module once, with the laws that it keeps from being tried. */
function textOf(kind: string, module: string, tried: readonly Tried[]): string {
  const lines = tried.flatMap(({ law, met, broken, thrown, repeat }) => {
    if (met) return [`met     ${law}`];
    return thrown === undefined ? told("BROKEN", law, [broken ?? ""], repeat) : [];
  });
  const errors = new Map<string, Tried[]>();
  for (const one of tried) {
    if (one.thrown === undefined) continue;
    const key = one.thrown.replace(WHEN, "");
    errors.set(key, [...(errors.get(key) ?? []), one]);
  }
  for (const spoiled of errors.values()) {
    const [first] = spoiled;
    const laws = spoiled.map(({ law }) => `spoils  ${law}`);
    lines.push(...told("THROWN", first!.thrown!, laws, first!.repeat));
  }
  const broken = tried.filter(({ met }) => !met).length;
  const sum = broken === 0 ? `${tried.length} laws met` : `${broken} of ${tried.length} laws broken`;
  return [...lines, "", `${kind} ${module}: ${sum}`, ""].join("\n");
}

/** One error is the same at whatever instant of a law's run it came. */
const WHEN = /, at [\d.]+ s(?=: )/;

const told = (word: string, what: string, below: readonly string[], repeat = ""): string[] => {
  const [first, ...rest] = [what, ...below].flatMap((text) => text.split("\n"));
  const indented = [...rest, `repeat  ${repeat}`].map((line) => `        ${line}`.trimEnd());
  return [`${word}  ${first}`, ...indented];
};
