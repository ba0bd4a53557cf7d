import type { PolicyConfiguration } from "../../policy/configuration";
import type { PresetName } from "./settings";

/** Where nobody pays for a second server, a rule that asks for one has nothing to stop. */
const oneServer = {
  "rds-multi-az": "one database server; `database.standby` makes it two",
  "cnpg-ha": "one database server; `database.standby` makes it two",
} as const;

/** Rules that ask for what a preset leaves out on purpose, and what that is: they advise there. */
export const leftOut: Readonly<Record<PresetName, Readonly<Record<string, string>>>> = {
  production: {},
  staging: {
    ...oneServer,
    "cnpg-backup": "no backups until `kubernetes.backupBucket` says where",
  },
  small: {
    ...oneServer,
    "cnpg-backup": "no backups until `kubernetes.backupBucket` says where",
    "alb-waf": "no firewall until `firewall` says what it lets through",
  },
  development: {
    ...oneServer,
    "alb-waf": "no firewall until `firewall` says what it lets through",
    "cnpg-backup": "no backups until `kubernetes.backupBucket` says where",
    "rds-backup": "backups of one day",
    "rds-final-snapshot": "a database that leaves nothing behind",
    "rds-protect": "a database that `pulumi destroy` may delete",
    "alb-protect": "a load balancer that `pulumi destroy` may delete",
  },
};

/**
 * How strict the rules are in a stack: the stack file, over what its preset chose. A stack file that says
 * `level: mandatory` wants the rules' own levels, whatever the preset.
 */
export function policiesOf(preset: PresetName, given: PolicyConfiguration = {}): PolicyConfiguration {
  if (given.level === "mandatory") return given;
  const advised = Object.keys(leftOut[preset]).map((rule) => [rule, { level: "advisory", ...given.rules?.[rule] }]);
  return { ...given, rules: { ...given.rules, ...Object.fromEntries(advised) } };
}
