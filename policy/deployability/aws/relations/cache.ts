import { refusal } from "../../refusal";
import { isCacheNodeType } from "../instance-classes";

const source = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html";
const group = ["aws:elasticache/replicationGroup:ReplicationGroup"];

const failover = refusal({
  id: "elasticache-failover-nodes",
  title: "Automatic failover has a node to fail over to",
  appliesTo: group,
  source,
  why: "CreateReplicationGroup refuses automatic failover with fewer than two nodes, and Multi-AZ without automatic failover.",
  fix: "Two nodes or more, or automaticFailoverEnabled and multiAzEnabled false.",
  judge: ({ root }, { fail }) => {
    const automatic = root.get("automaticFailoverEnabled");
    const nodes = root.get("numCacheClusters");
    const sharded = root.get("replicasPerNodeGroup").present || root.get("numNodeGroups").present;
    if (automatic.is(true) && !sharded && (nodes.number() ?? 1) < 2)
      fail(nodes.present ? nodes : automatic, "is fewer than automatic failover needs");
    if (root.get("multiAzEnabled").is(true) && automatic.isNot(true))
      fail(root.get("multiAzEnabled"), "needs automaticFailoverEnabled");
  },
});

const token = refusal({
  id: "elasticache-token-tls",
  title: "A password goes with encryption in transit",
  appliesTo: group,
  source,
  why: "CreateReplicationGroup answers `AuthToken can only be specified with TransitEncryptionEnabled`.",
  fix: "Set transitEncryptionEnabled, or remove authToken.",
  judge: ({ root }, { fail }) => {
    if (root.get("authToken").present && root.get("transitEncryptionEnabled").isNot(true))
      fail(root.get("authToken"), "is set without transitEncryptionEnabled");
  },
});

const family = refusal({
  id: "elasticache-parameter-family",
  title: "The parameter group is of the engine's major version",
  appliesTo: group,
  scope: "stack",
  source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html",
  why: "CreateReplicationGroup answers InvalidParameterCombination.",
  fix: "valkey8 with Valkey 8, valkey7 with 7.2, redis7 with Redis OSS 7.",
  judge: (cache, { stack, fail }) => {
    const parameters = stack
      .ofType("aws:elasticache/parameterGroup:ParameterGroup")
      .find((one) => stack.names(cache, "parameterGroupName", one));
    const version = cache.get("engineVersion").string();
    if (parameters === undefined || version === undefined) return;
    const expected = `${cache.get("engine").string() ?? "redis"}${version.split(".")[0]}`;
    if (!parameters.get("family").is(expected))
      fail(cache.get("parameterGroupName"), "is of another engine or major version");
  },
});

const nodeType = refusal({
  id: "elasticache-node-type",
  title: "The node type is one that ElastiCache has",
  appliesTo: group,
  source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html",
  why: "CreateReplicationGroup answers InvalidParameterValue, and of r6gd without data tiering InvalidParameterCombination.",
  fix: "A node type of the table, such as cache.t4g.small or cache.r7g.large; r6gd with dataTieringEnabled.",
  judge: ({ root }, { fail }) => {
    const name = root.get("nodeType");
    if (!name.present) return;
    const type = name.string() ?? "";
    if (!isCacheNodeType(type)) fail(name, "is no node type of ElastiCache");
    else if (type.startsWith("cache.r6gd.") && root.get("dataTieringEnabled").isNot(true))
      fail(name, "goes with dataTieringEnabled alone");
  },
});

export const cacheRules = [failover, token, family, nodeType];
