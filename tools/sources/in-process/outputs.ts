import { rpc } from "./sdk";

/**
 * What a resource answers before it exists: its inputs, as a provider's own preview does, and a token for each output
 * that programs are known to build other values from. Any other output is unknown as a whole, as with the engine.
 */
export function outputsOf(
  type: string,
  inputs: Record<string, unknown>,
  secretOutputs: readonly string[],
  token: (property: string) => string,
): Record<string, unknown> {
  const outputs: Record<string, unknown> = { ...inputs };
  const package_ = type.split(":")[0]!;
  for (const name of [...(computed[package_] ?? []), ...(computed[type] ?? []), ...secretOutputs]) {
    if (outputs[name] === undefined) outputs[name] = token(name);
  }
  for (const [name, make] of Object.entries(nested[type] ?? {})) outputs[name] ??= make(token);
  for (const name of secretOutputs) {
    outputs[name] = { [rpc.specialSigKey]: rpc.specialSecretSig, value: outputs[name] };
  }
  return outputs;
}

/** Text outputs by package or type token. A name that a resource does not have is ignored by the SDK. */
const computed: Readonly<Record<string, readonly string[]>> = {
  aws: [
    "arn",
    "arnSuffix",
    "address",
    "bucket",
    "bucketDomainName",
    "bucketRegionalDomainName",
    "configurationEndpointAddress",
    "dnsName",
    "domainName",
    "endpoint",
    "fqdn",
    "hostedZoneId",
    "id",
    "invokeArn",
    "name",
    "primaryEndpointAddress",
    "readerEndpointAddress",
    "repositoryUrl",
    "targetGroupId",
    "uniqueId",
    "versionId",
    "zoneId",
  ],
  "aws:ec2/eip:Eip": ["allocationId", "publicIp"],
  "aws:ec2/instance:Instance": ["primaryNetworkInterfaceId", "privateIp"],
  "aws:rds/cluster:Cluster": ["readerEndpoint"],
  random: [],
  "random:index/randomId:RandomId": ["hex", "b64Std", "b64Url", "dec"],
  "random:index/randomUuid:RandomUuid": ["result"],
  "docker:index/container:Container": ["containerId", "hostname", "name"],
  "docker:index/remoteImage:RemoteImage": ["imageId", "repoDigest"],
  "docker:index/image:Image": ["imageName", "repoDigest"],
  "docker:index/volume:Volume": ["mountpoint"],
  "docker-build:index:Image": ["digest", "ref"],
};

/** Outputs that are lists or objects: the shape is known, the texts in it are not. */
const nested: Readonly<Record<string, Readonly<Record<string, (token: (property: string) => string) => unknown>>>> = {
  "aws:rds/cluster:Cluster": {
    masterUserSecrets: (token) => [{ secretArn: token("masterUserSecrets[0].secretArn"), secretStatus: "active" }],
  },
  "aws:rds/instance:Instance": {
    masterUserSecrets: (token) => [{ secretArn: token("masterUserSecrets[0].secretArn"), secretStatus: "active" }],
  },
};
