// Every provider that a scenario may name. A new one is one file beside this one and one line here.
import { definitionOf } from "../../../document/definition.js";
import { anthropic } from "./anthropic.js";
import { azure } from "./azure.js";
import { bedrock } from "./bedrock.js";
import { fireworks } from "./fireworks.js";
import { gemini } from "./gemini.js";
import { groq } from "./groq.js";
import { legacy429 } from "./legacy-429.js";
import { llmD } from "./llm-d.js";
import { openai } from "./openai.js";
import type { Provider } from "./provider.js";

export const PROVIDERS = [
  fireworks,
  legacy429,
  openai,
  anthropic,
  azure,
  bedrock,
  gemini,
  groq,
  llmD,
] as const;

export type ProviderName = (typeof PROVIDERS)[number]["name"];

/** Throws NOT_FOUND for a name that is none. */
export function providerNamed(name: string): Provider {
  return definitionOf(PROVIDERS, name, "provider");
}
