// No admission control: everyone waits until there is room, or until the line is as long as the scenario allows.
import type { Duration } from "../../../base/units.js";
import { TailDrop } from "./tail-drop.js";

export interface NoneOptions {
  /** Places in line; Infinity for no bound. */
  readonly maxQueue: number;
  readonly queueTimeout: Duration | undefined;
}

export class None extends TailDrop {
  override readonly name = "none";

  constructor(options: NoneOptions) {
    super({ ...options, displaceLower: false });
  }
}
