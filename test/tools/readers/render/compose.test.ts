import { strict as assert } from "node:assert";
import { healthTest, servingScript } from "../../../../components/database/docker/password";
import { parse } from "yaml";
import { runStack } from "../../../../stacks/targets";
import { resolveSettings } from "../../../../stacks/settings/load";
import type { StackFile } from "../../../../stacks/settings/settings";
import type { Plan } from "../../../../tools/plan/plan";
import { type ComposeProject, renderCompose } from "../../../../tools/readers/render/compose";
import { running } from "../../../components/docker-mocks";
import { record } from "../../../record";

const file: StackFile = {
  target: "docker",
  preset: "staging",
  domain: "shop.example.com",
  image: "ghcr.io/acme/shop:1.4.2",
  monitoring: { webhook: "https://hooks.example.com/hunter2" },
  secrets: { EMAIL_API_KEY: "hunter2" },
};

interface Service {
  readonly image: string;
  readonly build?: object;
  readonly environment?: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly healthcheck: { readonly test?: readonly string[] };
  readonly networks: Readonly<Record<string, { readonly aliases?: readonly string[] }>>;
  readonly volumes?: readonly { readonly source: string }[];
  readonly secrets?: readonly { readonly source: string; readonly target: string }[];
  readonly configs?: readonly { readonly source: string; readonly target: string }[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly [more: string]: unknown;
}

interface Project {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: object;
  readonly volumes: Readonly<Record<string, object>>;
  readonly configs: Readonly<Record<string, { readonly file: string }>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

describe("renderCompose", () => {
  const planOf = (more: Partial<StackFile> = {}) =>
    record(() => runStack(resolveSettings("test", { ...file, ...more }, {})), { project: "slipway" });
  let plan: Plan;
  let rendered: ComposeProject;
  let project: Project;
  before(async () => {
    plan = await planOf();
    rendered = renderCompose(plan);
    project = parse(rendered.compose) as Project;
  });

  it("runs what gives a volume its owner before those who use it", async () => {
    const { services } = parse(
      renderCompose(
        await planOf({
          domain: "shop.acme.com",
          network: { bindAddress: "0.0.0.0" },
          tls: { acme: { email: "ops@acme.com" } },
        }),
      ).compose,
    ) as Project;
    const writer = "nginx-certificates-writer";
    assert.equal(services[writer]?.["network_mode"], "none");
    for (const after of ["nginx", "nginx-certbot"])
      assert.deepEqual(services[after]?.depends_on?.[writer], { condition: "service_completed_successfully" });
  });

  it("has a service for each container that runs, and none for those that only fill volumes", () => {
    assert.equal(project.name, "slipway-test");
    assert.deepEqual(Object.keys(project.services), [
      "app-1",
      "app-2",
      "app-migrate",
      "cache",
      "database-backup",
      "database",
      "monitoring-alertmanager",
      "monitoring",
      "nginx",
      "router-server",
    ]);
    assert.equal(running(plan).length, 10);
  });

  it("hardens each as the stack does", () => {
    for (const [name, service] of Object.entries(project.services)) {
      assert.equal(service["read_only"], true, name);
      assert.deepEqual(service["cap_drop"], ["ALL"], name);
      assert.deepEqual(service["security_opt"], ["no-new-privileges"], name);
      assert.equal(service["init"], true, name);
      assert.match(String(service["mem_limit"]), /^\d+m$/, name);
      assert.equal(service["memswap_limit"], service["mem_limit"], name);
      assert.deepEqual(
        service["logging"],
        { driver: "json-file", options: { "max-size": "10m", "max-file": "3" } },
        name,
      );
    }
  });

  it("says everything of a container in Compose's words", () => {
    const { database } = project.services;
    assert.deepEqual(database, {
      image: "postgres:17.6",
      environment: {
        POSTGRES_DB: "app",
        POSTGRES_INITDB_ARGS: "--auth-host=scram-sha-256 --data-checksums",
        POSTGRES_PASSWORD_FILE: "/run/secrets/password/value",
        POSTGRES_USER: "app",
      },
      labels: { "app.slipway.component": "database", "app.slipway.stack": "test" },
      user: "999:999",
      command: [
        ...["bash", "-c", servingScript.replaceAll("$", "$$$$"), "postgres"],
        "-c",
        "shared_buffers=128MB",
        "-c",
        "effective_cache_size=384MB",
        "-c",
        "maintenance_work_mem=32MB",
        "-c",
        "work_mem=1310kB",
        "-c",
        "random_page_cost=1.1",
        "-c",
        "password_encryption=scram-sha-256",
        "-c",
        "log_min_duration_statement=500",
        "-c",
        "archive_mode=on",
        "-c",
        "archive_timeout=60",
        "-c",
        "archive_command=mkdir -p /var/lib/postgresql/pgbackrest-spool && cp %p /var/lib/postgresql/pgbackrest-spool/.%f && sync /var/lib/postgresql/pgbackrest-spool/.%f && mv /var/lib/postgresql/pgbackrest-spool/.%f /var/lib/postgresql/pgbackrest-spool/%f && sync /var/lib/postgresql/pgbackrest-spool",
      ],
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges"],
      tmpfs: ["/tmp:rw,noexec,nosuid,nodev,size=64m", "/var/run/postgresql:rw,nosuid,nodev,uid=999,gid=999,mode=2777"],
      init: true,
      restart: "unless-stopped",
      cpus: "0.5",
      mem_limit: "512m",
      memswap_limit: "512m",
      shm_size: "128m",
      logging: { driver: "json-file", options: { "max-size": "10m", "max-file": "3" } },
      networks: { internal: { aliases: ["slipway-test-database"] } },
      healthcheck: {
        test: ["CMD-SHELL", healthTest("app", "app")],
        interval: "5s",
        timeout: "5s",
        retries: 12,
      },
      stop_signal: "SIGINT",
      stop_grace_period: "60s",
      volumes: [
        { type: "volume", source: "database-spool", target: "/var/lib/postgresql" },
        { type: "volume", source: "database-data", target: "/var/lib/postgresql/data" },
      ],
      secrets: [{ source: "database-password", target: "/run/secrets/password/value" }],
    });
  });

  it("writes equal replicas once, found under one name", () => {
    assert.match(rendered.compose, /^ {2}app-1: &replica1$/m);
    assert.match(rendered.compose, /^ {2}app-2: \*replica1$/m);
    assert.deepEqual(project.services["app-1"]?.networks, { internal: { aliases: ["slipway-test-app"] }, edge: {} });
  });

  it("migrates to the end before replicas start, and after database and cache are healthy", () => {
    assert.deepEqual(project.services["app-1"]?.depends_on?.["app-migrate"], {
      condition: "service_completed_successfully",
    });
    assert.deepEqual(project.services["app-migrate"]?.depends_on, {
      cache: { condition: "service_healthy" },
      database: { condition: "service_healthy" },
      "database-backup": { condition: "service_started" },
    });
    assert.equal(project.services["app-migrate"]?.["restart"], "no");
    assert.deepEqual(project.services["app-migrate"]?.healthcheck, { disable: true });
  });

  it("publishes ports on the address of the stack", () => {
    assert.deepEqual(project.services["nginx"]?.["ports"], [
      { host_ip: "127.0.0.1", published: "8080", target: 8080, protocol: "tcp" },
      { host_ip: "127.0.0.1", published: "8443", target: 8443, protocol: "tcp" },
    ]);
  });

  it("mounts each secret where the stack's containers look for it, from a file that a person makes", () => {
    assert.deepEqual(project.services["app-1"]?.secrets, [
      { source: "database-password", target: "/run/secrets/database-password/value" },
      { source: "cache-password", target: "/run/secrets/redis-password/value" },
      { source: "app-auth-secret", target: "/run/secrets/auth-secret/value" },
      { source: "app-email-api-key", target: "/run/secrets/email-api-key/value" },
      { source: "app-encryption-key", target: "/run/secrets/encryption-key/value" },
    ]);
    for (const { file } of Object.values(project.secrets)) assert.equal(file.slice(2) in rendered.files, false, file);
  });

  it("names no file that it neither brings nor tells how to make", () => {
    for (const { file } of Object.values(project.configs)) assert.ok(file.slice(2) in rendered.files, file);
    const script = rendered.files["prepare.sh"]!;
    for (const { file } of Object.values(project.secrets)) assert.ok(script.includes(file.slice(2)), file);
  });

  it("holds no secret's value, no mask and no unknown", () => {
    const everything = JSON.stringify(rendered);
    for (const word of ["hunter2", "$secret", "$unknown", "slipway-unknown"]) {
      assert.equal(everything.includes(word), false, word);
    }
  });

  it("makes generated secrets as the stack does, and takes given ones from the shell", () => {
    const how = Object.fromEntries(rendered.secrets.map(({ name, how }) => [name, how.join("\n")]));
    assert.equal(how["app-auth-secret"], "openssl rand -base64 32 | tr -d '\\n' | keep secrets/app-auth-secret");
    assert.equal(how["database-password"], "openssl rand -hex 32 | tr -d '\\n' | keep secrets/database-password");
    assert.equal(
      how["app-email-api-key"],
      'printf %s "${EMAIL_API_KEY-}" | keep secrets/app-email-api-key EMAIL_API_KEY',
    );
    assert.match(how["monitoring-webhook"]!, /\$\{MONITORING_WEBHOOK-\}/);
    assert.match(
      how["nginx-certificate"]!,
      /-subj "\/CN=shop\.example\.com" -addext "subjectAltName=DNS:shop\.example\.com"/,
    );
  });

  it("writes the cache's password into its configuration after it was made, and each time", () => {
    const script = rendered.files["prepare.sh"]!;
    const line = script.indexOf("printf '%s\\n' \"requirepass $(cat secrets/cache-password)\"");
    assert.ok(line > script.indexOf("| keep secrets/cache-password"));
    assert.doesNotMatch(script, /missing .*cache-configuration/);
  });

  it("replaces a container when a file that it mounts has changed", async () => {
    const label = ({ services }: Project) => services["nginx"]?.labels["app.slipway.configuration"];
    const other = parse(renderCompose(await planOf({ network: { httpsPort: 443 } })).compose) as Project;
    assert.match(label(project)!, /^[0-9a-f]{12}$/);
    assert.notEqual(label(other), label(project));
  });

  it("keeps protected volumes out of reach of `down -v`, and makes them beforehand", async () => {
    assert.deepEqual(project.volumes["database-data"], { name: "slipway-test-database-data", external: true });
    assert.deepEqual(project.volumes["monitoring-data"], { name: "slipway-test-monitoring-data" });
    assert.ok(rendered.files["prepare.sh"]!.includes("docker volume create slipway-test-uploads-data"));
    const development = renderCompose(await planOf({ preset: "development" }));
    assert.doesNotMatch(development.compose, /external/);
    assert.doesNotMatch(development.files["prepare.sh"]!, /docker volume create/);
  });

  it("lets Compose see no variable where a container is to see one", () => {
    assert.match(rendered.compose, /REDISCLI_AUTH="\$\$\(cat/);
    assert.doesNotMatch(rendered.compose, /[^$]\$[^$]/);
    assert.match(rendered.files["configuration/nginx/nginx.conf"]!, /\$remote_addr"/);
  });

  it("is read alike by readers of older YAML", () => {
    assert.match(rendered.compose, /restart: "no"/);
    assert.match(rendered.compose, /BACKUP_AT: "03:15"/);
    assert.deepEqual(parse(rendered.compose, { version: "1.1" }), project);
  });

  it("mounts a certificate's folder, and fails when it is not there", async () => {
    const mounted = parse(
      renderCompose(await planOf({ tls: { certificateFolder: "/etc/tls/shop" } })).compose,
    ) as Project;
    assert.deepEqual(mounted.services["nginx"]?.volumes?.[0], {
      type: "bind",
      source: "/etc/tls/shop",
      target: "/etc/slipway-tls",
      read_only: true,
      bind: { create_host_path: false },
    });
    assert.equal("nginx-key" in mounted.secrets, false);
  });

  it("builds the image of the backups from the server's", () => {
    const { build, pull_policy: policy } = project.services["database-backup"]!;
    assert.deepEqual(build, { context: "./components/database/docker/image", args: { BASE: "postgres:17.6" } });
    assert.equal(policy, "build");
    assert.equal(project.services["database"]?.build, undefined);
  });

  describe("of a stack that builds its image", () => {
    let built: ComposeProject;
    before(async () => {
      const build = { context: "app", args: { VERSION: "1" }, secrets: { ca: "package.json" } };
      const options = { project: "..", buildSecrets: { ca: "package.json" } };
      built = renderCompose(await planOf({ image: undefined, build }), options);
    });

    it("builds it once, from where the Compose file lies", () => {
      const { services, secrets } = parse(built.compose) as Project;
      assert.deepEqual(services["app-migrate"]?.build, {
        context: "../app",
        args: { VERSION: "1" },
        secrets: [
          { source: "app-image-server-actions-key", target: "server_actions_key" },
          { source: "app-image-ca", target: "ca" },
        ],
      });
      assert.equal(services["app-migrate"]?.["pull_policy"], "build");
      assert.equal(services["app-1"]?.build, undefined);
      assert.equal(services["app-1"]?.["pull_policy"], "never");
      assert.equal(services["app-1"]?.image, services["app-migrate"]?.image);
      assert.deepEqual(secrets["app-image-ca"], { file: "../package.json" });
      assert.ok(
        built.files["prepare.sh"]!.includes(
          "openssl rand -base64 32 | tr -d '\\n' | keep secrets/app-image-server-actions-key",
        ),
      );
    });

    it("says what it leaves out", () => {
      assert.match(built.compose, /^# Left out:\n# {3}app-1: RELEASE, known only after deployment$/m);
    });
  });

  it("names what Compose has no word for, and what is not of Docker", () => {
    const [first] = running(plan);
    const resources = plan.resources.map((each) =>
      each === first ? { ...each, inputs: { ...each.inputs, gpus: "all" } } : each,
    );
    const bucket = { ...plan.resources.at(-1)!, type: "aws:s3/bucket:Bucket", name: "uploads" };
    const { compose } = renderCompose({ ...plan, resources: [...resources, bucket] });
    assert.match(compose, /^# {3}\S+: gpus$/m);
    assert.match(compose, /^# {3}uploads \(aws:s3\/bucket:Bucket\)$/m);
  });

  it("is the same whatever the order of registration", () => {
    assert.deepEqual(renderCompose({ ...plan, resources: [...plan.resources].reverse() }), rendered);
  });
});
