// One changed input through one command, in a folder of its own. A case is its number and nothing else.
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Terminal } from "../../../src/node/terminal.js";
import { Draw } from "../draw.js";
import { breaking } from "./breaking.js";
import { COMMAND_FILES, oddWords } from "./command-lines.js";
import { type Content, place } from "./content.js";
import type { Input } from "./inputs.js";
import { differences, type Ended, problemsOf } from "./judge.js";
import { keeping } from "./keeping.js";

export type Program = (words: readonly string[], terminal: Terminal) => Promise<number>;

interface Case {
  readonly title: string;
  readonly files: Readonly<Record<string, Content>>;
  readonly words: readonly string[];
  /** What was changed; undefined of command lines. */
  readonly input?: Input;
  readonly keeps: boolean;
}

export interface Judged {
  readonly title: string;
  readonly code: number | null;
  readonly problems: readonly string[];
  /** Where the input lies, if something is wrong. */
  readonly folder?: string;
}

export function drawCase(number: number, inputs: readonly Input[]): Case {
  const draw = new Draw(`${number}`, "inputs");
  if (draw.chance(0.12)) {
    const words = oddWords(draw);
    return { title: "a command line", files: asContents(COMMAND_FILES), words, keeps: false };
  }
  const input = draw.pick(inputs);
  const kept = draw.chance(0.35) ? keeping(input.kind, input) : [];
  const keeps = kept.length > 0;
  const changes = keeps ? kept : breaking(input.kind);
  const change = draw.pick(changes);
  let content = change.of(input.bytes, input.kind, draw);
  const more =
    !keeps && draw.chance(0.2) && typeof content !== "string" ? draw.pick(breaking("bytes")) : undefined;
  if (more !== undefined) content = more.of(Buffer.from(content as Uint8Array), "bytes", draw);
  const title = [input.file, change.name, ...(more === undefined ? [] : [more.name])].join(", ");
  const files = { ...asContents(input.beside), [input.file]: content };
  return { title, files, words: draw.pick(input.lines).split(" "), input, keeps };
}

const asContents = (files: Readonly<Record<string, string>>): Record<string, Content> =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]));

/** What the commands say of the inputs as they are, by input and words. */
const asTheyAre = new Map<string, Ended>();

export async function judge(one: Case, program: Program): Promise<Judged> {
  const folder = mkdtempSync(join(tmpdir(), "surgefleet-inputs-"));
  const ended = await run(one, folder, program);
  const { input, keeps } = one;
  const problems = problemsOf(ended, one.words, keeps ? undefined : input?.file);
  if (keeps && input !== undefined)
    problems.push(...differences(await expectedOf(input, one, program), ended));
  const { code, stderr } = ended;
  const title = `${one.title}: ${one.words.join(" ").slice(0, 300)}`;
  if (problems.length > 0) return { title, code, problems: [...problems, stderr.slice(0, 1500)], folder };
  rmSync(folder, { recursive: true, force: true });
  return { title, code, problems };
}

async function expectedOf(input: Input, { words, files }: Case, program: Program): Promise<Ended> {
  const key = JSON.stringify([input.file, input.bytes.length, words]);
  const known = asTheyAre.get(key);
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(tmpdir(), "surgefleet-inputs-"));
  const untouched = { ...files, [input.file]: input.bytes };
  const ended = await run({ title: "", words, keeps: true, files: untouched }, folder, program);
  rmSync(folder, { recursive: true, force: true });
  asTheyAre.set(key, ended);
  return ended;
}

async function run({ files, words }: Case, folder: string, program: Program): Promise<Ended> {
  for (const [name, content] of Object.entries(files)) place(folder, name, content);
  const before = contentsOf(folder);
  let [stdout, stderr] = ["", ""];
  const output = { write: (text: string) => (stdout += text) };
  const errors = { write: (text: string) => (stderr += text) };
  const home = process.cwd();
  const since = process.cpuUsage();
  process.chdir(folder);
  let code: number;
  try {
    code = await program(words, { output, errors, env: {} });
  } catch (error) {
    code = 1;
    stderr += `thrown: ${(error as Error).stack}`;
  } finally {
    process.chdir(home);
  }
  const { user, system } = process.cpuUsage(since);
  const written = Object.entries(contentsOf(folder)).filter(([name, text]) => before[name] !== text);
  const gone = Object.keys(before).filter((name) => !(name in contentsOf(folder)));
  return {
    code,
    stdout,
    stderr,
    written: Object.fromEntries([...written, ...gone.map((name) => [name, "gone"])]),
    cpuSeconds: (user + system) / 1e6,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

/** Names with slashes; of what is no file its kind. */
function contentsOf(folder: string, below = ""): Record<string, string> {
  const entries = readdirSync(join(folder, below)).flatMap((entry): [string, string][] => {
    const name = below === "" ? entry : `${below}/${entry}`;
    const status = lstatSync(join(folder, name));
    if (status.isDirectory()) return [[name, "a folder"], ...Object.entries(contentsOf(folder, name))];
    return [[name, status.isFile() ? readFileSync(join(folder, name), "utf8") : "no file"]];
  });
  return Object.fromEntries(entries);
}
