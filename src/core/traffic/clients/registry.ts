// Every client model by the name that scenarios use.
import { SurgefleetError } from "../../base/errors.js";
import type { Client, ClientOptions } from "./client.js";
import { NoRetries } from "./none.js";
import { OpenaiNode6 } from "./openai-node-6.js";

const CLIENTS: ReadonlyMap<string, (options: ClientOptions) => Client> = new Map<
  string,
  (options: ClientOptions) => Client
>([
  ["none", (options) => new NoRetries(options)],
  ["openai-node-6", (options) => new OpenaiNode6(options)],
]);

export const CLIENT_NAMES: readonly string[] = [...CLIENTS.keys()];

export function createClient(name: string, options: ClientOptions): Client {
  const create = CLIENTS.get(name);
  if (create === undefined) {
    throw new SurgefleetError(
      "NOT_FOUND",
      `no client is named "${name}"; there are ${CLIENT_NAMES.join(", ")}`,
    );
  }
  return create(options);
}
