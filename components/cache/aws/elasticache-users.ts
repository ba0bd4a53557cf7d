import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** The user of the application. */
export const userName = "app";

export interface ElastiCacheUsersArgs {
  /** What the application may, in the words of an access string. @example "on ~shop:* -@all +@read +@write" */
  readonly accessString: pulumi.Input<string>;
  /** Password of the application. */
  readonly password: pulumi.Input<string>;
}

/**
 * A user group with the application's user, and with a user `default` that may nothing: without one of its own, a group
 * may get ElastiCache's, which needs no password. Free.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
 */
export function elastiCacheUsers(
  name: string,
  { accessString, password }: ElastiCacheUsersArgs,
  options: pulumi.CustomResourceOptions,
): aws.elasticache.UserGroup {
  // `-`, eight digits, and the longest ending: an identifier has 40 characters at most.
  const most = 40 - "-12345678-default".length;
  if (name.length > most) {
    throw new Error(
      `${name} has ${name.length} characters: expected ${most} at most, as ElastiCache's users are named by it`,
    );
  }
  // Identifiers are one's own to choose, and taken once an account and region.
  const suffix = new random.RandomId(`${name}-users`, { byteLength: 4 }, options);
  const identifier = pulumi.interpolate`${name}-${suffix.hex}`;
  const engine = "valkey";
  const application = new aws.elasticache.User(
    `${name}-app`,
    {
      ...{ engine, userName, accessString },
      userId: pulumi.interpolate`${identifier}-app`,
      authenticationMode: { type: "password", passwords: [password] },
    },
    options,
  );
  // A group of engine Valkey takes users with a password alone, also one that nobody can be.
  const unused = new random.RandomPassword(`${name}-default-password`, { length: 64, special: false }, options);
  const nobody = new aws.elasticache.User(
    `${name}-default`,
    {
      engine,
      userName: "default",
      accessString: "off ~* -@all",
      userId: pulumi.interpolate`${identifier}-default`,
      authenticationMode: { type: "password", passwords: [unused.result] },
    },
    options,
  );
  return new aws.elasticache.UserGroup(
    `${name}-users`,
    { engine, userGroupId: identifier, userIds: [application.userId, nobody.userId] },
    options,
  );
}
