import { valkeyConfiguration } from "../../../components/cache/docker-valkey";
import type { Plan, PlanResource } from "../../plan/plan";
import type { ComposeFile } from "./compose-files";

export interface ComposeSecret {
  readonly name: string;
  /** The files that the commands make, when one of them is missing. Empty: they are run each time. */
  readonly files: readonly string[];
  /** Shell commands. `keep FILE` writes its input to a file that only the containers and this user reach. */
  readonly how: readonly string[];
}

/** How a person makes a secret whose value only Pulumi's state has: as the stack does, or from a variable of the shell. */
export function howToMake(plan: Plan, file: ComposeFile): ComposeSecret {
  for (const recipe of [fromCachePassword, selfSigned, password, bytes]) {
    const made = recipe(plan, file);
    if (made !== undefined) return { name: file.name, files: [file.path], ...made };
  }
  return { name: file.name, files: [file.path], how: [given(file)] };
}

type Recipe = (
  plan: Plan,
  file: ComposeFile,
) => { readonly files?: readonly string[]; readonly how: readonly string[] } | undefined;

/** The server's configuration repeats the password: made anew each time, or a new password would miss it. */
const fromCachePassword: Recipe = (_, { owner, key, path }) => {
  if (owner.type !== "slipway:cache:DockerValkey" || key !== "configuration") return undefined;
  const source = path.replace(/configuration$/, "password");
  const lines = valkeyConfiguration(`$(cat ${source})`).trimEnd().replaceAll('"', '\\"').split("\n");
  return { files: [], how: [`printf '%s\\n' ${lines.map((line) => `"${line}"`).join(" ")} | keep ${path}`] };
};

/** Certificate and key are a pair: the certificate's commands make both, and the key has none. */
const selfSigned: Recipe = (plan, { owner, key, path }) => {
  if (owner.type !== "slipway:container-service:DockerNginx") return undefined;
  const certificate = childOf(plan, owner, "tls:index/selfSignedCert:SelfSignedCert", "");
  if (certificate === undefined || !["certificate", "key"].includes(key)) return undefined;
  if (key === "key") return { how: [] };
  const keyPath = path.replace(/certificate$/, "key");
  const { dnsNames, validityPeriodHours } = certificate.inputs as unknown as CertificateInputs;
  return {
    files: [path, keyPath],
    how: [
      `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days ${validityPeriodHours / 24} \\`,
      `  -subj "/CN=${dnsNames[0]}" -addext "subjectAltName=${dnsNames.map((name) => `DNS:${name}`).join(",")}" \\`,
      `  -addext keyUsage=digitalSignature -addext extendedKeyUsage=serverAuth -keyout ${keyPath}.new -out ${path}.new`,
      `keep ${keyPath} <${keyPath}.new`,
      `keep ${path} <${path}.new`,
      `rm ${keyPath}.new ${path}.new`,
    ],
  };
};

interface CertificateInputs {
  readonly dnsNames: readonly string[];
  readonly validityPeriodHours: number;
}

const password: Recipe = (plan, { owner, key, path }) => {
  const found = childOf(plan, owner, "random:index/randomPassword:RandomPassword", key);
  return found && { how: [`openssl rand -hex ${found.inputs["length"] as number} | tr -d '\\n' | keep ${path}`] };
};

const bytes: Recipe = (plan, { owner, key, path }) => {
  const found = childOf(plan, owner, "random:index/randomBytes:RandomBytes", key);
  return found && { how: [`openssl rand -base64 ${found.inputs["length"] as number} | tr -d '\\n' | keep ${path}`] };
};

/** `EMAIL_API_KEY` for a secret of the application; `MONITORING_WEBHOOK` for one of a component. */
function given({ owner, key, name, path }: ComposeFile): string {
  const variable = (owner.type === "slipway:secrets:DockerSecrets" ? key : name).toUpperCase().replaceAll("-", "_");
  return `printf %s "\${${variable}-}" | keep ${path} ${variable}`;
}

function childOf(plan: Plan, owner: PlanResource, type: string, key: string): PlanResource | undefined {
  return plan.resources.find(
    (resource) =>
      resource.parent === owner.urn &&
      resource.type === type &&
      (key === "" || resource.name === `${owner.name}-${key}`),
  );
}
