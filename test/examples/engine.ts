// The engine itself, event by event, with an observer that is told everything.
import { Engine, parseScenario, Service } from "../../src/core/index.js";
import { fleet } from "./fleet.js";

const told = new Map<string, number>();
const engine = new Engine(parseScenario(fleet), {
  seed: "1",
  observer: { attempt: (event) => told.set(event, (told.get(event) ?? 0) + 1) },
});
while (engine.now < 60e6 && engine.step());
console.log([...told].map(([event, count]) => `${count} ${event}`).join(", "));
const { service } = engine;
console.log(service instanceof Service, `${service.attempts.alive} attempts inside`);
