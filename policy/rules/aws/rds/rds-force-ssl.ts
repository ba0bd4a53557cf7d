import type { Resource } from "../../../resource";
import { defineRule } from "../../../rule";
import type { Stack } from "../../../stack";
import { aws } from "../types";
import { isCluster } from "./databases";

interface Engine {
  readonly parameter: string;
  /** From this version on AWS forces TLS unless a parameter group says otherwise. */
  readonly forcedSince: number;
}

// Sources: "Using SSL with a PostgreSQL DB instance" (on by default from 15) and "Requiring SSL/TLS for
// specific accounts and all connections" (MySQL 8.4, MariaDB 11.8), Amazon RDS user guide.
const engines: readonly [RegExp, Engine][] = [
  [/^postgres$/, { parameter: "rds.force_ssl", forcedSince: 15 }],
  [/^aurora-postgresql$/, { parameter: "rds.force_ssl", forcedSince: 17 }],
  [/^(mysql|aurora-mysql)$/, { parameter: "require_secure_transport", forcedSince: 8.4 }],
  [/^mariadb$/, { parameter: "require_secure_transport", forcedSince: 11.8 }],
];

export default defineRule({
  id: "rds-force-ssl",
  title: "Databases refuse connections without TLS",
  severity: "high",
  level: "mandatory",
  scope: "stack",
  appliesTo: [...aws.dbInstance, "aws:rds/cluster:Cluster"],
  references: ["FSBP RDS.38", "FSBP RDS.39"],
  why: "A client that forgets TLS sends its password and its rows in the clear, and nobody notices.",
  fix: "Set `rds.force_ssl` (PostgreSQL) or `require_secure_transport` (MySQL, MariaDB) to 1 in the parameter group.",
  judge(database, { fail, cannotJudge, stack }) {
    const name = database.get("engine").string() ?? "";
    const engine = engines.find(([pattern]) => pattern.test(name))?.[1];
    if (!engine) return;
    const property = isCluster(database) ? "dbClusterParameterGroupName" : "parameterGroupName";
    const group = database.get(property);
    const forcedByDefault = versionOf(database) >= engine.forcedSince;
    const given = groupOf(database, property, stack);
    if (given) {
      const parameter = given
        .get("parameters")
        .items()
        .find((one) => one.get("name").is(engine.parameter));
      const forced = parameter ? parameter.get("value").is(1, true, "ON", "on") : forcedByDefault;
      if (!forced) fail(group, "The parameter group does not force TLS.");
    } else if (group.isUnknown || (group.present && !group.text()?.startsWith("default."))) {
      cannotJudge(group, "the parameter group is not part of this stack");
    } else if (!forcedByDefault) fail(group, "The engine's default parameters do not force TLS.");
  },
});

/** The version, or the newest there is when the program leaves the choice to AWS. */
function versionOf(database: Resource): number {
  return Number.parseFloat(database.get("engineVersion").string() ?? "") || Number.POSITIVE_INFINITY;
}

function groupOf(database: Resource, property: string, stack: Stack): Resource | undefined {
  const groups = stack.ofType(
    "aws:rds/parameterGroup:ParameterGroup",
    "aws:rds/clusterParameterGroup:ClusterParameterGroup",
  );
  return groups.find((group) => stack.names(database, property, group));
}
