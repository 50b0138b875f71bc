// `surgefleet policy show`: the options of a definition, where each default comes from, and its sources.
import {
  type DatedSource,
  DEFINITION_KINDS,
  type ExampleAnswer,
  isModuleName,
  KIND_NAMES,
  type OptionFacts,
  optionFacts,
  unknownName,
} from "../../../../core/internal.js";
import { loadNamed } from "../../../code/load.js";
import { ExitCode } from "../../../exit-code.js";
import { printDocument } from "../../../print.js";
import type { Terminal } from "../../../terminal.js";

interface Shown {
  readonly kind: string;
  readonly name: string;
  readonly summary: string;
  readonly written: string;
  readonly options: readonly OptionFacts[];
  /** What its name alone sets. */
  readonly sets: readonly OptionFacts[];
  /** Of a provider: what callers are sent. */
  readonly examples: readonly ExampleAnswer[];
  readonly sources: readonly DatedSource[];
}

/** Throws NOT_FOUND for a name that nothing has, INVALID_SCENARIO with every problem of a module. */
export function showCommand(
  name: string,
  flags: { readonly json?: boolean | undefined },
  terminal: Terminal,
): ExitCode {
  const shown = isModuleName(name) ? [shownModule(name)] : shownNamed(name);
  printDocument(flags, terminal, {
    document: () => shown,
    report: () => `${shown.map(textOf).join("\n\n")}\n`,
  });
  return ExitCode.ok;
}

function shownNamed(name: string): Shown[] {
  const found = DEFINITION_KINDS.flatMap(({ kind, written, definitions }) =>
    definitions
      .filter((one) => one.name === name)
      .map((one): Shown => {
        const { summary, sets = [], sources = [] } = one;
        return {
          kind,
          name,
          summary,
          written: one.written ?? written.replace("NAME", name),
          options: optionFacts(one),
          sets,
          examples: one.examples?.() ?? [],
          sources,
        };
      }),
  );
  if (found.length > 0) return found;
  const known = new Set(DEFINITION_KINDS.flatMap(({ definitions }) => definitions.map((one) => one.name)));
  throw unknownName(name, [...known], "definition");
}

function shownModule(name: string): Shown {
  const { kind, summary, options } = loadNamed(name);
  const facts = Object.entries(options).map(
    ([option, given]): OptionFacts => ({
      name: option,
      default: String(given.default),
      from: null,
      text: given.text,
    }),
  );
  const none = { sets: [], examples: [], sources: [] };
  return { kind: KIND_NAMES[kind], name, summary, written: "", options: facts, ...none };
}

function textOf({ kind, name, summary, written, options, sets, examples, sources }: Shown): string {
  const lines = [`${kind} ${name}`, `  ${summary}`];
  if (written !== "") lines.push(`  ${written}`);
  if (options.length > 0) lines.push("", ...table("option", options));
  if (sets.length > 0) lines.push("", ...table("sets", sets));
  for (const example of examples) lines.push("", ...exampleLines(example));
  if (sources.length > 0) {
    lines.push("", "  Sources", ...sources.map(({ text, date }) => `    ${text}, looked at ${date}`));
  }
  return lines.join("\n");
}

const HEADS = {
  option: ["option", "default", "from", "what it does"],
  sets: ["sets", "to", "from", "what it is"],
} as const;

function table(head: keyof typeof HEADS, options: readonly OptionFacts[]): string[] {
  const rows: (readonly string[])[] = [
    HEADS[head],
    ...options.map((one) => [one.name, one.default ?? "-", one.from ?? "", one.text]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
  );
}

function exampleLines({ when, status, error, headers, body }: ExampleAnswer): string[] {
  return [
    `  For example, ${when}: ${[status, ...error].join(" ")}`,
    ...headers.map(([name, value]) => `    ${name}: ${value}`),
    ...body.map(([path, value]) => `    body ${path}: ${value}`),
  ];
}
