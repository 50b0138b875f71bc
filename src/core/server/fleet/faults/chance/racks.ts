// Which nodes go down together: nodes stand in racks one after the other, each rack of a size of its own. A rack's size
// comes from its number alone, so that racks stay what they are when nodes are added.
import type { Stream } from "../../../../random/stream.js";

export interface RackSizes {
  readonly least: number;
  readonly most: number;
}

export interface Rack {
  readonly first: number;
  /** Not in the rack any more. */
  readonly end: number;
}

/** The racks that so many nodes fill; the last one may be cut short. Takes one draw for each from its own stream. */
export function racksOf(
  nodes: number,
  { least, most }: RackSizes,
  streamOf: (rack: number) => Stream,
): readonly Rack[] {
  const racks: Rack[] = [];
  for (let first = 0; first < nodes; ) {
    const size = least + streamOf(racks.length).below(most - least + 1);
    racks.push({ first, end: Math.min(nodes, first + size) });
    first += size;
  }
  return racks;
}
