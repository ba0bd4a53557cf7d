import { defineRule } from "../../../rule";

export default defineRule({
  id: "trail-complete",
  title: "Trails record every region, and notice what is changed in them",
  severity: "medium",
  level: "mandatory",

  appliesTo: ["aws:cloudtrail/trail:Trail"],
  references: ["FSBP CloudTrail.1", "FSBP CloudTrail.4", "CKV_AWS_67", "CKV_AWS_36"],
  why: "Who wants to go unseen works in a region that nobody watches, or edits the log.",
  fix: "Set `isMultiRegionTrail` and `enableLogFileValidation` to true.",
  judge(resource, { fail, separately }) {
    separately(
      () => {
        const isMultiRegionTrail = resource.get("isMultiRegionTrail");
        if (isMultiRegionTrail.isNot(true)) fail(isMultiRegionTrail, "Other regions are not recorded.");
      },
      () => {
        const enableLogFileValidation = resource.get("enableLogFileValidation");
        if (enableLogFileValidation.isNot(true))
          fail(enableLogFileValidation, "Nobody notices when a log file is changed.");
      },
    );
  },
});
