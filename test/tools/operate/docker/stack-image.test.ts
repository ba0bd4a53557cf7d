import { strict as assert } from "node:assert";
import type { DockerOperations } from "../../../../stacks/operations";
import { OperateError, type Stack } from "../../../../tools/operate/contract";
import { StackImage, StuckRelease } from "../../../../tools/operate/docker/stack-image";

const [image, migrated] = ["slipway:image", "slipway:docker.migratedImage"];

/** Configuration as `pulumi config` keeps it, and what each `pulumi up` would find in it. */
class Configured {
  readonly ups: Record<string, string>[] = [];
  failing: number[] = [];

  constructor(
    readonly config: Record<string, string>,
    private readonly operations: Partial<DockerOperations> = { migration: { command: ["migrate"], network: "n" } },
  ) {}

  readonly stack = (): Stack<DockerOperations> => ({
    ...{ name: "prod", folder: "/", operations: this.operations as DockerOperations },
    pulumi: (...args) => {
      const [verb, what, path, key, value] = args;
      if (verb === "up") {
        this.ups.push({ ...this.config });
        return this.failing.includes(this.ups.length)
          ? Promise.reject(new OperateError(`up ${this.ups.length} failed`))
          : Promise.resolve("");
      }
      assert.deepEqual([verb, path], ["config", "--path"]);
      if (what === "set") this.config[key!] = value!;
      else if (what === "rm") delete this.config[key!];
      else if (this.config[key!] === undefined) return Promise.reject(new OperateError("not found"));
      return Promise.resolve(this.config[key!] ?? "");
    },
  });
}

describe("the image of a stack file during a release", () => {
  it("is the new one, whose migration has run, for one pulumi up", async () => {
    const configured = new Configured({ [image]: "shop:1" });
    await (await StackImage.of(configured.stack(), {})).take("shop:2", true);
    assert.deepEqual(configured.ups, [{ [image]: "shop:2", [migrated]: "shop:2" }]);
  });

  it("is the previous one again when pulumi up fails, and so is the stack: nobody releases it by the next one", async () => {
    const configured = new Configured({ [image]: "shop:1", [migrated]: "shop:0" });
    configured.failing = [1];
    const adopted = await StackImage.of(configured.stack(), {});
    await assert.rejects(adopted.take("shop:2", true), { message: "up 1 failed" });
    assert.deepEqual(configured.config, { [image]: "shop:1", [migrated]: "shop:1" });
    assert.deepEqual(configured.ups.at(-1), { [image]: "shop:1", [migrated]: "shop:1" });
    assert.equal(configured.ups.length, 2);
  });

  it("asks for no migration of the previous image, and without migrations leaves that alone", async () => {
    const configured = new Configured({ [image]: "shop:1" }, {});
    configured.failing = [1];
    await assert.rejects((await StackImage.of(configured.stack(), {})).take("shop:2", false));
    assert.deepEqual(configured.config, { [image]: "shop:1" });
  });

  it("is none again for a stack that builds its image", async () => {
    const configured = new Configured({});
    configured.failing = [1];
    await assert.rejects((await StackImage.of(configured.stack(), {})).take("shop:2", true));
    assert.deepEqual(configured.config, {});
  });

  it("says that a person has to look when the way back fails too", async () => {
    const configured = new Configured({ [image]: "shop:1" });
    configured.failing = [1, 2];
    await assert.rejects((await StackImage.of(configured.stack(), {})).take("shop:2", true), (error: Error) => {
      assert.ok(error instanceof StuckRelease);
      for (const part of ["shop:2", "up 1 failed", "up 2 failed", "slipway status prod", "pulumi up"])
        assert.ok(error.message.includes(part), part);
      return true;
    });
    assert.equal(configured.config[image], "shop:1");
  });
});
