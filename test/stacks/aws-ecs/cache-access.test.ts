import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { cacheNamespace } from "../../../components/shared/cache-namespace";
import { cacheAccess, platformCommands } from "../../../stacks/aws-ecs/cache-access";
import { accessString } from "../../../stacks/settings/formats";
import { contract } from "../../application-contract";
import { all, only, record } from "../../record";
import type { AwsEcsSettings } from "../../../stacks/settings/settings";
import type { SettingsError } from "../../../stacks/settings/problems";
import { resolved, type Raw, stackOf } from "./stack-file";

const rights = async (cache: Raw, more: Raw = {}) => {
  const users = all(
    await stackOf({ cache: { accessControl: "rbac", ...cache }, ...more }),
    "aws:elasticache/user:User",
  );
  return users.find(({ inputs }) => inputs["userName"] === "app")?.inputs["accessString"] as string;
};

describe("cache.accessControl", () => {
  it("is a password unless users are asked for", async () => {
    const plan = await stackOf({});
    deepEqual(all(plan, "aws:elasticache/user:User"), []);
    equal(only(plan, "aws:elasticache/replicationGroup:ReplicationGroup").inputs["userGroupIds"], undefined);
  });

  it("gives the application its own keys and channels, and the commands that its contract lists", async () => {
    const [on, keys, channels, nothing, ...commands] = (await rights({})).split(" ");
    const own = `${contract.redis.keyPrefix}shop-test-*`;
    deepEqual([on, keys, channels, nothing], ["on", `~${own}`, `&${own}`, "-@all"]);
    deepEqual(
      commands,
      contract.redis.commands.map((command) => `+${command}`),
    );
    deepEqual(platformCommands, contract.redis.commands);
  });

  it("covers what every process keeps its pages under", async () => {
    const { outputs } = await record(() => ({
      namespaces: ["web", "worker-mail", "job-cleanup"].map((process) => cacheNamespace(process, {})),
      rights: cacheAccess(resolved({ cache: { accessControl: "rbac" } }) as AwsEcsSettings),
    }));
    const [, keys = ""] = /~(\S+)\*/.exec(outputs["rights"] as string) ?? [];
    for (const namespace of outputs["namespaces"] as string[])
      ok(`${contract.redis.keyPrefix}${namespace}`.startsWith(keys), namespace);
  });

  it("gives an image without the platform all keys, and nothing dangerous", async () => {
    const plain = { service: { health: { live: "/healthz", ready: "/healthz" } } };
    equal(await rights({}, plain), "on ~* &* +@all -@dangerous +info");
  });

  it("is what the stack file says, where it says so", async () => {
    equal(await rights({ accessString: "on ~* -@all +@read" }), "on ~* -@all +@read");
  });

  it("refuses rights without users", () => {
    throws(
      () => resolved({ cache: { accessString: "on ~* +@read" } }),
      ({ problems }: SettingsError) => problems.map(({ key }) => key).join() === "slipway:cache.accessString",
    );
  });
});

describe("an access string", () => {
  for (const accepted of [
    "on ~shop:* &shop:* -@all +@read +@write +client|setinfo",
    "on allkeys allchannels +@all -@dangerous",
    "on resetkeys ~a resetchannels &b +get (%R~b +get)",
    "  on  ~*  allcommands ",
  ])
    it(`may be ${accepted}`, () => equal(accessString(accepted), undefined));

  for (const [refused, why] of [
    ["off ~* +@all", /expected `on` first/],
    ["~* +@all", /expected `on` first/],
    ["on >secret ~* +@all", /password/],
    ["on nopass ~* +@all", /password/],
    ["on reset ~* +@all", /password/],
    ["on ~* get", /get is no rule/],
    ["on ~* -@all", /allows no command/],
  ] as const)
    it(`is not ${refused}`, () => match(accessString(refused) ?? "", why));
});
