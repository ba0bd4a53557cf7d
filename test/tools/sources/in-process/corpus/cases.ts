/** A habit of people who keep stack files, and the file that has it. */
export interface Case {
  readonly title: string;
  /** What is below `config:`, after the least that a stack of the target docker says. */
  readonly lines?: readonly string[];
  /** The stack file, whole, in place of that. */
  readonly file?: string;
  /** Pulumi.yaml, in place of the shipped one with `main` changed. */
  readonly project?: (shipped: string) => string;
  /** Path of the stack file. Default: `Pulumi.test.yaml`. */
  readonly at?: string;
  /** Folder in which the command runs. Default: the project's. */
  readonly cwd?: string;
  /** Without it in the file: target, domain and image. */
  readonly bare?: boolean;
}

/** Of the passphrase `test`; so are the values. */
const salt = "encryptionsalt: v1:JufTYkwCT5Q=:v1:OHmKwBmX1Y1yvCs4:oof+s9Bh4NjzDts/b13YOrTGonmykw==";
const secure = "{ secure: v1:AdIj9OHEkq4RCmb4:slbbjK2IEG0c6tgR3ZZNpZS+QdhytqveE3kNDvrpVBPIu8NTrCWYJbRXmQavTkdNHQ== }";
const secureObject = "{ secure: v1:M1ZTKaXe/ONu7Pnk:+/EUSfLV5ZCXgzHHXFzY/J1ogseJMXwyTA== }";
export const encryptedValue = "hunter2";

const least = [
  "slipway:target: docker",
  "slipway:domain: shop.example.com",
  "slipway:image: ghcr.io/acme/shop:1.4.2",
  "slipway:docker: { backupsOnThisHostOnly: true }",
];

export function stackFileOf({ file, lines = [], bare = false }: Case): string {
  return file ?? `${[salt, "config:", ...[...(bare ? [] : least), ...lines].map((line) => `  ${line}`)].join("\n")}\n`;
}

const named = (title: string, ...lines: readonly string[]): Case => ({ title, lines });

export const cases: readonly Case[] = [
  named("the least"),
  named("a section in block style", "slipway:service:", "  minReplicas: 3", "  maxReplicas: 3"),
  named("a section in flow style", "slipway:service: { minReplicas: 3, maxReplicas: 3 }"),
  named("a section as JSON in quotes", `slipway:service: '{"minReplicas":3,"maxReplicas":3}'`),
  named(
    "a merge key",
    "shop:common: &common { minReplicas: 3, maxReplicas: 4 }",
    "slipway:service:",
    "  <<: *common",
    "  maxReplicas: 3",
  ),
  named(
    "a list of merge keys",
    "shop:a: &a { minReplicas: 3 }",
    "shop:b: &b { minReplicas: 4, maxReplicas: 3 }",
    "slipway:service: { <<: [*a, *b] }",
  ),
  named("an alias for a section", "shop:a: &a { minReplicas: 3, maxReplicas: 3 }", "slipway:service: *a"),
  named("a number with a leading zero", "slipway:service: { port: 010000 }"),
  named("a number with a leading zero that is no octal", "slipway:service: { port: 08000 }"),
  named("a number in groups", "slipway:service: { maxConcurrentRequests: 1_000 }"),
  named("a hexadecimal number", "slipway:service: { port: 0x1F90 }"),
  named("a number with an exponent", "slipway:service: { port: 3e3 }"),
  named("a whole number with a fraction of nothing", "slipway:service: { port: 3000.0 }"),
  named("half a number", "slipway:service: { graceSeconds: 2.5 }"),
  named("a number in quotes", `slipway:service: { port: "3000" }`),
  named("a number of more than 53 bits", "slipway:service: { port: 12345678901234567890 }"),
  named("a version without quotes", "slipway:database: { version: 17 }"),
  named("a boolean in capitals", "slipway:database: { protect: TRUE }"),
  named("yes for a boolean", "slipway:database: { protect: yes }"),
  named("a boolean in quotes", `slipway:database: { protect: "true" }`),
  named("a boolean among variables", "slipway:service: { environment: { FLAG: true } }"),
  named("on among variables, which is text", "slipway:service: { environment: { FLAG: on } }"),
  named("a number among variables", "slipway:service: { environment: { FLAG: 0100 } }"),
  named("nothing among variables", "slipway:service: { environment: { FLAG: } }"),
  named("a date among variables", "slipway:service: { environment: { DAY: 2027-03-31 } }"),
  named("a date in quotes among variables", `slipway:service: { environment: { DAY: "2027-03-31" } }`),
  named("a moment among variables", "slipway:service: { environment: { DAY: 2027-03-31T10:00:00Z } }"),
  named("a date that no calendar has", "slipway:service: { environment: { DAY: 2027-02-30 } }"),
  named("a time among variables", "slipway:service: { environment: { TIME: 12:30:45 } }"),
  named(
    "a date in an exemption",
    "slipway:policies: { exemptions: [{ rule: docker-rofs, resource: x, reason: because it has to be so, expires: 2027-03-31 }] }",
  ),
  named("text over several lines", "slipway:service:", "  environment:", "    TEXT: |", "      a", "      b"),
  named("a tag", "slipway:service: { environment: { TEXT: !!str 12 } }"),
  named("a section with nothing below it", "slipway:service:"),
  named("a tilde for a section", "slipway:service: ~"),
  named("text for a section", "slipway:service: big"),
  named("a list for a section", "slipway:service: [1]"),
  named("an empty section", "slipway:service: {}"),
  named("an empty text for a scalar", `slipway:preset: ""`),
  named("nothing for a scalar", "slipway:preset:"),
  named("a mapping for a scalar", "slipway:preset: { a: b }"),
  named("a key twice", "slipway:preset: staging", "slipway:preset: staging"),
  named("a tab", "slipway:service:", "\tport: 1"),
  named("a typing error", "slipway:servce: { port: 1 }"),
  named("a key of nobody", "other:thing: 1"),
  {
    title: "keys without a namespace, which is the project's name",
    bare: true,
    lines: least.map((line) => line.replace("slipway:", "")),
  },
  { title: "several documents", file: `${stackFileOf({ title: "" })}---\nconfig:\n  slipway:preset: wrong\n` },
  { title: "a byte-order mark", file: `\uFEFF${stackFileOf({ title: "" })}` },
  { title: "line ends of Windows", file: stackFileOf({ title: "" }).replaceAll("\n", "\r\n") },
  { title: "no configuration", file: `${salt}\n` },
  { title: "an empty configuration", file: `${salt}\nconfig:\n` },
  { title: "a list for the configuration", file: `${salt}\nconfig: [1]\n` },
  named("an encrypted secret", `slipway:secrets: { TOKEN: ${secure} }`),
  named("a secret in plain text", "slipway:secrets: { TOKEN: abc }"),
  named("all secrets encrypted as one", `slipway:secrets: ${secureObject}`),
  named("an encrypted variable", `slipway:service: { environment: { HOOK: ${secure} } }`),
  named("an encrypted webhook", `slipway:monitoring: { webhook: ${secure} }`),
  named("an encrypted address in a list", `slipway:monitoring: { emails: [${secure}] }`),
  {
    title: "an encrypted domain",
    bare: true,
    lines: [...least.filter((line) => !line.includes("domain")), `slipway:domain: ${secure}`],
  },
  named("an encrypted value beside a wrong one", `slipway:monitoring: { webhook: ${secure}, errorPercent: 99 }`),
  named("a setting that cannot act", "slipway:network: { nat: one }"),
  {
    title: "stack files in a folder of their own",
    project: (shipped) => `${shipped}stackConfigDir: deploy\n`,
    at: "deploy/Pulumi.test.yaml",
  },
  { title: "a subfolder", cwd: "deep/er" },
  {
    title: "a project with another name",
    project: (shipped) => shipped.replace("name: slipway", "name: shop"),
    lines: ["slipway:service:"],
  },
  {
    title: "a project with another name and its key",
    project: (shipped) => shipped.replace("name: slipway", "name: shop"),
    lines: ["preset: staging"],
  },
  named("a binary number", "slipway:service: { port: 0b111110100 }"),
  named("an octal number of YAML 1.2", "slipway:service: { port: 0o5670 }"),
  named("a number with a sign", "slipway:service: { port: +3000 }"),
  named("infinity for a number", "slipway:service: { port: .inf }"),
  named("a fraction without a nought", "slipway:service: { port: .5 }"),
  named("a version among variables, without quotes", "slipway:service: { environment: { APP_VERSION: 1.10 } }"),
  named("a hexadecimal number among variables", "slipway:service: { environment: { FLAG: 0x1F } }"),
  named("a number with an exponent among variables", "slipway:service: { environment: { FLAG: 1e3 } }"),
  named("a big number among variables", "slipway:service: { environment: { FLAG: 12345678901234567890 } }"),
  named("an account number among variables", "slipway:service: { environment: { ACCOUNT: 123456789012 } }"),
  named("no number among variables", "slipway:service: { environment: { FLAG: .nan } }"),
  named("a tilde among variables", "slipway:service: { environment: { FLAG: ~ } }"),
  named("a tilde in quotes among variables", `slipway:service: { environment: { FLAG: "~" } }`),
  named("a number for the name of a variable", "slipway:service: { environment: { 1: a } }"),
  named("a boolean for the name of a variable", "slipway:service: { environment: { true: a } }"),
  named("y for the name of a variable", "slipway:service: { environment: { y: a } }"),
  named("a dollar among variables, which nobody fills in", "slipway:service: { environment: { HOME_OF: '${HOME}' } }"),
  named("a key twice in a section", "slipway:service: { port: 4000, port: 5000 }"),
  named("a key in quotes", `"slipway:preset": staging`),
  named("a key in capitals", "Slipway:preset: staging"),
  named("a key with a dot for a path", "slipway:service.port: 4000"),
  named("a space after a value", `slipway:preset: "staging "`),
  named("a merge key of text", "slipway:service: { <<: big }"),
  named("an alias for nothing", "slipway:service: *nobody"),
  named("a tag of nobody", "slipway:service: { environment: { TEXT: !secret abc } }"),
  named("a binary tag", "slipway:service: { environment: { TEXT: !!binary aGVsbG8= } }"),
  named("a tag that makes a number a text", "slipway:service: { port: !!int '4000' }"),
  named("a tag that makes no number", "slipway:service: { port: !!int abc }"),
  named("a set", "slipway:service: { environment: !!set { A } }"),
  named("folded text", "slipway:service:", "  environment:", "    TEXT: >-", "      a", "      b"),
  named("an escape", `slipway:service: { environment: { TEXT: "\\u0041\\t" } }`),
  named("an anchor outside of the configuration, before it", "slipway:service: { minReplicas: &n 3, maxReplicas: *n }"),
  {
    title: "an anchor at the top of the file",
    file: stackFileOf({ title: "", lines: ["slipway:service: *common"] }).replace(
      "config:",
      "x-common: &common { minReplicas: 3, maxReplicas: 3 }\nconfig:",
    ),
  },
  { title: "a directive", file: `%YAML 1.2\n---\n${stackFileOf({ title: "" })}` },
  { title: "a directive of the version that Go takes", file: `%YAML 1.1\n---\n${stackFileOf({ title: "" })}` },
  { title: "a comment and nothing else", file: "# nothing yet\n" },
  { title: "an empty file", file: "" },
  { title: "text for a file", file: "nothing yet\n" },
  { title: "a list for a file", file: "- config\n" },
  {
    title: "the configuration twice",
    file: `${stackFileOf({ title: "" })}config:\n  slipway:preset: staging\n`,
  },
  {
    title: "values of the project's own",
    project: (shipped) => shipped.replace("\nconfig:\n", "\nconfig:\n  shop:team: blue\n"),
  },
  {
    title: "stack files in a folder, with a slash after it",
    project: (shipped) => `${shipped}stackConfigDir: ./deploy/\n`,
    at: "deploy/Pulumi.test.yaml",
  },
];
