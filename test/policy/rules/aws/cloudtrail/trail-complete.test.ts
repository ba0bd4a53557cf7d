import rule from "../../../../../policy/rules/aws/cloudtrail/trail-complete";
import { given, specify, unknown } from "../../../spec";

const type = "aws:cloudtrail/trail:Trail";

specify(rule, {
  passes: {
    "a whole one": given(type, { isMultiRegionTrail: true, enableLogFileValidation: true }),
  },
  fails: {
    "one of one region": [given(type, { enableLogFileValidation: true }), "isMultiRegionTrail"],
    "one without validation": [given(type, { isMultiRegionTrail: true }), "enableLogFileValidation"],
  },
  open: { "what is not known": [given(type, { isMultiRegionTrail: unknown("urn#x") }), "isMultiRegionTrail"] },
});
