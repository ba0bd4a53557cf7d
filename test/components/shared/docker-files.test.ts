import { strict as assert } from "node:assert";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { DockerFiles } from "../../../components/shared/docker-files";
import { isSecret, isUnknown } from "../../../tools/plan/plan";
import { all, only, record } from "../../record";
import { container, volumeType } from "../docker-mocks";

describe("DockerFiles", () => {
  const create = () =>
    record(() => {
      const { volumes } = new DockerFiles("shop-files", {
        kind: "secrets",
        image: "nginx:1",
        volumes: { AUTH_SECRET: { value: pulumi.secret("hunter2") }, web: { "a.conf": "a", "b.conf": "b" } },
      });
      const mounts = [{ type: "volume", target: "/etc/web", source: volumes["web"]!.volume }];
      new docker.Container("reader", { image: "nginx:1", mounts });
      new docker.Container("once", {
        image: "nginx:1",
        labels: [{ label: "version", value: volumes["web"]!.version }],
      });
    });
  const writer = async () => container(await create(), "shop-files-writer");

  it("has a volume for each group of files", async () => {
    assert.deepEqual(
      all(await create(), volumeType).map(({ inputs }) => inputs),
      [{ name: "shop-files-auth-secret" }, { name: "shop-files-web" }],
    );
  });

  it("puts each file where its volume is mounted, readable for any user", async () => {
    const { mounts, uploads } = (await writer()).inputs;
    assert.deepEqual(mounts, [
      { type: "volume", target: "/files/auth-secret", source: "shop-files-auth-secret" },
      { type: "volume", target: "/files/web", source: "shop-files-web" },
    ]);
    assert.deepEqual(
      uploads?.map(({ file, permissions }) => [file, permissions]),
      [
        ["/files/auth-secret/value", "0444"],
        ["/files/web/a.conf", "0444"],
        ["/files/web/b.conf", "0444"],
      ],
    );
    assert.deepEqual(
      uploads?.map(({ content }) => isSecret(content)),
      [true, false, false],
    );
  });

  it("never starts the container that brings the files, and gives it nothing to do", async () => {
    const { start, mustRun, wait, restart, networkMode, user, command, readOnly } = (await writer()).inputs;
    assert.deepEqual(
      { start, mustRun, wait, restart, networkMode, user, command },
      {
        start: false,
        mustRun: false,
        wait: false,
        restart: "no",
        networkMode: "none",
        user: "65534:65534",
        command: ["true"],
      },
    );
    // The engine copies into a writable root alone.
    assert.equal(readOnly, false);
  });

  it("has no fixed name, and is replaced before it is deleted: else all who mount its files would go first", async () => {
    const { inputs, resource } = await writer();
    assert.equal("name" in inputs, false);
    assert.equal(resource.options.deleteBeforeReplace, false);
  });

  it("lets nobody mount a volume before it is filled", async () => {
    const { dependencies, inputs } = only(await create(), "docker:index/container:Container", "reader");
    assert.ok(dependencies.some((urn) => urn.endsWith("::shop-files-writer")));
    assert.deepEqual(inputs["mounts"], [{ type: "volume", target: "/etc/web", source: "shop-files-web" }]);
  });

  it("has a version that changes with the files, for a label of those that read them once", async () => {
    const { inputs } = container(await create(), "once");
    const value = inputs.labels[0]?.value;
    assert.ok(isUnknown(value) && value.$unknown[0]!.endsWith("::shop-files-writer#id"));
  });
});
