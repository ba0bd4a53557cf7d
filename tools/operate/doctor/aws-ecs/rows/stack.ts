import { missing, present } from "../../answers";
import type { Answer } from "../../contract";
import type { Facts, Row } from "../facts";

export const stackRows: readonly Row[] = [
  {
    id: "hosted-zone",
    needs: "the public zone of the domain",
    when: "`tls.hostedZoneId`",
    asked: "aws route53 get-hosted-zone --id ZONE",
    remedy: "name the zone that the domain is in",
    applies: ({ settings }) => settings.tls.hostedZoneId !== undefined,
    async ask({ aws, settings: { domain, tls } }) {
      const find = `aws route53 list-hosted-zones-by-name --dns-name ${domain}`;
      const { HostedZone } = await orMissing(
        aws<{ HostedZone: { readonly Name: string; readonly Config?: { readonly PrivateZone?: boolean } } }>(
          ...["route53", "get-hosted-zone", "--id", tls.hostedZoneId!],
        ),
        { HostedZone: undefined },
      );
      if (HostedZone === undefined) return missing(`${tls.hostedZoneId} is no zone of this account`, find);
      const name = HostedZone.Name.replace(/\.$/, "");
      if (HostedZone.Config?.PrivateZone === true) return missing(`${name} is a private zone`, find);
      return domain === name || domain.endsWith(`.${name}`)
        ? present(name)
        : missing(`it is the zone of ${name}, and ${domain} is not in it`, find);
    },
  },
  {
    id: "certificates",
    needs: "certificates that are issued, for the domain",
    when: "`tls.certificateArn`, `tls.cdnCertificateArn`",
    asked: "aws acm describe-certificate --certificate-arn ARN",
    remedy: "wait for, or renew, the certificate",
    applies: ({ settings: { tls } }) => (tls.certificateArn ?? tls.cdnCertificateArn) !== undefined,
    ask: askCertificates,
  },
  {
    id: "secrets",
    needs: "the secrets that the stack file refers to",
    when: "`secrets.NAME.reference`",
    asked: "aws secretsmanager describe-secret --secret-id ARN",
    remedy: "make them, or correct the reference",
    applies: (facts) => references(facts).length > 0,
    ask: askSecrets,
  },
  {
    id: "image",
    needs: "the image in its repository",
    when: "`image` in Amazon ECR",
    asked: "aws ecr describe-images --repository-name NAME --image-ids imageTag=TAG",
    remedy: "push it, or correct the reference",
    applies: ({ settings }) => ecr.test(settings.image ?? ""),
    ask: askImage,
  },
];

async function askCertificates({ aws, settings: { domain, tls } }: Facts): Promise<Answer> {
  const wrong: string[] = [];
  for (const arn of [tls.certificateArn, tls.cdnCertificateArn]) {
    if (arn === undefined) continue;
    const { Certificate } = await orMissing(
      aws<{ Certificate: { readonly Status: string; readonly SubjectAlternativeNames?: readonly string[] } }>(
        ...["acm", "describe-certificate", "--certificate-arn", arn, "--region", arn.split(":")[3]!],
      ),
      { Certificate: { Status: "not there" } },
    );
    const names = "SubjectAlternativeNames" in Certificate ? (Certificate.SubjectAlternativeNames ?? []) : [];
    if (Certificate.Status !== "ISSUED") wrong.push(`${arn} is ${Certificate.Status}`);
    else if (!names.some((name) => covers(name, domain))) wrong.push(`${arn} is of ${names.join(", ")}`);
  }
  return wrong.length === 0
    ? present(`issued for ${domain}`)
    : missing(wrong.join("; "), `aws acm request-certificate --validation-method DNS --domain-name ${domain}`);
}

/** `*.example.com` covers one label more, and not the domain itself. */
function covers(name: string, domain: string): boolean {
  return name === domain || (name.startsWith("*.") && domain.split(".").slice(1).join(".") === name.slice(2));
}

function references({ settings }: Facts): string[] {
  return Object.values(settings.secrets).flatMap((source) =>
    typeof source === "object" && "reference" in source && source.reference.includes(":secretsmanager:")
      ? [source.reference]
      : [],
  );
}

/** An ARN may be followed by a key of the secret's JSON, a stage and a version. */
async function askSecrets(facts: Facts): Promise<Answer> {
  const secrets = [...new Set(references(facts).map((reference) => reference.split(":").slice(0, 7).join(":")))];
  const lacking: string[] = [];
  for (const arn of secrets) {
    const found = await orMissing(
      facts.aws<{ readonly DeletedDate?: string }>(
        ...["secretsmanager", "describe-secret", "--secret-id", arn, "--region", arn.split(":")[3]!],
      ),
      undefined,
    );
    if (found === undefined || found.DeletedDate !== undefined) lacking.push(arn);
  }
  return lacking.length === 0
    ? present(`${secrets.length} found; their values were not read`)
    : missing(
        `not found, or deleted: ${lacking.join(", ")}`,
        ...lacking.map(
          (arn) =>
            `aws secretsmanager create-secret --name ${arn.split(":")[6]!.replace(/-\w{6}$/, "")} --secret-string file:///dev/stdin`,
        ),
      );
}

const ecr = /^(\d{12})\.dkr(?:\.ecr|-ecr)(?:-fips)?\.([a-z0-9-]+)\.[a-z.]+\/([^:@]+)(?::([^@]+))?(?:@(.+))?$/;

async function askImage({ aws, settings }: Facts): Promise<Answer> {
  const [, account = "", region = "", repository = "", tag, digest] = ecr.exec(settings.image!)!;
  const id = digest === undefined ? `imageTag=${tag}` : `imageDigest=${digest}`;
  const args = ["--registry-id", account, "--repository-name", repository, "--image-ids", id, "--region", region];
  const error = await aws("ecr", "describe-images", ...args).then(
    () => undefined,
    (reason: Error) => reason.message,
  );
  if (error === undefined) return present(`${repository} has ${tag ?? digest}`);
  if (!/ImageNotFound|RepositoryNotFound/.test(error)) throw new Error(error);
  return missing(`${repository} has no ${tag ?? digest}`, `docker push ${settings.image!.split("@")[0]}`);
}

/** What stands for an answer of AWS that there is no such thing. Any other error, such as no permission to ask, is thrown. */
function orMissing<T, Absent>(asked: Promise<T>, absent: Absent): Promise<T | Absent> {
  return asked.catch((error: Error) => {
    if (/ResourceNotFoundException|NoSuchHostedZone/.test(error.message)) return absent;
    throw error;
  });
}
