// The process as commands see it: two outputs and an environment. Commands get it as an argument, so that a
// test can hand them another one. Results go to `output`, everything said about them to `errors`.
import pc from "picocolors";
import type { Style } from "../core/index.js";
import { ownColor, safeText } from "./safe-text.js";

export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface Terminal {
  readonly output: OutputStream;
  readonly errors: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What calls this program from a shell here; "surgefleet" where it is installed. */
  readonly program?: string;
  /** Where lines go that the server which runs this takes for commands; to the output, where left out. */
  readonly commands?: OutputStream;
  /** The errors as what moves the cursor writes to them, with text that is safe already. */
  readonly cursor?: OutputStream;
}

/** The same one, to which only safe text is written. */
export function safeTerminal(terminal: Terminal): Terminal {
  const { output, errors, env } = terminal;
  const hasCommands = env["GITHUB_ACTIONS"] === "true";
  const safe = (stream: OutputStream): OutputStream => ({
    write: (text) => stream.write(safeText(text, hasCommands)),
    isTTY: stream.isTTY,
    get columns() {
      return stream.columns;
    },
  });
  return {
    ...terminal,
    output: safe(output),
    errors: safe(errors),
    commands: { write: (text) => output.write(safeText(text, false)) },
    cursor: errors,
  };
}

/** NO_COLOR and the flag win over FORCE_COLOR, which wins over what the stream is. */
export function wantsColor(stream: OutputStream, env: Terminal["env"], flag: boolean): boolean {
  if (!flag || isSet(env["NO_COLOR"])) return false;
  if (isSet(env["FORCE_COLOR"])) return env["FORCE_COLOR"] !== "0";
  return stream.isTTY === true && env["TERM"] !== "dumb";
}

export function styleFor(color: boolean): Style {
  const { bold, dim, green, red, yellow } = pc.createColors(color);
  const [good, bad, warn] = [green, red, yellow].map(ownColor) as [
    Style["good"],
    Style["bad"],
    Style["warn"],
  ];
  return { bold: ownColor(bold), dim: ownColor(dim), good, bad, warn };
}

/** Whether the locale says, rather than leaves open, that only ASCII can be shown. */
export function needsAscii(env: Terminal["env"]): boolean {
  const locale = [env["LC_ALL"], env["LC_CTYPE"], env["LANG"]].find(isSet);
  return locale !== undefined && !/utf-?8/i.test(locale);
}

/** How a report may look where it is printed, by what the flags and the environment say. */
export function pageFor(
  flags: { readonly color: boolean; readonly ascii?: boolean | undefined },
  { output, env }: Terminal,
): { readonly style: Style; readonly ascii: boolean } {
  const style = styleFor(wantsColor(output, env, flags.color));
  return { style, ascii: flags.ascii === true || needsAscii(env) };
}

export function isCi(env: Terminal["env"]): boolean {
  return isSet(env["CI"]) && env["CI"] !== "false" && env["CI"] !== "0";
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}
