import rule from "../../../../../policy/rules/aws/iam/iam-admin-attach";
import { given, specify, unknown } from "../../../spec";

const admin = "arn:aws:iam::aws:policy/AdministratorAccess";
const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

specify(rule, {
  passes: {
    "a narrow policy": given(attachment, {
      policyArn: "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
    }),
    "a policy of this program": given(attachment, { policyArn: unknown("urn#arn") }),
  },
  fails: {
    "an attachment": [given(attachment, { policyArn: admin }), "policyArn"],
    "an attachment to users": [
      given("aws:iam/userPolicyAttachment:UserPolicyAttachment", { policyArn: admin }),
      "policyArn",
    ],
    "an exclusive list": [
      given("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", { policyArns: [admin] }),
      "policyArns[0]",
    ],
    "the list of a role": [
      given("aws:iam/role:Role", { managedPolicyArns: ["arn:aws:iam::aws:policy/PowerUserAccess"] }),
      "managedPolicyArns[0]",
    ],
  },
  open: {
    "a list that is not known": [given("aws:iam/role:Role", { managedPolicyArns: unknown() }), "managedPolicyArns"],
  },
});
