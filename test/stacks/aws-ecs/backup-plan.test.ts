import { deepEqual, match, ok, throws } from "node:assert/strict";
import { resolveSettings } from "../../../stacks/settings/load";
import { warningsOf } from "../../../stacks/settings/warnings";
import { isUnknown } from "../../../tools/plan/plan";
import { all, only } from "../../record";
import { keyArn, type Raw, resolved, stackFile, stackOf } from "./stack-file";

const vault = (region = "eu-west-1", account = "123456789012", partition = "aws") =>
  `arn:${partition}:backup:${region}:${account}:backup-vault:shop`;
const copies = (...vaults: string[]) => ({
  copyActions: vaults.map((destinationVaultArn) => ({ destinationVaultArn })),
});
const certificate = (region: string) =>
  `arn:aws:acm:${region}:123456789012:certificate/0a1b2c3d-4e5f-6789-0a1b-2c3d4e5f6789`;
/** By its certificates the account is known. */
const known = { tls: { certificateArn: certificate("eu-central-1"), cdnCertificateArn: certificate("us-east-1") } };
const planned = (backupPlan: Raw, more: Raw = {}) => ({ ...more, aws: { backupPlan } });
const refused = (file: Raw, message: RegExp) =>
  throws(() => resolveSettings("test", { ...stackFile, ...file }, { awsRegion: "eu-central-1" }), message);
const taken = (file: Raw) => resolveSettings("test", { ...stackFile, ...file }, { awsRegion: "eu-central-1" });

describe("aws.backupPlan", function () {
  this.timeout(60_000);

  it("is off unless it is asked for", async () => {
    deepEqual(
      (await stackOf({})).resources.filter(({ type }) => type.startsWith("aws:backup/")),
      [],
    );
  });

  it("backs up the stack's database and bucket six hours after RDS does, under the stack's key", async () => {
    const plan = await stackOf(planned(copies(vault())));
    const { inputs } = only(plan, "aws:backup/selection:Selection");
    deepEqual(
      (inputs["resources"] as unknown[]).map((one) =>
        isUnknown(one as never) ? (one as { template?: string }).template : one,
      ),
      ["arn:aws:rds:eu-central-1:{0}:db:database-{1}", "arn:aws:s3:::{0}"],
    );
    const [rule] = only(plan, "aws:backup/plan:Plan").inputs["rules"] as unknown as [Record<string, unknown>];
    deepEqual(rule["schedule"], "cron(15 9 * * ? *)");
    match(JSON.stringify(only(plan, "aws:backup/vault:Vault").inputs["kmsKeyArn"]), /::key#arn/);
  });

  it("notifies every receiver of a failed backup", async () => {
    const plan = await stackOf(
      planned({}, { monitoring: { emails: ["ops@example.com"], webhook: "https://hooks.example.com/x" } }),
    );
    const alarm = all(plan, "aws:cloudwatch/metricAlarm:MetricAlarm").find(({ name }) =>
      name.endsWith("backup-job-failed"),
    )!;
    ok((alarm.inputs["alarmActions"] as unknown[]).length === 1);
    // By which the webhook's rule takes it.
    match(
      alarm.inputs["alarmDescription"] as string,
      /^shop-test shop\.example\.com \[ticket\] .*backup-job-failed\.md/,
    );
  });

  it("has a database that exists as well, and no bucket of others", async () => {
    const plan = await stackOf(
      planned(
        {},
        { database: { identifier: "shop-production" }, storage: { implementation: "external", bucket: "b-1" } },
      ),
    );
    const { inputs } = only(plan, "aws:backup/selection:Selection");
    deepEqual(
      (inputs["resources"] as unknown as { template: string }[]).map(({ template }) => template),
      ["arn:aws:rds:eu-central-1:{0}:db:shop-production"],
    );
  });

  it("has the cluster of a database on Aurora, of its own and of one that exists", async () => {
    const implementation = "aurora-serverless-v2";
    for (const [database, arn] of [
      [{ implementation }, "arn:aws:rds:eu-central-1:{0}:cluster:database-{1}"],
      [{ implementation, identifier: "shop-production" }, "arn:aws:rds:eu-central-1:{0}:cluster:shop-production"],
    ] as const) {
      const plan = await stackOf(planned({}, { database }));
      const { inputs } = only(plan, "aws:backup/selection:Selection");
      deepEqual((inputs["resources"] as unknown as { template: string }[])[0]!.template, arn);
    }
  });

  describe("refuses", () => {
    it("a plan without anything to back up", () =>
      refused(
        planned({}, { database: { implementation: "none" }, storage: { implementation: "none" } }),
        /aws\.backupPlan +has nothing to back up/,
      ));
    it("a vault of another partition, or of a region that there is not", () => {
      refused(
        planned(copies(vault("cn-north-1", "123456789012", "aws-cn"))),
        /is in another partition than eu-central-1/,
      );
      refused(planned(copies(vault("eu-west-9"))), /is in eu-west-9, which is not a region of AWS/);
      refused(planned(copies("arn:aws:s3:::shop")), /expected the ARN of a vault of AWS Backup/);
    });
    it("a vault in the stack's own region and account, or one twice", () => {
      refused(planned(copies(vault("eu-central-1")), known), /in the stack's own region and account/);
      refused(planned(copies(vault(), vault())), /stands there twice/);
    });
    it("a copy of the database to another region and another account at once", () => {
      const both = copies(vault("eu-west-1", "999999999999"));
      const own = { database: { storageKeyArn: keyArn } };
      refused(
        planned(both, { ...known, ...own }),
        /in another region and in another account than the stack \(123456789012\)/,
      );
      taken(planned(both, { ...known, database: { implementation: "none" } }));
      taken(planned(copies(vault("eu-west-1"), vault("eu-central-1", "999999999999")), { ...known, ...own }));
    });
    it("a copy to another account of what is encrypted with aws/rds", () => {
      const there = copies(vault("eu-central-1", "999999999999"));
      refused(planned(there, known), /database\.storageKeyArn +is missing/);
      taken(planned(there, { ...known, database: { storageKeyArn: keyArn } }));
    });
    it("an hour at which RDS backs up or maintains, the hour before, and more than one an hour", () => {
      for (const cron of ["15 3 * * *", "15 2 * * *", "0 4 * * *", "59 4 * * 0", "0 */2 * * *"])
        refused(planned({ cron }), /is while RDS backs up \(03:15-03:45 UTC\) or maintains/);
      refused(planned({ cron: "0,30 9 * * *" }), /more often than once an hour/);
      for (const cron of ["14 2 * * *", "15 5 * * *", "59 4 * * 1", "0 9 1 * *"]) taken(planned({ cron }));
      taken(planned({ cron: "15 3 * * *" }, { database: { implementation: "none" } }));
    });
    it("a retention that ends before the next backup", () => {
      const weekly = { cron: "0 10 * * 1" };
      refused(planned({ ...weekly, deleteAfterDays: 6 }), /6 deletes a backup before the next .* up to 7 days apart/);
      taken(planned({ ...weekly, deleteAfterDays: 7 }));
      refused(planned({ cron: "0 10 1 * *", deleteAfterDays: 30 }), /up to 31 days apart/);
      refused(planned({ cron: "0 10 * * 1-5", deleteAfterDays: 2 }), /up to 3 days apart/);
      taken(planned({ deleteAfterDays: 1 }));
    });
    it("a retention that the lock does not allow, a lock of nothing, and one of a stack that shall go", () => {
      refused(
        planned({ deleteAfterDays: 6, vaultLock: { minRetentionDays: 7 } }),
        /is less than vaultLock\.minRetentionDays, 7/,
      );
      refused(planned({ vaultLock: { maxRetentionDays: 30 } }), /35 is more than vaultLock\.maxRetentionDays, 30/);
      refused(
        planned({ vaultLock: { minRetentionDays: 30, maxRetentionDays: 20 } }),
        /is more than maxRetentionDays, 20/,
      );
      refused(planned({ vaultLock: {} }), /locks nothing/);
      refused(planned({ vaultLock: { minRetentionDays: 7, changeableForDays: 2 } }), /expected a whole number from 3/);
      refused(
        planned({ vaultLock: { minRetentionDays: 7 } }, { preset: "development" }),
        /and slipway:database\.protect false exclude each other/,
      );
    });
  });

  it("warns of what depends on whose account it is, of a lock that nobody can lift, and of what AWS Backup passes over", () => {
    const warned = (file: Raw) => warningsOf(resolved(file)).join("\n");
    match(
      warned(planned(copies(vault()))),
      /backups are copied to 123456789012: if that is not the stack's own account/,
    );
    ok(!/backups are copied/.test(warned(planned(copies(vault()), known))));
    match(
      warned(planned({ vaultLock: { minRetentionDays: 7, changeableForDays: 30 } })),
      /30 days after it is made nobody can lift the lock/,
    );
    const database = { implementation: "aurora-serverless-v2" };
    match(warned(planned({}, { database })), /`aws backup describe-region-settings` has Aurora: true/);
    ok(!/opted in/.test(warned(planned({})) + warned({ database })));
  });
});
