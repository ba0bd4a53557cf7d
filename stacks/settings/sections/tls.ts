import { z } from "zod";
import { dnsProviders } from "../../../components/ingress/docker/dns-providers";
import * as format from "../formats";
import { flag, oneOf, text } from "../formats";

const why = { vercel: "Vercel gets and renews the certificate itself" };

export const tls = z
  .strictObject({
    hostedZoneId: text(
      {
        on: ["aws-ecs"],
        why,
        description: "Route 53 zone of the domain: certificate and DNS records are made in it.",
        example: "Z0123456789ABCDEFGHIJ",
      },
      format.matches(/^Z[A-Z0-9]{7,31}$/, "expected a hosted zone id such as Z0123456789ABCDEFGHIJ"),
    ).optional(),
    overwriteRecords: flag({
      on: ["aws-ecs"],
      why,
      description:
        "Take over records of the domain that exist in the zone: the site moves here the moment they are written. Default: `false`, and a record that exists is an error. docs/aws.md#a-domain-that-is-in-use",
    }).optional(),
    certificateArn: text(
      {
        on: ["aws-ecs"],
        why,
        description:
          "Certificate of the load balancer, in the stack's region, where there is no zone. With a CDN it covers origin.<domain> too.",
      },
      format.matches(
        /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]{36}$/,
        "expected the ARN of an ACM certificate",
      ),
    ).optional(),
    cdnCertificateArn: text(
      { on: ["aws-ecs"], why, description: "Certificate of CloudFront, in us-east-1, where there is no zone." },
      format.matches(
        /^arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate\/[0-9a-f-]{36}$/,
        "expected the ARN of an ACM certificate in us-east-1",
      ),
    ).optional(),
    hstsIncludeSubdomains: flag({
      on: ["aws-ecs"],
      why,
      description:
        "Tell browsers to use HTTPS for every name below the domain as well, for two years. Names that others run break where they have no certificate. Default: `false`.",
    }).optional(),
    issuer: text(
      { on: ["kubernetes"], why, description: "ClusterIssuer of cert-manager.", example: "letsencrypt" },
      format.kubernetesSubdomain,
    ).optional(),
    certificateFolder: text(
      {
        on: ["docker"],
        why,
        description:
          "Folder on the host with fullchain.pem and privkey.pem, which user 101 may read; not certbot's own: docs/docker.md#certificates. Default: a self-signed certificate.",
        example: "/etc/slipway-tls",
      },
      format.certificateFolder,
    ).optional(),
    acmeFolder: text(
      {
        on: ["docker"],
        why,
        description:
          "Folder on the host whose files nginx serves below /.well-known/acme-challenge/ on port 80, so that certbot or another client proves the domain (HTTP-01) while nginx keeps its port: docs/docker.md#certificates. Must exist.",
        example: "/var/lib/slipway-acme",
      },
      format.absolutePath("a folder"),
    ).optional(),
    acme: z
      .strictObject({
        email: text({ description: "Address for the account.", example: "ops@example.com" }, format.email),
        directoryUrl: text(
          {
            description:
              "Directory of the certificate authority. Default: Let's Encrypt. For trials: https://acme-staging-v02.api.letsencrypt.org/directory, which browsers do not trust.",
            example: "https://ca.example.com/acme/acme/directory",
          },
          format.matches(/^https:\/\/[^\s/?#@]+\/[^\s?#]*$/, "expected an https:// address"),
        ).optional(),
        rootCertificate: text(
          {
            description: "PEM file on the host with the root of an authority of your own. Default: the public ones.",
            example: "/etc/ssl/acme-root.pem",
          },
          format.absolutePath("a file"),
        ).optional(),
        dnsProvider: oneOf(dnsProviders, {
          description:
            "Prove the domain by a DNS record (DNS-01), by certbot's plugin of this name: for a host that the internet does not reach on port 80. Default: by a file on port 80 (HTTP-01).",
        }).optional(),
        dnsCredentials: text(
          {
            description:
              "Name of the secret in slipway:secrets that holds the plugin's credentials file. The application does not get it.",
            example: "CLOUDFLARE_INI",
          },
          format.matches(format.environmentName, "expected the name of a secret, such as CLOUDFLARE_INI"),
        ).optional(),
      })
      .meta({
        on: ["docker"],
        why: {
          ...why,
          "aws-ecs": "ACM issues and renews the certificate",
          kubernetes: "cert-manager does: tls.issuer",
        },
        description:
          "Get and renew the certificate from a certificate authority that speaks ACME, such as Let's Encrypt, by certbot beside nginx: docs/docker.md#certificates. Default: none.",
        example: { email: "ops@example.com" },
      })
      .optional(),
  })
  .meta({ description: "Certificates and who issues them." });
