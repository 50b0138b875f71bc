// A caller that takes no for an answer.
import type { Duration } from "../../base/units.js";
import type { Client, ClientOptions } from "./client.js";

export class NoRetries implements Client {
  readonly name = "none";
  readonly timeout: Duration | undefined;

  constructor(options: ClientOptions) {
    this.timeout = options.timeout;
  }

  retryDelay(): undefined {
    return undefined;
  }
}
