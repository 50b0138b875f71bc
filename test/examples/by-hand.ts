// A client of one's own against a server of ours, by hand: no engine, no sources, and a clock that one winds oneself.
import {
  type Answers,
  buildService,
  EventQueue,
  emptyCall,
  parseScenario,
  type ServerEvent,
} from "../../src/core/index.js";
import { fleet } from "./fleet.js";

const events = new EventQueue();
const service = buildService(parseScenario(fleet), { seed: "1", events });
const tell = (at: number, what: string) => console.log(`${(at / 1e6).toFixed(3)} s: ${what}`);

/** Says what comes of each call. */
const client: Answers = {
  queued: (call, at) => tell(at, `call ${call} is in`),
  started: (call, _path, cached, at) => tell(at, `call ${call} starts, ${cached} tokens cached`),
  firstToken: (call, at) => tell(at, `call ${call} has its first token`),
  completed: (call, { outputTokens }, at) => tell(at, `call ${call} is done: ${outputTokens} tokens`),
  refused: (call, { status, retryAfter = 10e6 }, at) =>
    tell(at, `call ${call}: ${status}, again in ${retryAfter / 1e6} s`),
  broken: (call, _reason, { outputTokens }, at) =>
    tell(at, `call ${call} broke off after ${outputTokens} tokens`),
  cancelled: (call, { outputTokens }, at) =>
    tell(at, `call ${call} was cancelled after ${outputTokens} tokens`),
};
service.answerTo(client);

const call = { ...emptyCall(), route: 0, inputTokens: 800, maxTokens: 500 };
service.receive({ ...call, reference: 1, outputTokens: 40 }, events.time);
const second = service.receive({ ...call, reference: 2, outputTokens: 400 }, events.time);
while (events.pop()) {
  service.handle(events.kind as ServerEvent, events.subject, events.time);
  // What else is due at this instant comes first. Twenty tokens of the second answer are enough.
  if (events.nextAt > events.time && service.progress(second, events.time) >= 20)
    service.cancel(second, events.time);
}
