// What readers of formats that are a JSON object a line have in common: they open one after the other, and find the
// time by its key. Does not know what else a format has.
import type { ReadContext, RecordReader, RowDraft } from "../format.js";
import { JsonLine, keyColumn } from "./json-line.js";

export abstract class JsonRows<Context extends ReadContext = ReadContext> implements RecordReader {
  readonly firstLineIsRow = true;
  readonly timeField: string;
  protected readonly line: JsonLine;
  protected readonly context: Context;

  constructor(context: Context, timeField = "timestamp") {
    this.context = context;
    this.timeField = timeField;
    this.line = new JsonLine(context);
  }

  read(text: string, draft: RowDraft): boolean {
    if (!this.line.open(text) || !this.fill(draft)) return false;
    this.line.tellUnread();
    return true;
  }

  /** Fills the draft from the line, or complains at least once and returns false. */
  protected abstract fill(draft: RowDraft): boolean;

  timeColumn(text: string): number {
    return keyColumn(text, this.timeField);
  }
}
