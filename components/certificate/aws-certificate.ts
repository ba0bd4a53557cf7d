import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { SignalSource } from "../monitoring/contract";
import { type ChildTransforms, transforming } from "../shared/transform";

export interface AwsCertificateArgs {
  /** Region of the stack. @example "eu-central-1" */
  readonly region: string;
  /**
   * Host names, the main one first. No wildcards: a stolen key should open one site.
   * @example ["shop.example.com", "www.shop.example.com"]
   */
  readonly names: readonly string[];
  /** Route 53 zone that holds all of the names. @example "Z0123456789ABCDEFGHIJ" */
  readonly hostedZoneId: pulumi.Input<string>;
  /** Also a certificate in us-east-1, where CloudFront looks for it. @example true */
  readonly edge: boolean;
  /** Changes to the children, before they are created. @default none @example see {@link ChildTransforms} */
  readonly transform?: ChildTransforms;
}

export interface AwsExistingCertificateArgs {
  /** Region of {@link arn}. @example "eu-central-1" */
  readonly region: string;
  /** For the load balancer. @example "arn:aws:acm:eu-central-1:111122223333:certificate/1" */
  readonly arn: pulumi.Input<string>;
  /** For CloudFront, in us-east-1. @default none @example "arn:aws:acm:us-east-1:111122223333:certificate/2" */
  readonly edgeArn?: pulumi.Input<string>;
}

/**
 * Certificates from ACM, validated and renewed through DNS records in a Route 53 zone. Free.
 *
 * ACM asks for the same record in every region, so one record per name serves both certificates.
 */
export class AwsCertificate extends pulumi.ComponentResource {
  /** For the load balancer. Waits until it is issued. */
  readonly arn: pulumi.Output<string>;
  /** For CloudFront, when asked for. */
  readonly edgeArn: pulumi.Output<string> | undefined;
  readonly signals: readonly SignalSource[];

  constructor(name: string, args: AwsCertificateArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:certificate:AwsCertificate", name, {}, transforming(options, args.transform));
    const child = { parent: this };

    const certificate = createCertificate(name, args.region);
    const records = createRecords();
    this.arn = issued(name, certificate, args.region);
    const edge = args.edge && args.region !== "us-east-1" ? createCertificate(`${name}-edge`, "us-east-1") : undefined;
    this.edgeArn = args.edge ? (edge === undefined ? this.arn : issued(`${name}-edge`, edge, "us-east-1")) : undefined;
    this.signals = certificateSignals(name, args.region, certificate.arn, edge?.arn);
    this.registerOutputs({ arn: this.arn, edgeArn: this.edgeArn });

    function createCertificate(certificateName: string, region: string): aws.acm.Certificate {
      const [domainName, ...others] = args.names;
      if (domainName === undefined) throw new Error(`${name}: names is empty: expected at least one host name`);
      return new aws.acm.Certificate(
        certificateName,
        {
          domainName,
          ...(others.length === 0 ? {} : { subjectAlternativeNames: others }),
          region,
          validationMethod: "DNS",
        },
        child,
      );
    }

    function createRecords(): aws.route53.Record[] {
      return args.names.map((hostname) => {
        // ACM does not keep the order of the names.
        const option = certificate.domainValidationOptions.apply((found) =>
          found.find(({ domainName }) => domainName === hostname),
        );
        const text = (part: pulumi.Output<string | undefined>): pulumi.Output<string> =>
          part.apply((value) => value ?? "");
        return new aws.route53.Record(
          `${name}-${hostname}`,
          {
            zoneId: args.hostedZoneId,
            name: text(option.apply((found) => found?.resourceRecordName)),
            type: "CNAME",
            ttl: 300,
            records: [text(option.apply((found) => found?.resourceRecordValue))],
            // ACM asks every certificate of an account for the same record: another one may have made it.
            allowOverwrite: true,
          },
          child,
        );
      });
    }

    function issued(certificateName: string, of: aws.acm.Certificate, region: string): pulumi.Output<string> {
      return new aws.acm.CertificateValidation(
        certificateName,
        { certificateArn: of.arn, region, validationRecordFqdns: records.map((record) => record.fqdn) },
        child,
      ).certificateArn;
    }
  }

  /** Certificates that exist, and that somebody else renews: they are watched. */
  static get(name: string, args: AwsExistingCertificateArgs): Pick<AwsCertificate, "arn" | "edgeArn" | "signals"> {
    const { arn, edgeArn } = args;
    return {
      arn: pulumi.output(arn),
      edgeArn: edgeArn === undefined ? undefined : pulumi.output(edgeArn),
      signals: certificateSignals(name, args.region, arn, edgeArn),
    };
  }
}

/**
 * What is watched of certificates: that of the load balancer, and CloudFront's where it is another one. Its days are counted in
 * us-east-1, where it is.
 */
function certificateSignals(
  name: string,
  region: string,
  arn: pulumi.Input<string>,
  edgeArn?: pulumi.Input<string>,
): SignalSource[] {
  const source: SignalSource = { kind: "certificate", name, identifiers: { CertificateArn: arn } };
  if (edgeArn === undefined) return [source];
  const edge: SignalSource = { ...source, name: `${name}-edge`, identifiers: { CertificateArn: edgeArn } };
  return [source, region === "us-east-1" ? edge : { ...edge, region: "us-east-1" }];
}
