import { deepEqual, match } from "node:assert/strict";
import { RunError } from "@pulumi/pulumi";
import { UsageError } from "../../../tools/plan/usage-error";
import { BaseError } from "../../../tools/sources/base";
import { NotEvents } from "../../../tools/sources/engine/events";
import { StackFileError } from "../../../tools/sources/in-process/project";
import { asFailure } from "../../../tools/review/failure";

describe("what a preview threw", () => {
  for (const Thrown of [RunError, UsageError, BaseError, NotEvents, StackFileError])
    it(`is a message without a stack trace where that says it all: ${Thrown.name}`, () =>
      deepEqual(asFailure(new Thrown("what is wrong")), { kind: "settings", message: "what is wrong" }));

  it("keeps the stack trace of an error of our own", () => {
    const { kind, message } = asFailure(new TypeError("x is undefined"));
    deepEqual(kind, "program");
    match(message, /^TypeError: x is undefined\n {4}at /);
  });
});
