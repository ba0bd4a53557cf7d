import rule from "../../../../../policy/rules/aws/rds/rds-force-ssl";
import { given, specify, unknown, urnOf } from "../../../spec";

const groupType = "aws:rds/parameterGroup:ParameterGroup";
const parameterGroupName = unknown(`${urnOf(groupType, "parameters")}#name`);
const postgres = (properties: Record<string, unknown>) =>
  given("aws:rds/instance:Instance", { engine: "postgres", engineVersion: "17.4", ...properties });
const group = (value: unknown, name = "rds.force_ssl") =>
  given(groupType, { parameters: [{ name, value }] }, { name: "parameters" });

specify(rule, {
  passes: {
    "a group that forces TLS": [postgres({ parameterGroupName, engineVersion: "14" }), group("1")],
    "a version that forces it by itself": postgres({}),
    "a group that leaves that alone": [postgres({ parameterGroupName }), group("200", "max_connections")],
    "an engine without such a setting": given("aws:rds/instance:Instance", { engine: "oracle-ee" }),
  },
  fails: {
    "a group that turns it off": [[postgres({ parameterGroupName }), group("0")], "parameterGroupName"],
    "an old version by itself": [postgres({ engineVersion: "14.9" }), "parameterGroupName"],
    "MySQL 8.0": [given("aws:rds/instance:Instance", { engine: "mysql", engineVersion: "8.0" }), "parameterGroupName"],
  },
  open: {
    "a group of somebody else": [postgres({ parameterGroupName: "shared" }), "parameterGroupName"],
    "a value that is not known": [[postgres({ parameterGroupName }), group(unknown())], "parameters[0].value"],
  },
});
