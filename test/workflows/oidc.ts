import { createSign, createVerify, generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const issuer = "token.actions.githubusercontent.com";
const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });

export type Claims = Readonly<Record<string, string>>;

/** What makes a run: https://docs.github.com/en/actions/reference/security/oidc */
export interface Run {
  readonly repository?: string;
  readonly workflow: string;
  readonly event: "pull_request" | "push" | "schedule" | "workflow_dispatch";
  /** `refs/heads/main`; of a pull request `refs/pull/7/merge`. */
  readonly ref: string;
  readonly environment?: string;
}

/** The claims of a job's token, with GitHub's default subject. */
export function claimsOf({ repository = "acme/shop", workflow, event, ref, environment }: Run): Claims {
  const context =
    environment === undefined
      ? event === "pull_request"
        ? "pull_request"
        : `ref:${ref}`
      : `environment:${environment}`;
  return {
    sub: `repo:${repository}:${context}`,
    repository,
    ref,
    event_name: event,
    job_workflow_ref: `${repository}/.github/workflows/${workflow}@${ref}`,
    ...(environment !== undefined && { environment }),
  };
}

export interface TrustPolicy {
  readonly Statement: readonly {
    readonly Effect: string;
    readonly Principal: Readonly<Record<string, string>>;
    readonly Action: string;
    readonly Condition: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  }[];
}

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

export function signed(claims: Claims, audience: string, more: object = {}, key: KeyObject = keys.privateKey): string {
  const now = Math.floor(Date.now() / 1000);
  const body = { iss: `https://${issuer}`, aud: audience, nbf: now - 5, exp: now + 300, ...claims, ...more };
  const text = `${encoded({ alg: "RS256", typ: "JWT", kid: "1" })}.${encoded(body)}`;
  return `${text}.${createSign("RSA-SHA256").update(text).sign(key, "base64url")}`;
}

/**
 * Why STS would not give a role to the bearer of a token; undefined where it would. Only what these documents use is known,
 * and all else refuses: the evaluator of test/reference knows the subject and audience of a web identity as keys of no action.
 */
export function refusal(token: string, trust: TrustPolicy): string | undefined {
  const [head = "", body = "", signature = ""] = token.split(".");
  if (!createVerify("RSA-SHA256").update(`${head}.${body}`).verify(keys.publicKey, signature, "base64url"))
    return "InvalidIdentityToken: not signed by the issuer";
  const claims = JSON.parse(Buffer.from(body, "base64url").toString("utf8")) as Record<string, unknown>;
  if (Number(claims["exp"]) * 1000 < Date.now()) return "ExpiredTokenException";
  const met = (operator: string, wanted: Readonly<Record<string, string | readonly string[]>>) =>
    operator === "StringEquals" &&
    Object.entries(wanted).every(
      ([key, value]) =>
        key.startsWith(`${issuer}:`) && [value].flat().includes(String(claims[key.slice(issuer.length + 1)])),
    );
  const allowed = trust.Statement.some(
    ({ Effect, Principal, Action, Condition }) =>
      Effect === "Allow" &&
      Action === "sts:AssumeRoleWithWebIdentity" &&
      Principal["Federated"]?.endsWith(`:oidc-provider/${issuer}`) === true &&
      Object.entries(Condition).every(([operator, wanted]) => met(operator, wanted)),
  );
  return allowed ? undefined : "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity";
}

/** GitHub's endpoint for tokens and STS in one. The claims are the server's, as at GitHub: a job cannot choose them. */
export class OidcServer {
  claims: Claims = {};
  readonly assumed: string[] = [];
  private readonly server: Server;

  constructor(private readonly roles: ReadonlyMap<string, TrustPolicy>) {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    if (pathname === "/token") {
      if (request.headers.authorization !== "bearer request-token") return void response.writeHead(401).end();
      response.end(JSON.stringify({ value: signed(this.claims, searchParams.get("audience") ?? "") }));
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const asked = new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
    const role = asked.get("RoleArn") ?? "";
    const trust = this.roles.get(role);
    const refused =
      asked.get("Action") !== "AssumeRoleWithWebIdentity" || trust === undefined
        ? "AccessDenied"
        : refusal(asked.get("WebIdentityToken") ?? "", trust);
    if (refused === undefined) this.assumed.push(role);
    response.writeHead(refused === undefined ? 200 : 403).end(refused ?? "ok");
  }
}

/** What aws-actions/configure-aws-credentials does, for `node -e`: asks for a token, and gives it for the role. */
export const assumeRole = `
const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer, STS_URL: sts, ROLE: role } = process.env;
(async () => {
  if (!url) throw new Error("It looks like you might be trying to authenticate with OIDC. Did you mean to set the id-token permission?");
  const { value } = await (await fetch(url + "?audience=sts.amazonaws.com", { headers: { authorization: "bearer " + bearer } })).json();
  const body = new URLSearchParams({ Action: "AssumeRoleWithWebIdentity", RoleArn: role, WebIdentityToken: value });
  const answer = await fetch(sts, { method: "POST", body });
  if (!answer.ok) throw new Error("Could not assume role with OIDC: " + (await answer.text()));
})().catch((error) => { console.error(error.message); process.exit(1); });
`;
