import rule from "../../../../../policy/rules/aws/elasticache/redis-auth";
import { given, secret, specify, unknown } from "../../../spec";

const group = "aws:elasticache/replicationGroup:ReplicationGroup";

specify(rule, {
  passes: {
    "a token": given(group, { authToken: secret }),
    "a token that is not known yet": given(group, { authToken: unknown("urn#result") }),
    users: given(group, { userGroupIds: [unknown("urn#id")] }),
    "users of a serverless cache": given("aws:elasticache/serverlessCache:ServerlessCache", { userGroupId: "shop" }),
  },
  fails: {
    "a cache for everybody": [given(group, {}), "authToken"],
    "an empty list of users": [given(group, { userGroupIds: [] }), "authToken"],
  },
});
