import { defineRule } from "../../../rule";

export default defineRule({
  id: "ecr-scan",
  title: "Images are scanned when they are pushed",
  severity: "medium",
  level: "mandatory",
  appliesTo: ["aws:ecr/repository:Repository"],
  references: ["FSBP ECR.1", "CKV_AWS_163"],
  why: "Known vulnerabilities show before the image runs.",
  fix: "Set `imageScanningConfiguration.scanOnPush` to true.",
  judge(repository, { fail }) {
    const scan = repository.get("imageScanningConfiguration", "scanOnPush");
    if (scan.isNot(true)) fail(scan, "Images are not scanned on push.");
  },
  remediate: () => [{ property: "imageScanningConfiguration.scanOnPush", value: true }],
});
