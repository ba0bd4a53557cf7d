import { deepEqual, equal, ok } from "node:assert/strict";
import { AwsBackupPlan, type AwsBackupPlanArgs } from "../../../components/backup/aws-backup-plan";
import { all, only, record } from "../../record";

const west = "arn:aws:backup:eu-west-1:123456789012:backup-vault:shop";
const plan = (more: Partial<AwsBackupPlanArgs> = {}) =>
  record(
    () =>
      void new AwsBackupPlan("backup", {
        resources: ["arn:aws:rds:eu-central-1:123456789012:db:shop", "arn:aws:s3:::shop-uploads"],
        cron: "15 9 * * *",
        deleteAfterDays: 35,
        protect: true,
        region: "eu-central-1",
        ...more,
      }),
  );

describe("AwsBackupPlan", () => {
  it("takes snapshots at its hour, keeps them, and copies each to every vault", async () => {
    const { inputs } = only(
      await plan({
        copyActions: [{ destinationVaultArn: west }, { destinationVaultArn: `${west}-2`, deleteAfterDays: 90 }],
      }),
      "aws:backup/plan:Plan",
    );
    const [rule, ...more] = inputs["rules"] as unknown as [Record<string, unknown>];
    deepEqual(more, []);
    deepEqual(
      [rule["schedule"], rule["lifecycle"], rule["copyActions"], rule["enableContinuousBackup"]],
      [
        "cron(15 9 * * ? *)",
        { deleteAfter: 35 },
        [
          { destinationVaultArn: west, lifecycle: { deleteAfter: 35 } },
          { destinationVaultArn: `${west}-2`, lifecycle: { deleteAfter: 90 } },
        ],
        undefined,
      ],
    );
  });

  it("selects by ARN, with a role of AWS Backup alone that has its permissions first", async () => {
    const made = await plan();
    const { dependencies, inputs } = only(made, "aws:backup/selection:Selection");
    deepEqual(inputs["resources"], ["arn:aws:rds:eu-central-1:123456789012:db:shop", "arn:aws:s3:::shop-uploads"]);
    const attachments = all(made, "aws:iam/rolePolicyAttachment:RolePolicyAttachment");
    deepEqual(
      attachments.map((one) => one.inputs["policyArn"]),
      [
        "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
        "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup",
      ],
    );
    ok(attachments.every(({ urn }) => dependencies.includes(urn)));
    const trust = JSON.parse(only(made, "aws:iam/role:Role").inputs["assumeRolePolicy"] as string) as {
      Statement: readonly unknown[];
    };
    deepEqual(trust.Statement, [
      { Effect: "Allow", Principal: { Service: "backup.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
  });

  it("keeps a protected vault with what is in it, and deletes another whole", async () => {
    const kept = only(await plan(), "aws:backup/vault:Vault");
    deepEqual([kept.inputs["forceDestroy"], kept.options.protect, kept.options.retainOnDelete], [false, true, true]);
    const thrown = only(await plan({ protect: false }), "aws:backup/vault:Vault");
    deepEqual([thrown.inputs["forceDestroy"], thrown.options.protect], [true, undefined]);
  });

  it("locks the vault before the plan puts anything there, and not unless it is asked to", async () => {
    const type = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";
    deepEqual(all(await plan(), type), []);
    const made = await plan({ vaultLock: { minRetentionDays: 7, changeableForDays: 30 } });
    const lock = only(made, type);
    deepEqual([lock.inputs["minRetentionDays"], lock.inputs["changeableForDays"]], [7, 30]);
    ok(!("maxRetentionDays" in lock.inputs) || lock.inputs["maxRetentionDays"] === undefined);
    ok(only(made, "aws:backup/plan:Plan").dependencies.includes(lock.urn));
  });

  it("counts what failed into its vault and out of it", async () => {
    const { inputs } = only(await plan(), "aws:cloudwatch/eventRule:EventRule");
    const pattern = JSON.stringify(inputs["eventPattern"]);
    for (const word of ["ABORTED", "EXPIRED", "FAILED", "PARTIAL", "Copy Job State Change", "sourceBackupVaultArn"])
      ok(pattern.includes(word), word);
    equal(pattern.includes("COMPLETED"), false);
  });
});
