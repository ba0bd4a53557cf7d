import type { Resource } from "../../../resource";
import type { Stack } from "../../../stack";
import type { Value } from "../../../value";
import { refusal } from "../../refusal";

const guide = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg";
const api = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference";
const rbac = `${guide}/Clusters.RBAC.html`;
const group = ["aws:elasticache/replicationGroup:ReplicationGroup"];
const user = "aws:elasticache/user:User";
const userGroup = "aws:elasticache/userGroup:UserGroup";

const hasUsers = (cache: Resource): boolean => {
  const ids = cache.get("userGroupIds");
  return ids.isUnknown || ids.items().length > 0;
};

const either = refusal({
  id: "elasticache-auth-or-rbac",
  title: "A cache has a password of its own or users",
  appliesTo: group,
  source: rbac,
  why: "The API answers `User group can't be associated with auth token enabled`.",
  fix: "Remove authToken; on a live cache with authTokenUpdateStrategy DELETE beside userGroupIds.",
  judge: (cache, { fail }) => {
    const [token, strategy] = [cache.get("authToken"), cache.get("authTokenUpdateStrategy")];
    if (!token.present) return;
    if (hasUsers(cache)) fail(cache.get("userGroupIds"), "goes without authToken alone");
    else if (strategy.is("DELETE")) fail(strategy, "takes the password away that authToken sets");
  },
});

const overTls = refusal({
  id: "elasticache-rbac-tls",
  title: "Users go with encryption in transit",
  appliesTo: group,
  source: `${api}/API_CreateReplicationGroup.html`,
  why: "CreateReplicationGroup answers InvalidParameterCombination: user groups need encryption in transit.",
  fix: "Set transitEncryptionEnabled, or remove userGroupIds.",
  judge: (cache, { fail }) => {
    if (hasUsers(cache) && cache.get("transitEncryptionEnabled").isNot(true))
      fail(cache.get("userGroupIds"), "is set without transitEncryptionEnabled");
  },
});

const since: Readonly<Record<string, readonly [number, number]>> = { valkey: [7, 2], redis: [6, 0] };

const engine = refusal({
  id: "elasticache-rbac-engine",
  title: "The engine knows users, and those of the group",
  appliesTo: group,
  scope: "stack",
  source: rbac,
  why: "The API answers InvalidParameterCombination: role-based access control is for Valkey 7.2 and later and Redis OSS 6.0 and later, and Redis OSS takes no group of engine Valkey.",
  fix: "Valkey 7.2 or later; for Redis OSS a user group of engine redis.",
  judge: (cache, { stack, fail }) => {
    if (!hasUsers(cache)) return;
    const name = cache.get("engine").string() ?? "redis";
    const [major, minor = 0] = (cache.get("engineVersion").string() ?? "").split(".").map(Number);
    const least = since[name];
    if (
      least !== undefined &&
      major !== undefined &&
      major > 0 &&
      (major < least[0] || (major === least[0] && minor < least[1]))
    )
      fail(cache.get("engineVersion"), "has no users");
    const groups = stack.ofType(userGroup).filter((one) => stack.names(cache, "userGroupIds", one));
    if (name === "redis" && groups.some((one) => one.get("engine").is("valkey", "VALKEY")))
      fail(cache.get("userGroupIds"), "names a group of engine Valkey");
  },
});

const one = refusal({
  id: "elasticache-one-user-group",
  title: "A cache has one user group",
  appliesTo: group,
  source: `${api}/API_CreateReplicationGroup.html`,
  why: "The API answers InvalidParameterValue: of the list it takes one.",
  fix: "Put all users into one group.",
  judge: (cache, { fail }) => {
    if (cache.get("userGroupIds").items().length > 1) fail(cache.get("userGroupIds"), "has more than one member");
  },
});

/** Those that the group surely names. */
const usersOf = (stack: Stack, users: Resource) =>
  stack.ofType(user).filter((member) => stack.names(users, "userIds", member));

const members = refusal({
  id: "elasticache-user-group-members",
  title: "The users of a group have names of their own, and those of Redis OSS a default one",
  appliesTo: [userGroup],
  scope: "stack",
  source: `${api}/API_CreateUserGroup.html`,
  why: "CreateUserGroup answers DuplicateUserName, or DefaultUserRequired of a group of engine redis.",
  fix: "One user for each name; in a group of engine redis one whose userName is default, with access string `off ~* -@all`.",
  judge: (users, { stack, fail }) => {
    const ids = users.get("userIds");
    const found = usersOf(stack, users);
    const names = found.map((member) => member.get("userName").string());
    if (new Set(names).size < names.length) fail(ids, "names two users with one userName");
    // What is not in the stack may be the default user.
    const all = !ids.isUnknown && ids.items().length === found.length;
    if (users.get("engine").is("redis", "REDIS") && all && !names.includes("default"))
      fail(ids, "has no user called default");
  },
});

const authentication = refusal({
  id: "elasticache-user-authentication",
  title: "A user has one way of authentication, and a group of engine Valkey none without",
  appliesTo: [user],
  source: `${api}/API_CreateUser.html`,
  why: "CreateUser answers InvalidParameterCombination; CreateUserGroup takes users with a password or IAM alone where the engine is Valkey.",
  fix: "authenticationMode of type password with one or two passwords, or of type iam with userName equal to userId.",
  judge: ({ root }, { fail }) => {
    const [mode, free] = [root.get("authenticationMode"), root.get("noPasswordRequired")];
    const type = mode.get("type");
    const passwords = root.get("passwords");
    const ways: readonly Value[] = [mode, passwords, root.get("passwordsWo")].filter(({ present }) => present);
    if (ways.length > 1) fail(ways[1]!, "is a second way beside another");
    if (root.get("engine").is("valkey", "VALKEY") && (free.is(true) || type.is("no-password-required")))
      fail(free.is(true) ? free : type, "is for engine redis alone");
    if (type.is("password") && mode.get("passwords").absent) fail(mode.get("passwords"), "is missing");
    if ([passwords, mode.get("passwords")].some((list) => list.items().length > 2))
      fail(mode, "has more than two passwords");
    if (type.is("iam") && root.get("userName").string() !== root.get("userId").string())
      fail(root.get("userName"), "is not userId, as IAM needs it");
  },
});

const rules = refusal({
  id: "elasticache-access-string",
  title: "An access string names no password",
  appliesTo: [user],
  source: rbac,
  why: "CreateUser answers InvalidParameterValue: passwords are parameters of their own, and `reset` would take them away.",
  fix: "Rules for keys, channels and commands alone, such as `on ~shop:* -@all +@read`.",
  judge: ({ root }, { fail }) => {
    const text = root.get("accessString");
    const wrong = (text.string() ?? "").split(/\s+/).some((rule) => /^([<>#!]|(reset|resetpass|nopass)$)/.test(rule));
    if (wrong) fail(text, "names a password, or takes it away");
  },
});

export const cacheUserRules = [either, overTls, engine, one, members, authentication, rules];
