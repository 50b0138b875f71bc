// What makes a client of the list: a definition as everything that a scenario may name has one, with what its docs and
// its contract need to know.
import type * as z from "zod";
import type { Definition } from "../../document/definition.js";
import type { Client } from "./client.js";
import type { FeatureSettings } from "./features.js";
import type { ClientSettings } from "./settings.js";

/** What it does about a refusal, for docs/clients.md. Retries and timeout are read off the client itself. */
interface Behaviour {
  /** The failures that it tries again. */
  readonly retried: string;
  readonly delay: string;
  /** What it does about `retry-after`. */
  readonly retryAfter: string;
  /** What it does about `x-should-retry`. */
  readonly shouldRetry: string;
  /** What bounds the time of a whole answer, and of a request over all its attempts. */
  readonly totalTimeout: string;
}

/** `options` are those that only this client has; `create` gets them and what may be set of any. */
export interface ClientDefinition<Name extends string = string, Shape extends z.ZodRawShape = z.ZodRawShape>
  extends Definition<Name, Shape, ClientSettings, Client> {
  readonly behaviour: Behaviour;
  /** Whether it gives up where the server says `x-should-retry: false`. */
  readonly readsShouldRetry: boolean;
  /** Whether one request can become several attempts. */
  readonly retries: boolean;
  /** Budget, throttle or breaker that it comes with. */
  readonly features?: FeatureSettings;
}

/** A definition as it is written, for its types. */
export function defineClient<const Name extends string, const Shape extends z.ZodRawShape>(
  definition: ClientDefinition<Name, Shape>,
): ClientDefinition<Name, Shape> {
  return definition;
}
