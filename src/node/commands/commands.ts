// Every command of the program, in the order of its help. A new one is a folder here and a line below.
import { command as calibrate } from "./calibrate/command.js";
import { command as check } from "./check/command.js";
import { command as compare } from "./compare/command.js";
import type { CommandDefinition } from "./define.js";
import { command as init } from "./init/command.js";
import { command as plan } from "./plan/command.js";
import { command as policy } from "./policy/command.js";
import { command as rare } from "./rare/command.js";
import { command as report } from "./report/command.js";
import { command as run } from "./run/command.js";
import { command as schema } from "./schema/command.js";
import { command as stability } from "./stability/command.js";
import { command as trace } from "./trace/command.js";
import { command as validate } from "./validate/command.js";
import { command as validateProfile } from "./validate-profile/command.js";

export const COMMANDS: readonly CommandDefinition[] = [
  run,
  stability,
  check,
  compare,
  plan,
  rare,
  calibrate,
  validateProfile,
  policy,
  report,
  trace,
  validate,
  init,
  schema,
];
