import fc from "fast-check";
import { describe, it } from "vitest";
import { CompletionHeap } from "../../../../../src/core/server/replica/batching/completion-heap.js";
import { Sequence } from "../../../../../src/core/server/replica/batching/sequence.js";

const command = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("add" as const), finish: fc.nat({ max: 12 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("take" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove" as const), choice: fc.nat({ max: 100 }) }) },
);

describe("completion heap", () => {
  it("gives sequences in the order of a stable sort by their completion, whichever leave in between", () => {
    const law = fc.property(fc.array(command, { maxLength: 150 }), (commands) => {
      const heap = new CompletionHeap();
      const model: Sequence[] = [];
      return commands.every((each) => {
        if (each.kind === "add") {
          const sequence = new Sequence();
          sequence.finish = each.finish;
          heap.add(sequence);
          model.push(sequence);
        } else if (model.length > 0) {
          // A stable sort: of equals the first to join comes first.
          const [first] = [...model].sort((one, other) => one.finish - other.finish);
          const gone = each.kind === "take" ? first! : model[each.choice % model.length]!;
          model.splice(model.indexOf(gone), 1);
          if (each.kind === "remove") heap.remove(gone);
          else if (heap.takeFirst() !== gone) return false;
        }
        const least = Math.min(Number.POSITIVE_INFINITY, ...model.map(({ finish }) => finish));
        const isAll = model.every((sequence) => heap.sequences.includes(sequence));
        return (
          isAll &&
          heap.sequences.length === model.length &&
          heap.size === model.length &&
          heap.firstFinish === least
        );
      });
    });
    fc.assert(law, { numRuns: 500 });
  });
});
