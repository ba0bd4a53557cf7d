import { defineRule } from "../../../rule";
import { postgresCluster } from "../types";

export default defineRule({
  id: "cnpg-access",
  title: "PostgreSQL asks for a password, over TLS, and keeps its superuser to itself",
  severity: "high",
  level: "mandatory",
  appliesTo: [postgresCluster],
  references: ["CIS PostgreSQL 5", "CloudNativePG documentation, Security"],
  why: "A line `host … trust` lets every pod in without a password; a superuser can read files of the server.",
  fix: "Use `hostssl … scram-sha-256` in `postgresql.pg_hba`, and leave `enableSuperuserAccess` off.",
  judge(cluster, { each, fail, separately }) {
    separately(
      () => {
        const superuser = cluster.get("spec", "enableSuperuserAccess");
        if (superuser.is(true)) fail(superuser, "The superuser may connect from the network.");
      },
      () => {
        each(cluster.get("spec", "postgresql", "pg_hba").items(), (line) => {
          const words = (line.string() ?? "").trim().split(/\s+/);
          if (words.includes("trust") || words.includes("password"))
            fail(line, "Clients get in without a password, or send it in the clear.");
          else if (/^host(nossl)?$/.test(words[0] ?? "") && !words.includes("reject"))
            fail(line, "Clients get in without TLS.");
        });
      },
    );
  },
});
