import { strict as assert } from "node:assert";
import type { Operations } from "../../../stacks/operations";
import { OperateError, type Stack } from "../../../tools/operate/contract";

/** Answers by the start of the command line, each list in turn; and what was asked, in order. */
export class Recorded {
  readonly asked: string[] = [];
  /** What `pulumi up` says as it fails. */
  upFails?: string;

  constructor(private readonly answers: Readonly<Record<string, readonly unknown[]>>) {}

  readonly run = (command: string, args: readonly string[]): Promise<string> => {
    const line = [command, ...args].join(" ");
    this.asked.push(line);
    const key = Object.keys(this.answers).find((start) => line.includes(start));
    assert.ok(key, `nothing is recorded for ${line}`);
    const before = this.asked.filter((each) => each.includes(key)).length - 1;
    const answer = this.answers[key]![Math.min(before, this.answers[key]!.length - 1)];
    return Promise.resolve(typeof answer === "string" ? answer : JSON.stringify(answer));
  };

  readonly terminal = (command: string, args: readonly string[]): Promise<number> => {
    this.asked.push([command, ...args].join(" "));
    return Promise.resolve(0);
  };

  stack<Kind extends Operations>(operations: Kind): Stack<Kind> {
    const pulumi = (...args: readonly string[]) => {
      this.asked.push(["pulumi", ...args].join(" "));
      return args[0] === "up" && this.upFails ? Promise.reject(new OperateError(this.upFails)) : Promise.resolve("");
    };
    return { name: "prod", folder: "/", operations, pulumi };
  }
}
