/** A habit of people who keep stack files, and the file that has it. */
export interface Case {
  readonly title: string;
  /** What is below `config:`, after the least that a stack of the target docker says. */
  readonly lines?: readonly string[];
  /** The stack file, whole, in place of that. */
  readonly file?: string | Buffer;
  /** Pulumi.yaml, in place of the shipped one with `main` changed. */
  readonly project?: (shipped: string) => string;
  /** Path of the project's file. Default: `Pulumi.yaml`. */
  readonly projectAt?: string;
  /** Path of the stack file. Default: `Pulumi.test.yaml`. */
  readonly at?: string;
  /** Folder in which the command runs. Default: the project's. */
  readonly cwd?: string;
  /** The preview, which sees each value in the file, refuses what the engine's program cannot see. */
  readonly stricter?: boolean;
  /** Without it in the file: target, domain and image. */
  readonly bare?: boolean;
}

/** Of the passphrase `test`; so are the values. */
export const salt = "encryptionsalt: v1:JufTYkwCT5Q=:v1:OHmKwBmX1Y1yvCs4:oof+s9Bh4NjzDts/b13YOrTGonmykw==";
export const secure =
  "{ secure: v1:AdIj9OHEkq4RCmb4:slbbjK2IEG0c6tgR3ZZNpZS+QdhytqveE3kNDvrpVBPIu8NTrCWYJbRXmQavTkdNHQ== }";
export const secureObject = "{ secure: v1:M1ZTKaXe/ONu7Pnk:+/EUSfLV5ZCXgzHHXFzY/J1ogseJMXwyTA== }";
export const encryptedValue = "hunter2";

export const least = [
  "slipway:target: docker",
  "slipway:domain: shop.example.com",
  "slipway:image: ghcr.io/acme/shop:1.4.2",
  "slipway:docker: { backupsOnThisHostOnly: true }",
];

export function stackFileOf(each: Case): string | Buffer {
  return each.file ?? textOf(each);
}

export function textOf({ lines = [], bare = false }: Pick<Case, "lines" | "bare">): string {
  return `${[salt, "config:", ...[...(bare ? [] : least), ...lines].map((line) => `  ${line}`)].join("\n")}\n`;
}

export const named = (title: string, ...lines: readonly string[]): Case => ({ title, lines });
