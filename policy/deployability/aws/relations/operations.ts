import { alarmRuleOf, parseAlarmRule } from "../../../rules/aws/cloudwatch/alarm-rule";
import { statements } from "../../../rules/aws/iam-document";
import type { Value } from "../../../value";
import { refusal } from "../../refusal";

const api = "https://docs.aws.amazon.com";
const alarm = ["aws:cloudwatch/metricAlarm:MetricAlarm"];

const span = refusal({
  id: "alarm-span",
  title: "An alarm looks back a day, or a week by the hour",
  appliesTo: alarm,
  source: `${api}/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html`,
  why: "PutMetricAlarm refuses more than 86,400 seconds of periods below an hour, and more than 604,800 of longer ones.",
  fix: "Fewer evaluationPeriods, or a longer period.",
  judge: ({ root }, { fail }) => {
    const periods = root.get("evaluationPeriods");
    const inner = root
      .get("metricQueries")
      .items()
      .map((query) => query.get("metric", "period").number() ?? 0);
    const period = root.get("period").number() ?? Math.max(0, ...inner);
    const seconds = period * (periods.number() ?? 1);
    if (seconds > (period >= 3600 ? 604_800 : 86_400)) fail(periods, "looks back too far");
  },
});

const points = refusal({
  id: "alarm-datapoints",
  title: "An alarm asks for no more points than it looks at",
  appliesTo: alarm,
  source: `${api}/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html`,
  why: "PutMetricAlarm answers ValidationError.",
  fix: "datapointsToAlarm at most evaluationPeriods.",
  judge: ({ root }, { fail }) => {
    const points = root.get("datapointsToAlarm");
    if ((points.number() ?? 0) > (root.get("evaluationPeriods").number() ?? Infinity))
      fail(points, "is more than evaluationPeriods");
  },
});

const queries = refusal({
  id: "alarm-queries",
  title: "An alarm has one metric, or queries of which one counts",
  appliesTo: alarm,
  source: `${api}/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html`,
  why: "PutMetricAlarm answers ValidationError.",
  fix: "metricName or metricQueries; ids that start with a small letter; returnData on exactly one; at most 10.",
  judge: ({ root }, { fail }) => {
    const listed = root.get("metricQueries");
    const all = listed.items();
    const single = root.get("metricName").present;
    if (single === all.length > 0)
      return fail(listed, single ? "does not go with metricName" : "is missing, and so is metricName");
    if (all.length === 0) return;
    if (all.length > 10) fail(listed, "has more than 10 members");
    if (all.filter((query) => query.get("returnData").is(true)).length !== 1)
      fail(listed, "must return data of exactly one");
    const ids = all.map((query) => query.get("id"));
    for (const id of ids)
      if (!/^[a-z][A-Za-z0-9_]{0,254}$/.test(id.string() ?? "")) fail(id, "does not start with a small letter");
    if (new Set(ids.map((id) => id.string())).size < ids.length) fail(listed, "has an id twice");
  },
});

const compositeAlarm = "aws:cloudwatch/compositeAlarm:CompositeAlarm";

const compositeRule = refusal({
  id: "composite-alarm-rule",
  title: "A composite alarm has a rule that CloudWatch reads",
  appliesTo: [compositeAlarm],
  source: `${api}/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html`,
  why: "PutCompositeAlarm answers ValidationError.",
  fix: "ALARM, OK or INSUFFICIENT_DATA of a name or an ARN, with AND, OR, NOT and parentheses; at most 100 alarms and 500 elements.",
  judge: (composite, { fail }) => {
    const written = composite.get("alarmRule");
    const text = written.text();
    if (text !== undefined && !written.isUnknown && parseAlarmRule(text.whole()) === undefined)
      return fail(written, "is not a rule of alarms");
    const { rule } = alarmRuleOf(composite);
    if (new Set(rule.children).size > 100) fail(written, "names more than 100 alarms");
    if (rule.elements > 500) fail(written, "has more than 500 elements");
  },
});

const compositeRegion = refusal({
  id: "composite-alarm-region",
  title: "A composite alarm is where its alarms are",
  appliesTo: [compositeAlarm],
  scope: "stack",
  source: `${api}/AmazonCloudWatch/latest/monitoring/alarm-combining.html`,
  why: "CloudWatch finds alarms of the same account and region alone: the alarm is not there.",
  fix: "One composite alarm for each region.",
  judge: (composite, { cannotJudge, each, fail, stack }) => {
    const [own, written] = [composite.get("region"), composite.get("alarmRule")];
    const suppressor = composite.get("actionsSuppressor", "alarm");
    each(stack.ofType(...alarm, compositeAlarm), (other) => {
      const region = other.get("region");
      if (other === composite || region.sameAs(own)) return;
      const apart = own.present && region.present;
      const { isOf, rule } = alarmRuleOf(composite);
      if (rule.children.some((child) => isOf(child, other))) {
        if (apart) fail(written, `names ${other.name}, which is in another region`);
        else cannotJudge(written, `the region of one of ${composite.name} and ${other.name} is the provider's`);
      }
      if (apart && suppressor.sources.some((source) => source.startsWith(`${other.urn}#`)))
        fail(suppressor, `is ${other.name}, which is in another region`);
    });
  },
});

const topicKey = refusal({
  id: "sns-alarm-key",
  title: "CloudWatch may use the key of the topic that alarms notify",
  appliesTo: ["aws:sns/topic:Topic"],
  scope: "stack",
  source: `${api}/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html`,
  why: "Nothing refuses it: with the AWS-managed key alarms cannot be delivered, and nobody is notified.",
  fix: "Encrypt with a key of your own whose policy allows kms:GenerateDataKey* and kms:Decrypt to cloudwatch.amazonaws.com.",
  judge: (topic, { stack, fail }) => {
    const key = topic.get("kmsMasterKeyId");
    if (key.absent) return;
    const alarms = stack.referring(topic, "alarmActions", ...alarm, compositeAlarm).certain;
    if (alarms.length === 0) return;
    if (!key.isUnknown && key.is("alias/aws/sns")) return fail(key, "is AWS's own, which CloudWatch may not use");
    const own = stack
      .ofType("aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey")
      .find((one) => stack.names(topic, "kmsMasterKeyId", one));
    if (own === undefined || own.get("policy").absent) return;
    const allowed = statements(own.get("policy")).some(
      (statement) =>
        statement.allows && statement.principals("Service").some((service) => service.is("cloudwatch.amazonaws.com")),
    );
    if (!allowed) fail(key, "is not open to cloudwatch.amazonaws.com");
  },
});

const subscription = refusal({
  id: "sns-endpoint",
  title: "A subscription's endpoint is of its protocol",
  appliesTo: ["aws:sns/topicSubscription:TopicSubscription"],
  source: `${api}/sns/latest/api/API_Subscribe.html`,
  why: "Subscribe answers InvalidParameter.",
  fix: "An address for email, a URL with the same scheme for http and https, an ARN for lambda and sqs.",
  judge: ({ root }, { fail }) => {
    const endpoint = root.get("endpoint");
    const shape = endpoints[root.get("protocol").string() ?? ""];
    if (shape && !endpoint.isUnknown && !endpoint.isSecret && !shape.test(endpoint.string() ?? ""))
      fail(endpoint, "is not an endpoint of this protocol");
  },
});

const endpoints: Readonly<Record<string, RegExp>> = {
  email: /^[^@\s]+@[^@\s]+\.[^@\s]+$/,
  http: /^http:\/\//,
  https: /^https:\/\//,
  lambda: /^arn:[^:]+:lambda:/,
  sqs: /^arn:[^:]+:sqs:/,
};

const capacity = refusal({
  id: "scaling-capacity",
  title: "Least capacity is at most the greatest",
  appliesTo: ["aws:appautoscaling/target:Target"],
  source: `${api}/autoscaling/application/APIReference/API_RegisterScalableTarget.html`,
  why: "RegisterScalableTarget answers ValidationException.",
  fix: "minCapacity at most maxCapacity.",
  judge: ({ root }, { fail }) => {
    if ((root.get("minCapacity").number() ?? 0) > (root.get("maxCapacity").number() ?? Infinity))
      fail(root.get("minCapacity"), "is above maxCapacity");
  },
});

/** Characters, white space not counted: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const policyCharacters: Readonly<Record<string, readonly [property: string, most: number]>> = {
  "aws:iam/policy:Policy": ["policy", 6144],
  "aws:iam/rolePolicy:RolePolicy": ["policy", 10_240],
  "aws:iam/role:Role": ["assumeRolePolicy", 2048],
};

const policySize = refusal({
  id: "iam-policy-size",
  title: "A policy document is of a length that IAM takes",
  appliesTo: Object.keys(policyCharacters),
  source: `${api}/IAM/latest/UserGuide/reference_iam-quotas.html`,
  why: "IAM answers LimitExceeded.",
  fix: "Fewer statements, or patterns in place of lists. 2,048 characters for a trust policy, 6,144 managed, 10,240 inline.",
  judge: ({ root, type }, { fail }) => {
    const [property, most] = policyCharacters[type] ?? ["policy", Infinity];
    if (charactersOf(root.get(property)) > most) fail(root.get(property), `has more than ${most} characters`);
  },
});

/** So many characters a policy has at least: what is not known before the deployment is not counted. */
const charactersOf = (policy: Value) => policy.text()?.knownCharacters ?? 0;

const inlinePolicies = refusal({
  id: "iam-inline-size",
  title: "The inline policies of a role have 10,240 characters together",
  appliesTo: ["aws:iam/role:Role"],
  scope: "stack",
  source: `${api}/IAM/latest/UserGuide/reference_iam-quotas.html`,
  why: "PutRolePolicy answers `LimitExceeded: Maximum policy size of 10240 bytes exceeded for role`.",
  fix: "Fewer statements: several values as keys of one secret (`:json-key::` behind its ARN), patterns in place of lists, or managed policies.",
  judge: (role, { stack, fail }) => {
    const inline = stack.referring(role, "role", "aws:iam/rolePolicy:RolePolicy").certain;
    const characters = inline.reduce((sum, policy) => sum + charactersOf(policy.get("policy")), 0);
    // One that is too long by itself is a row of its own.
    if (inline.length > 1 && characters > 10_240) fail(role.root, `has ${characters} characters of inline policies`);
  },
});

/** Names that Pulumi makes: the resource's own, a hyphen and seven digits. By type, the service's limit. */
const nameLimits: Readonly<Record<string, readonly [property: string, most: number]>> = {
  "aws:lb/targetGroup:TargetGroup": ["name", 32],
  "aws:lb/loadBalancer:LoadBalancer": ["name", 32],
  "aws:iam/role:Role": ["name", 64],
  "aws:lambda/function:Function": ["name", 64],
  "aws:cloudwatch/eventRule:EventRule": ["name", 64],
  "aws:scheduler/schedule:Schedule": ["name", 64],
  "aws:cloudfront/function:Function": ["name", 64],
  "aws:elasticache/replicationGroup:ReplicationGroup": ["replicationGroupId", 40],
  "aws:rds/instance:Instance": ["identifier", 63],
  "aws:s3/bucket:Bucket": ["bucket", 63],
  "aws:sqs/queue:Queue": ["name", 80],
};
const suffix = "-1234567".length;

const madeNames = refusal({
  id: "made-name-length",
  title: "A name that Pulumi makes is as short as the service wants it",
  appliesTo: Object.keys(nameLimits),
  source: `${api}/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html`,
  why: "Eight characters are added to the resource's own name; where that is too long, the provider or the API refuses it.",
  fix: "A shorter name of the resource or of the component that it is part of: 24 characters for load balancers and target groups, 56 for roles.",
  judge: ({ name, root, type }, { fail }) => {
    const [property, most] = nameLimits[type] ?? ["name", Infinity];
    if (root.get(property).present || root.get(`${property}Prefix`).present) return;
    if (name.length + suffix > most) fail(root, `is called ${name}, and its ${property} may have ${most} characters`);
  },
});

const healthCheck = refusal({
  id: "health-check-shape",
  title: "A health check has what its type needs",
  appliesTo: ["aws:route53/healthCheck:HealthCheck"],
  source: `${api}/Route53/latest/APIReference/API_HealthCheckConfig.html`,
  why: "CreateHealthCheck answers InvalidInput.",
  fix: "searchString with HTTP_STR_MATCH and HTTPS_STR_MATCH alone; fqdn or ipAddress for what is asked over the network; three regions or more.",
  judge: ({ root }, { fail }) => {
    const [kind, found, regions] = [root.get("type"), root.get("searchString"), root.get("regions")];
    const matches = kind.is("HTTP_STR_MATCH", "HTTPS_STR_MATCH");
    if (matches && found.absent) fail(found, "is missing");
    if (!matches && found.present) fail(found, "does not go with this type");
    const asks = matches || kind.is("HTTP", "HTTPS", "TCP");
    if (asks && root.get("fqdn").absent && root.get("ipAddress").absent) fail(root.get("fqdn"), "is missing");
    if (regions.present && regions.items().length < 3) fail(regions, "has fewer than three members");
  },
});

const recordShape = refusal({
  id: "route53-record-shape",
  title: "A record has values and a TTL, or an alias",
  appliesTo: ["aws:route53/record:Record"],
  source: `${api}/Route53/latest/APIReference/API_ResourceRecordSet.html`,
  why: "ChangeResourceRecordSets answers InvalidChangeBatch.",
  fix: "aliases alone, or records with ttl.",
  judge: ({ root }, { fail }) => {
    const alias = root.get("aliases");
    const values = root.get("records");
    if (alias.present && (values.present || root.get("ttl").present)) fail(alias, "does not go with records and ttl");
    if (alias.absent && (values.absent || root.get("ttl").absent)) fail(values, "needs values and a ttl");
    if (alias.present && root.get("type").is("CNAME"))
      fail(root.get("type"), "is CNAME, and an alias here must be A or AAAA");
  },
});

const lifecycle = refusal({
  id: "ecr-lifecycle-rules",
  title: "Rules of a lifecycle policy are in order",
  appliesTo: ["aws:ecr/lifecyclePolicy:LifecyclePolicy"],
  source: `${api}/AmazonECR/latest/userguide/lifecycle_policy_parameters.html`,
  why: "PutLifecyclePolicy answers InvalidParameterException.",
  fix: "Unique priorities; `any` only once and last; countNumber 1 or more.",
  judge: ({ root }, { fail }) => {
    const policy = root.get("policy");
    const rules = policy.json().get("rules").items();
    const priorities = rules.map((rule) => rule.get("rulePriority").number() ?? 0);
    if (new Set(priorities).size < rules.length) fail(policy, "has a priority twice");
    rules.forEach((rule, index) => {
      const any = rule.get("selection", "tagStatus").is("any");
      if (any && priorities.some((other) => other > priorities[index]!))
        fail(policy, "has a rule for any tag that is not the last");
      if ((rule.get("selection", "countNumber").number() ?? 1) < 1) fail(policy, "keeps fewer than one");
    });
  },
});

const certificateNames = refusal({
  id: "acm-name-count",
  title: "A certificate has ten names or fewer",
  appliesTo: ["aws:acm/certificate:Certificate"],
  source: `${api}/acm/latest/userguide/acm-limits.html`,
  why: "RequestCertificate answers LimitExceededException until the quota has been raised.",
  fix: "Ten names at most, a wildcard, or a quota that was raised.",
  judge: ({ root }, { fail }) => {
    const more = root.get("subjectAlternativeNames");
    if (more.items().length > 9) fail(more, "has more than nine names beside the first");
  },
});

export const operationsRules = [
  span,
  points,
  queries,
  compositeRule,
  compositeRegion,
  topicKey,
  subscription,
  capacity,
  policySize,
  inlinePolicies,
  madeNames,
  healthCheck,
  recordShape,
  lifecycle,
  certificateNames,
];
