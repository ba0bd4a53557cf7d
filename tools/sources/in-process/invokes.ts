/**
 * Questions that a program asks a provider while it runs, answered without one. The answers have the shape of real
 * ones; where only the account knows, the answer is a token. A question that is not here is an error: a made-up answer
 * would make a made-up preview.
 */
export function answer(
  token: string,
  args: Record<string, unknown>,
  region: string,
  unknown: (property: string) => string,
): Record<string, unknown> {
  const known = answers[token];
  if (known === undefined) {
    throw new Error(
      `the in-process preview cannot answer ${token}: it would take the provider. ` +
        "Give the value as an argument, add an answer in tools/sources/in-process/invokes.ts, or use `pulumi preview`",
    );
  }
  return known(args, region, unknown);
}

type Answer = (
  args: Record<string, unknown>,
  region: string,
  unknown: (property: string) => string,
) => Record<string, unknown>;

const answers: Readonly<Record<string, Answer>> = {
  "aws:index/getRegion:getRegion": (_, region) => ({
    id: region,
    name: region,
    region,
    endpoint: `ec2.${region}.amazonaws.com`,
  }),
  "aws:index/getPartition:getPartition": (_, region) => {
    const partition = region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    return { id: partition, partition, dnsSuffix: partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com" };
  },
  "aws:index/getCallerIdentity:getCallerIdentity": (_, __, unknown) => ({
    id: unknown("accountId"),
    accountId: unknown("accountId"),
    arn: unknown("arn"),
    userId: unknown("userId"),
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": (_, region) => ({
    id: region,
    names: ["a", "b", "c"].map((zone) => `${region}${zone}`),
    zoneIds: [1, 2, 3].map((zone) => `${region}-az${zone}`),
  }),
  "aws:ecr/getAuthorizationToken:getAuthorizationToken": (_, __, unknown) => ({
    id: unknown("id"),
    userName: "AWS",
    password: unknown("password"),
    proxyEndpoint: unknown("proxyEndpoint"),
    authorizationToken: unknown("authorizationToken"),
  }),
  "aws:ec2/getManagedPrefixList:getManagedPrefixList": (args, _, unknown) => ({
    id: unknown("id"),
    name: args["name"],
    arn: unknown("arn"),
  }),
};
