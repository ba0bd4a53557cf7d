import { type Input, ComponentResource, output, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { Environment } from "../shared/environment";
import type { SignalSource } from "../monitoring/contract";
import type { SecretRef } from "../secrets/contract";
import type { Database } from "./contract";

export interface ExternalPostgresArgs {
  /** Address without a password. @example "postgres://app@db.example.com:5432/app" */
  readonly url: Input<string>;
  /** Where the password is. @example { store: "kubernetes", secret: "shop-database", key: "password" } */
  readonly password: SecretRef;
  /**
   * Authority that signed the server's certificate.
   *
   * @default the public ones that Node trusts
   * @example { store: "kubernetes", secret: "shop-database", key: "ca.crt" }
   */
  readonly certificateAuthority?: SecretRef;
}

/**
 * A PostgreSQL that exists and that somebody else looks after. It creates nothing, watches nothing and costs nothing
 * here; the application asks for TLS with a certificate that names the host.
 */
export class ExternalPostgres extends ComponentResource implements Database {
  readonly url: Output<string>;
  readonly password: SecretRef;
  readonly environment: Environment;
  readonly signals: readonly SignalSource[] = [];
  readonly restore: Output<string>;

  constructor(name: string, args: ExternalPostgresArgs, options?: ComponentResourceOptions) {
    super("slipway:database:ExternalPostgres", name, {}, options);

    // At once, where the address is known.
    const url = typeof args.url === "string" ? refusePassword(args.url) : output(args.url).apply(refusePassword);
    this.url = output(url);
    this.password = args.password;
    this.environment = {
      DATABASE_URL: url,
      DATABASE_PASSWORD: args.password,
      ...(args.certificateAuthority === undefined ? {} : { DATABASE_CA: args.certificateAuthority }),
      DATABASE_TLS: "verify-full",
    };
    this.restore = this.url.apply((url) => `The operator of ${new URL(url).host} restores it.`);
    this.registerOutputs({ url: this.url, restore: this.restore });
  }
}

function refusePassword(url: string): string {
  if (new URL(url).password !== "") {
    throw new Error(
      "url: the address holds a password, which every manifest and log would show: give it as `password`",
    );
  }
  return url;
}
