// What every command has to keep to, whatever it is given.
import type { Finished } from "../small-fleet.js";

export interface Ended extends Finished {
  /** Contents by name, of all files that are there afterwards and were not before, or have changed. */
  readonly written: Readonly<Record<string, string>>;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

/** 0, wrong input, an undecided or a failed threshold. */
const CODES: readonly (number | null)[] = [0, 2, 3, 99];
const MOST_SECONDS = 20;
const MOST_BYTES = 1024 ** 3;
const MOST_TEXT = 60_000;

/** Controls, marks of direction, what has no width, halves of characters; signs may be joined to one. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}]/u;
const FINE = /[\n\t]|(?<=\p{Extended_Pictographic}\ufe0f?)\u200d(?=\p{Extended_Pictographic})/gu;
/** What JavaScript says where nobody has written a message. The inputs hold these words too: within quotes they are theirs. */
const UNWRITTEN: readonly RegExp[] = [
  /\bundefined\b/,
  /\[object /,
  /\bNaN\b/,
  /Cannot read propert|is not a function|is not iterable|Maximum call stack|Invalid array length|Unexpected token/,
  /^\s+at .*(?:\(.*\)|:\d+:\d+)$/m,
  /internal error/,
  /expected \w+, received/,
];
const TEMPORARY = /\.tmp$|^\.surgefleet|\.lock$/;

/** Of these words; `file` is what a refusal has to name, if anything. */
export function problemsOf(ended: Ended, words: readonly string[], file: string | undefined): string[] {
  const { code, stdout, stderr, written } = ended;
  const problems: string[] = [];
  const names = Object.keys(written);
  const wrong = (isWrong: boolean, text: string) => {
    if (isWrong) problems.push(text);
  };
  wrong(!CODES.includes(code), `exit code ${code}`);
  wrong(UNSAFE.test(`${stdout}${stderr}`.replaceAll(FINE, "")), "characters that a terminal acts on");
  wrong(stderr.length > MOST_TEXT, `${stderr.length} characters on stderr`);
  const own = withoutQuotes(
    words.filter(({ length }) => length > 2).reduce((text, word) => text.replaceAll(word, ""), stderr),
  );
  for (const pattern of UNWRITTEN)
    wrong(pattern.test(own), `a message that nobody wrote: ${pattern.exec(own)?.[0]}`);
  wrong(
    names.some((name) => TEMPORARY.test(basename(name))),
    `left behind: ${names.join(", ")}`,
  );
  wrong(ended.cpuSeconds > MOST_SECONDS, `${ended.cpuSeconds} s of processor time`);
  wrong(ended.peakBytes > MOST_BYTES, `${ended.peakBytes} bytes at most`);
  if (code !== 2) return problems;
  wrong(stderr.trim() === "", "refused without a word");
  const isOfSeveral = words[0] === "validate" || words[0] === "check";
  wrong(stdout.trim() !== "" && !isOfSeveral, `refused, and yet on stdout: ${stdout.slice(0, 200)}`);
  wrong(names.length > 0, `refused, and yet written: ${names.join(", ")}`);
  if (file !== undefined) problems.push(...placeProblems(stderr, file));
  return problems;
}

const basename = (name: string) => name.slice(name.lastIndexOf("/") + 1);

/** What was read may be repeated in quotes. */
function withoutQuotes(text: string): string {
  return text.replaceAll(/"(?:\\.|[^"\\\n])*"|'[^'\n]*'|`[^`\n]*`/g, '""');
}

/** Reasons that are of a file as a whole. */
const WHOLE =
  /empty|in a circle|no such file|folder|directory|symbolic link|gzip|cut off|UTF-8|UTF-16|more than|larger|too (?:large|long|big|many)|Parquet|no rows|no requests|no steps|no stages|not a |no result|is no /i;

function placeProblems(stderr: string, file: string): string[] {
  if (!stderr.includes(file)) return [`the message does not name ${file}`];
  // A line of it, or a key.
  const hasLine = new RegExp(`${file.replaceAll(".", "\\.")}(?::\\d+| [\\w.]+:)`).test(stderr);
  return hasLine || WHOLE.test(stderr) ? [] : [`the message has no place in ${file}`];
}

/** What a change may not change, of a command that ended as it should. */
export function differences(expected: Ended, ended: Ended): string[] {
  if (expected.code === 2) return [`as it is: exit code ${expected.code}: ${expected.stderr}`];
  if (expected.code !== ended.code)
    return [`exit code ${ended.code} in place of ${expected.code}: ${ended.stderr}`];
  const [one, other] = [expected, ended].map(facts) as [Record<string, string>, Record<string, string>];
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return names
    .filter((name) => one[name] !== other[name])
    .map((name) => `${name} differs: ${apart(one[name], other[name])}`);
}

function facts({ stdout, written }: Ended): Record<string, string> {
  // The page of a run shows its inputs as they are written, and the result of summary.json.
  const kept = Object.entries(written).filter(([name]) => !/(?:manifest\.json|report\.html)$/.test(name));
  return Object.fromEntries([
    ["stdout", withoutReading(stdout)],
    ...kept.map(([name, text]) => [name, withoutReading(text)]),
  ]);
}

/** What reading a file told of it - where, and columns that nothing knows - may change, and its hash; no number may. */
function withoutReading(text: string): string {
  if (!isJson(text))
    return text
      .replaceAll(WRAPPED_IGNORED, "$1")
      .split("\n")
      .filter((line) => !OF_READING.test(line))
      .map(withoutLine)
      .join("\n");
  const kept = (value: unknown) => (Array.isArray(value) ? value.filter((item) => !isIgnored(item)) : value);
  const told = (key: string, value: unknown) => {
    if (key === "sha256" || key === "line") return undefined;
    return typeof value === "string" ? withoutLine(value) : kept(value);
  };
  return JSON.stringify(JSON.parse(text, told));
}

const OF_READING = /ignored: |ignored<|&quot;(?:bytes|sha256)&quot;|"sha256"/;
/** A caveat goes on in lines that are further in. */
const WRAPPED_IGNORED = /^( {2}\S.*ignored: .*)(?:\n {4,}\S.*)+/gm;
const isIgnored = (item: unknown) => /^\{"kind":"ignored"|(?:, |")ignored: /.test(JSON.stringify(item) ?? "");
const withoutLine = (text: string) => text.replaceAll(/\((?:first )?on line \d+\)| time="[\d.]+"/g, "");

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}

function apart(one = "", other = ""): string {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  const around = (text: string) => text.slice(Math.max(0, at - 60), at + 60);
  return `${JSON.stringify(around(one))} in place of ${JSON.stringify(around(other))}`;
}
