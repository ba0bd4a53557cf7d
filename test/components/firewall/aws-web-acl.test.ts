import { strict as assert } from "node:assert";
import { AwsWebAcl, type AwsWebAclArgs } from "../../../components/firewall/aws-web-acl";
import { all, only, record } from "../../record";
import { orphans } from "../aws-fixtures";

const acl = (args: Partial<AwsWebAclArgs>) =>
  record(() => void new AwsWebAcl("waf", { scope: "CLOUDFRONT", logRetentionDays: 90, ...args }));

interface Rule {
  readonly name: string;
  readonly priority: number;
  readonly statement: { managedRuleGroupStatement?: { ruleActionOverrides?: object[] }; rateBasedStatement?: object };
}

describe("AwsWebAcl", () => {
  it("lets uploads through that AWS's rules would refuse, and counts them", async () => {
    const rules = only(await acl({}), "aws:wafv2/webAcl:WebAcl").inputs["rules"] as unknown as Rule[];
    assert.deepEqual(
      rules.map(({ name, priority }) => [name, priority]),
      [
        ["AWSManagedRulesAmazonIpReputationList", 0],
        ["AWSManagedRulesCommonRuleSet", 1],
        ["AWSManagedRulesKnownBadInputsRuleSet", 2],
        ["rate", 3],
        ["rate-all", 4],
      ],
    );
    assert.deepEqual(rules[1]?.statement.managedRuleGroupStatement?.ruleActionOverrides, [
      ...["SizeRestrictions", "CrossSiteScripting", "GenericLFI", "GenericRFI", "EC2MetaDataSSRF"].map((rule) => ({
        name: `${rule}_BODY`,
        actionToUse: { count: {} },
      })),
    ]);
    assert.ok(!("ruleActionOverrides" in rules[0]!.statement.managedRuleGroupStatement!));
  });

  it("limits what costs, and of all requests ten times as many", async () => {
    const rules = only(await acl({ requestsPerAddress: 500 }), "aws:wafv2/webAcl:WebAcl").inputs[
      "rules"
    ] as unknown as Rule[];
    const { scopeDownStatement, ...costly } = rules[3]!.statement.rateBasedStatement as { scopeDownStatement: object };
    assert.deepEqual(costly, { aggregateKeyType: "IP", limit: 500 });
    const text = JSON.stringify(scopeDownStatement);
    assert.match(text, /^{"notStatement":{"statement":{"orStatement"/);
    assert.match(text, /"searchString":"\/_next\/static\/"/);
    assert.match(text, /"singleHeader":{"name":"next-router-prefetch"}/);
    assert.deepEqual(rules[4]?.statement.rateBasedStatement, { aggregateKeyType: "IP", limit: 5000 });
  });

  it("only counts for as long as its rules are new to a site", async () => {
    const rules = only(await acl({ mode: "count" }), "aws:wafv2/webAcl:WebAcl").inputs["rules"] as unknown as {
      action?: object;
      overrideAction?: object;
    }[];
    assert.ok(rules.every(({ action, overrideAction }) => JSON.stringify(action ?? overrideAction) === '{"count":{}}'));
  });

  it("lets everything through to exempt paths, read as the application reads them", async () => {
    const exempted = async (...exemptPaths: string[]) => {
      const rules = only(await acl({ exemptPaths }), "aws:wafv2/webAcl:WebAcl").inputs["rules"] as unknown as Rule[];
      assert.deepEqual(
        rules.map(({ priority }) => priority),
        [0, 1, 2, 3, 4, 5],
      );
      return rules[0] as unknown as { action: object; statement: object };
    };
    const { action, statement } = await exempted("/api/webhooks/");
    assert.deepEqual(action, { allow: {} });
    assert.deepEqual(statement, {
      byteMatchStatement: {
        fieldToMatch: { uriPath: {} },
        positionalConstraint: "STARTS_WITH",
        searchString: "/api/webhooks/",
        textTransformations: [
          { priority: 0, type: "URL_DECODE" },
          { priority: 1, type: "NORMALIZE_PATH" },
        ],
      },
    });
    assert.match(JSON.stringify((await exempted("/a/", "/b/")).statement), /^{"orStatement":{"statements":\[{.*},{/);
  });

  it("encrypts its log with the key it is given", async () => {
    const plan = await acl({ keyArn: "arn:aws:kms:us-east-1:111122223333:key/1" });
    assert.equal(
      only(plan, "aws:cloudwatch/logGroup:LogGroup").inputs["kmsKeyId"],
      "arn:aws:kms:us-east-1:111122223333:key/1",
    );
  });

  it("lives in us-east-1 for CloudFront, with its log", async () => {
    const plan = await acl({});
    for (const type of [
      "wafv2/webAcl:WebAcl",
      "cloudwatch/logGroup:LogGroup",
      "wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
    ]) {
      assert.equal(only(plan, `aws:${type}`).inputs["region"], "us-east-1", type);
    }
    assert.equal(only(plan, "aws:cloudwatch/logGroup:LogGroup").inputs["namePrefix"], "aws-waf-logs-");
    assert.deepEqual(all(plan, "aws:wafv2/webAclAssociation:WebAclAssociation"), []);
  });

  it("logs neither cookies nor authorization", async () => {
    const log = only(await acl({}), "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration");
    assert.deepEqual(log.inputs["redactedFields"], [
      { singleHeader: { name: "authorization" } },
      { singleHeader: { name: "cookie" } },
    ]);
  });

  it("stands before a load balancer in its own region", async () => {
    const plan = await acl({ scope: "REGIONAL", protects: "arn:alb" });
    assert.ok(!("region" in only(plan, "aws:wafv2/webAcl:WebAcl").inputs));
    assert.equal(only(plan, "aws:wafv2/webAclAssociation:WebAclAssociation").inputs["resourceArn"], "arn:alb");
    assert.deepEqual(orphans(plan), []);
  });

  it("refuses what cannot be: something protected by CloudFront's, or nothing by a regional one", async () => {
    await assert.rejects(acl({ protects: "arn:alb" }), /scope CLOUDFRONT and protects/);
    await assert.rejects(acl({ scope: "REGIONAL" }), /scope REGIONAL and protects/);
  });
});
