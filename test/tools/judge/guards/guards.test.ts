import { deepEqual, equal } from "node:assert/strict";
import type { Guards } from "../../../../stacks/settings/sections/guards";
import { crossedGuards, type GuardedChange, relaxedGuards } from "../../../../tools/judge/guards/guards";

const calm: GuardedChange = { monthlyUsd: 100, increaseUsd: 10, outages: [], losses: 0, relaxed: 0 };

/** Row: what the stack file says, what the change does, the labels it has, the guards that it crosses. */
const cases: readonly (readonly [Guards, Partial<GuardedChange>, readonly string[], readonly string[]])[] = [
  [{}, { monthlyUsd: undefined, losses: 3, relaxed: 2, outages: ["hours"] }, [], []],
  [{ monthlyUsd: 100 }, {}, [], []],
  [{ monthlyUsd: 99 }, {}, [], ["monthlyUsd"]],
  [{ monthlyUsd: 0 }, { monthlyUsd: 0 }, [], []],
  [{ monthlyUsd: 1000 }, { monthlyUsd: undefined }, [], ["monthlyUsd"]],
  [{ monthlyUsd: 100 }, { mostUsd: 100 }, [], []],
  [{ monthlyUsd: 100 }, { mostUsd: 101 }, [], ["monthlyUsd"]],
  [{ monthlyUsd: 100, overrideLabel: "yes" }, { mostUsd: 101 }, ["yes"], []],
  [{ monthlyIncreaseUsd: 10 }, { mostIncreaseUsd: 11 }, [], ["monthlyIncreaseUsd"]],
  [{ monthlyIncreaseUsd: 10 }, { mostIncreaseUsd: -5 }, [], []],
  [{ monthlyIncreaseUsd: 10 }, {}, [], []],
  [{ monthlyIncreaseUsd: 9 }, {}, [], ["monthlyIncreaseUsd"]],
  [{ monthlyIncreaseUsd: 9 }, { increaseUsd: undefined }, [], ["monthlyIncreaseUsd"]],
  [{ monthlyIncreaseUsd: 9 }, { increaseUsd: -50 }, [], []],
  [{ monthlyUsd: 99, overrideLabel: "yes" }, {}, ["yes"], []],
  [{ monthlyUsd: 99, overrideLabel: "yes" }, {}, ["Yes", "no"], ["monthlyUsd"]],
  [{ outage: "none" }, { outages: ["seconds"] }, [], ["outage"]],
  [{ outage: "seconds" }, { outages: ["seconds"] }, [], []],
  [{ outage: "seconds" }, { outages: ["seconds", "minutes"] }, [], ["outage"]],
  [{ outage: "minutes", overrideLabel: "yes" }, { outages: ["hours"] }, ["yes"], []],
  [{ outage: "none" }, {}, [], []],
  [{ dataLossLabel: "loses" }, { losses: 1 }, [], ["dataLossLabel"]],
  [{ dataLossLabel: "loses", overrideLabel: "yes" }, { losses: 1 }, ["yes"], ["dataLossLabel"]],
  [{ dataLossLabel: "loses" }, { losses: 1 }, ["loses"], []],
  [{ relaxedLabel: "relaxes" }, { relaxed: 1 }, ["loses"], ["relaxedLabel"]],
  [{ relaxedLabel: "relaxes" }, { relaxed: 1 }, ["relaxes"], []],
];

/** Row: the base's, the branch's, what is relaxed. */
const relaxing: readonly (readonly [Guards, Guards, readonly string[]])[] = [
  [{}, {}, []],
  [{}, { monthlyUsd: 5 }, []],
  [{ monthlyUsd: 5 }, { monthlyUsd: 5 }, []],
  [{ monthlyUsd: 5 }, { monthlyUsd: 4 }, []],
  [{ monthlyUsd: 5 }, { monthlyUsd: 6 }, ["guards.monthlyUsd"]],
  [{ monthlyIncreaseUsd: 5 }, {}, ["guards.monthlyIncreaseUsd"]],
  [{ outage: "none" }, { outage: "seconds" }, ["guards.outage"]],
  [{ outage: "minutes" }, { outage: "seconds" }, []],
  [{ outage: "hours" }, {}, []],
  [{ outage: "minutes" }, {}, ["guards.outage"]],
  [{ dataLossLabel: "a" }, { dataLossLabel: "b" }, ["guards.dataLossLabel"]],
  [{ relaxedLabel: "a" }, {}, ["guards.relaxedLabel"]],
  [{}, { overrideLabel: "a" }, ["guards.overrideLabel"]],
  [{ overrideLabel: "a" }, {}, []],
];

describe("guards that a team sets", () => {
  for (const [guards, change, labels, crossed] of cases) {
    it(`${JSON.stringify(guards)}: ${JSON.stringify(change)} with [${labels.join(", ")}] crosses ${crossed.join(", ") || "none"}`, () =>
      deepEqual(
        crossedGuards({ ...calm, ...change }, guards, labels).map(({ guard }) => guard),
        crossed,
      ));
  }

  it("says which month is too expensive: every one, or one with the most replicas", () => {
    const messages = (change: Partial<GuardedChange>) =>
      crossedGuards({ ...calm, ...change }, { monthlyUsd: 120 }, []).map(({ message }) => message);
    deepEqual(messages({ mostUsd: 140 }), [
      "A month would cost up to $140 with the most replicas; at most $120 is allowed.",
    ]);
    deepEqual(messages({ monthlyUsd: 130, mostUsd: 140 }), ["A month would cost $130; at most $120 is allowed."]);
  });

  it("asks about an increase only where there is a base", () => {
    const { increaseUsd: _, ...fresh } = calm;
    deepEqual(crossedGuards(fresh, { monthlyIncreaseUsd: 1 }, []), []);
  });

  it("names the label that lifts it", () => {
    const [crossed] = crossedGuards({ ...calm, losses: 1 }, { dataLossLabel: "loses-data" }, []);
    equal(crossed?.label, "loses-data");
  });

  for (const [before, after, relaxed] of relaxing) {
    it(`${JSON.stringify(before)} to ${JSON.stringify(after)} relaxes ${relaxed.join(", ") || "none"}`, () =>
      deepEqual(
        relaxedGuards(before, after).map(({ subject }) => subject),
        relaxed,
      ));
  }
});
