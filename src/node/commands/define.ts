// What a command of the program is: a name, what help says of it, the words that it takes, and what it does. Knows no
// command; commander reads the words.
import type { Command, OptionValues } from "@commander-js/extra-typings";
import { SurgefleetError } from "../../core/index.js";
import type { ExitCode } from "../exit-code.js";
import type { Terminal } from "../terminal.js";

/** One command, or a group of them, that adds itself to a program. */
export interface CommandDefinition {
  readonly name: string;
  /** `finish` is told how it ended. */
  readonly addTo: (parent: Command, terminal: Terminal, finish: (code: ExitCode) => void) => void;
}

interface Description {
  readonly name: string;
  /** For the list of commands. */
  readonly summary: string;
  readonly description: string;
}

interface CommandSpec<Words extends unknown[], Flags extends OptionValues> extends Description {
  /** Adds arguments and flags, with their parsers. */
  readonly words: (command: Command) => Command<Words, Flags>;
  /** Flags that say nothing without another one. */
  readonly needs?: { readonly [Flag in keyof NoInfer<Flags> & string]?: keyof NoInfer<Flags> & string };
  /** Examples and what else is to be said. */
  readonly help?: string;
  readonly run: (
    words: NoInfer<Words>,
    flags: NoInfer<Flags>,
    terminal: Terminal,
  ) => ExitCode | Promise<ExitCode>;
}

export function defineCommand<Words extends unknown[], Flags extends OptionValues>(
  spec: CommandSpec<Words, Flags>,
): CommandDefinition {
  const { name, summary, description, words, needs = {}, help, run } = spec;
  const addTo: CommandDefinition["addTo"] = (parent, terminal, finish) => {
    const command = words(parent.command(name).summary(summary).description(description));
    if (help !== undefined) command.addHelpText("after", help);
    command.action(async () => {
      checkNeeds(command as unknown as Command, needs);
      finish(await run(command.processedArgs as Words, command.opts(), terminal));
    });
  };
  return { name, addTo };
}

/** Commands under a common first word. */
export function defineGroup(
  { name, summary, description }: Description,
  commands: readonly CommandDefinition[],
): CommandDefinition {
  const addTo: CommandDefinition["addTo"] = (parent, terminal, finish) => {
    const group = parent.command(name).summary(summary).description(description);
    for (const command of commands) command.addTo(group, terminal, finish);
  };
  return { name, addTo };
}

/** Throws USAGE for a flag without the one that it needs. */
function checkNeeds(command: Command, needs: Readonly<Record<string, string | undefined>>): void {
  const isGiven = (flag: string) => command.getOptionValueSource(flag) === "cli";
  const written = (flag: string) =>
    command.options.find((option) => option.attributeName() === flag)?.long ?? flag;
  for (const [flag, other] of Object.entries(needs)) {
    if (other === undefined || !isGiven(flag) || isGiven(other)) continue;
    throw new SurgefleetError("USAGE", `${written(flag)} goes with ${written(other)}: give both`);
  }
}
