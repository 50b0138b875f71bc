// A check as GitHub shows it: annotations at the lines that they are about, by workflow commands on stdout.
import { visibleLines } from "../../core/internal.js";
import { type CheckReport, type Finding, findings, folded, orphanText } from "./checked.js";

const LEVEL = {
  fail: "error",
  regression: "error",
  uncompared: "error",
  undecided: "error",
  improvement: "notice",
  note: "notice",
} as const;

/**
 * One line per place and kind of finding, since GitHub shows only the first few of a step; lines end in LF. Names
 * come from users, so that nothing in them may end a command early.
 */
export function githubAnnotations({ checked, orphans, allowUndecided }: CheckReport): string {
  const found = checked.flatMap((one) =>
    together(folded(findings(one))).map((finding) => ({ name: one.name, ...finding })),
  );
  const lines = found.map(({ name, kind, title, text, place }) => {
    const properties = [
      `file=${property(place.file)}`,
      `line=${place.line}`,
      `col=${place.column}`,
      `title=${property(`${name}: ${title}`)}`,
    ];
    const level = kind === "undecided" && allowUndecided ? "warning" : LEVEL[kind];
    return `::${level} ${properties.join(",")}::${message(text)}\n`;
  });
  const left = orphans.map((path) => `::error file=${property(path)}::${message(orphanText(path))}\n`);
  return [...lines, ...left].join("");
}

/** What is of one kind and about one place, with all the texts in one. */
function together(all: readonly Finding[]): Finding[] {
  const groups = new Map<string, Finding>();
  for (const finding of all) {
    const { kind, place } = finding;
    const key = [kind, place.file, place.line, place.column].join("\n");
    const before = groups.get(key);
    groups.set(key, before === undefined ? finding : { ...before, text: `${before.text}\n${finding.text}` });
  }
  return [...groups.values()];
}

function message(text: string): string {
  return visibleLines(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return message(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
