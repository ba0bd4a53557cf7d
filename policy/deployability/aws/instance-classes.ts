/**
 * Classes and node types that there are, by family. A family that is not here is not known: either a typing error, or newer
 * than this table, or one that the engine no longer runs on.
 */

const upTo16 = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"];
const upTo24 = [...upTo16, "24xlarge"];
const upTo32 = [...upTo24, "32xlarge"];
const upTo48 = [...upTo24, "48xlarge"];
const burstable = ["micro", "small", "medium", "large", "xlarge", "2xlarge"];

/**
 * RDS for PostgreSQL 15 and newer, which leaves m4, r4, t2 and what came before them.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Support.html, as of November 2026.
 */
const rdsFamilies: Readonly<Record<string, readonly string[]>> = {
  ...families(["t3", "t4g"], burstable),
  ...families(["m6g", "m6gd", "m7g", "r6g", "r6gd", "r7g", "x2g"], upTo16),
  ...families(["m5", "m5d", "r5", "r5b", "r5d"], upTo24),
  ...families(["m6i", "m6id", "m6idn", "m6in", "r6i", "r6id", "r6idn", "r6in"], upTo32),
  ...families(["m7i", "m8a", "m8g", "m8gd", "m9g", "r7i", "r8a", "r8g", "r8gd"], upTo48),
  x2idn: ["16xlarge", "24xlarge", "32xlarge"],
  x2iedn: ["xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge", "24xlarge", "32xlarge"],
};

/**
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html, as of November 2026. Without t2, of
 * which there are no new ones.
 */
const cacheFamilies: Readonly<Record<string, readonly string[]>> = {
  ...families(["t3", "t4g"], ["micro", "small", "medium"]),
  ...families(["m6g", "m7g", "m8g", "r6g", "r7g", "r8g", "c7gn", "c8gn"], upTo16),
  ...families(["m5", "r5"], ["large", "xlarge", "2xlarge", "4xlarge", "12xlarge", "24xlarge"]),
  m4: ["large", "xlarge", "2xlarge", "4xlarge", "10xlarge"],
  r4: ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"],
  r6gd: ["xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"],
};

export const isRdsPostgresClass = (name: string): boolean => isIn(rdsFamilies, "db", name);
export const isCacheNodeType = (name: string): boolean => isIn(cacheFamilies, "cache", name);

function families(names: readonly string[], sizes: readonly string[]): Record<string, readonly string[]> {
  return Object.fromEntries(names.map((name) => [name, sizes]));
}

function isIn(table: Readonly<Record<string, readonly string[]>>, prefix: string, name: string): boolean {
  const [first, family = "", size = "", ...rest] = name.split(".");
  return first === prefix && rest.length === 0 && table[family]?.includes(size) === true;
}
