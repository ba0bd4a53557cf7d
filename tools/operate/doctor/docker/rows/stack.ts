import { existsSync, readFileSync } from "node:fs";
import { lookup } from "node:dns/promises";
import { join } from "node:path";
import { missing, present, unknown } from "../../answers";
import type { Answer } from "../../contract";
import { pulumiRow } from "../../pulumi";
import type { Facts, Row } from "../facts";
import { documentation } from "../../../../../components/shared/documentation";

export const stackRows: readonly Row[] = [
  pulumiRow,
  {
    id: "passphrase",
    needs: "the passphrase of the stack's secrets",
    when: "`encryptionsalt` in the stack file",
    asked: "echo ${PULUMI_CONFIG_PASSPHRASE_FILE:-${PULUMI_CONFIG_PASSPHRASE:+set}}",
    remedy: "export PULUMI_CONFIG_PASSPHRASE_FILE",
    applies: ({ folder, stack }) => {
      const file = join(folder, `Pulumi.${stack}.yaml`);
      return existsSync(file) && /^encryptionsalt:/m.test(readFileSync(file, "utf8"));
    },
    async ask({ environment }) {
      const file = environment["PULUMI_CONFIG_PASSPHRASE_FILE"];
      if (file !== undefined)
        return existsSync(file) ? present(`in ${file}`) : missing(`${file} is not there`, `ls ${file}`);
      return environment["PULUMI_CONFIG_PASSPHRASE"] === undefined
        ? missing(
            "neither PULUMI_CONFIG_PASSPHRASE nor PULUMI_CONFIG_PASSPHRASE_FILE is set",
            "export PULUMI_CONFIG_PASSPHRASE_FILE=~/.slipway-passphrase",
          )
        : present("in PULUMI_CONFIG_PASSPHRASE");
    },
  },
  {
    id: "names",
    needs: "containers and volumes called after the stack, by `docker.name`, are the stack's own",
    when: "every stack",
    asked: "docker volume ls --filter name=NAME-; pulumi stack export",
    remedy: "another `docker.name`, or `pulumi import` of what is the stack's after all",
    applies: () => true,
    ask: askNames,
  },
  {
    id: "ports",
    needs: "`network.httpPort`, `network.httpsPort` and `network.monitoringPort` free, or the stack's own",
    when: "every stack",
    asked: "ss --listening --tcp --numeric; docker ps --filter publish=PORT",
    remedy: "stop what listens there, or choose another port",
    applies: () => true,
    ask: askPorts,
  },
  {
    id: "image",
    needs: "the image, here or where it can be pulled from",
    when: "`image`",
    asked: "docker image inspect IMAGE || docker manifest inspect IMAGE",
    remedy: "sign in to the registry, or correct the reference",
    applies: ({ settings }) => settings.image !== undefined,
    async ask({ run, settings }) {
      const image = settings.image!;
      const isHere = await run("docker", ["image", "inspect", "--format", "{{.Id}}", image]).catch(() => undefined);
      if (isHere !== undefined) return present("it is here");
      const error = await run("docker", ["manifest", "inspect", image]).then(
        () => undefined,
        (reason: Error) => reason.message,
      );
      return error === undefined
        ? present("it can be pulled")
        : missing(error.trim().split("\n")[0]!, `docker login ${image.split("/")[0]}`);
    },
  },
  {
    id: "certificate",
    needs: "fullchain.pem and privkey.pem",
    when: "`tls.certificateFolder`",
    asked: "ls CERTIFICATE_FOLDER",
    remedy: `the hook in ${documentation("docker.md#certificates")}`,
    applies: ({ settings }) => settings.tls.certificateFolder !== undefined,
    async ask({ isLocal, settings }) {
      const folder = settings.tls.certificateFolder!;
      if (!isLocal) return unknown("the engine is another machine's", `ls ${folder} # there`);
      const lacking = ["fullchain.pem", "privkey.pem"].filter((file) => !existsSync(join(folder, file)));
      return lacking.length === 0
        ? present(`both in ${folder}`)
        : missing(
            `no ${lacking.join(", no ")} in ${folder}`,
            `# ${documentation("docker.md#certificates")} has the hook that puts them there`,
          );
    },
  },
  {
    id: "domain",
    needs: "the domain leads somewhere",
    when: "`domain`, other than localhost and addresses",
    level: "recommended",
    asked: "getent hosts DOMAIN",
    remedy: "an A or AAAA record with the host's address",
    applies: ({ settings: { domain } }) => domain !== "localhost" && !/^[\d.]+$/.test(domain),
    async ask({ settings: { domain } }) {
      const found = await lookup(domain).catch(() => undefined);
      return found === undefined
        ? missing(`${domain} is not known to DNS`, `# a record of ${domain} with the host's address`)
        : present(`${domain} is ${found.address}`);
    },
  },
];

/** Of a stack that was never deployed nothing can be here: it is another project's, or of a state that is gone. */
async function askNames({ folder, name, run, stack }: Facts): Promise<Answer> {
  const named = ["--filter", `name=^${name}-`, "--format"];
  const lines = async (...args: readonly string[]) => (await run("docker", args)).split("\n").filter(Boolean);
  const found = [
    ...(await lines("ps", "--all", ...named, "{{.Names}}")),
    ...(await lines("volume", "ls", ...named, "{{.Name}}")),
  ];
  if (found.length === 0) return present(`nothing is called ${name}-… yet`);
  const command = ["stack", "export", "--stack", stack, "--cwd", folder];
  const exported = await run("pulumi", command).catch((error: Error) => error);
  if (exported instanceof Error && !/no stack named/.test(exported.message))
    return unknown(exported.message.trim().split("\n")[0]!, `pulumi ${command.join(" ")}`);
  const own = found.filter((one) => String(exported).includes(`"${one}"`));
  if (own.length > 0) return present(`${found.length} called ${name}-…, the stack's own`);
  return missing(
    `${found.length} called ${name}-… are here, such as ${found[0]}, and none is of this stack`,
    `pulumi config set --stack ${stack} --path slipway:docker.name ${name}-2 # another name`,
  );
}

async function askPorts({ isLocal, listens, name, run, settings }: Facts): Promise<Answer> {
  const { bindAddress, httpPort, httpsPort, monitoringPort } = settings.network;
  const host = ["0.0.0.0", "::"].includes(bindAddress) ? "127.0.0.1" : bindAddress;
  const wanted = [
    { key: "httpPort", host, port: httpPort },
    { key: "httpsPort", host, port: httpsPort },
    { key: "monitoringPort", host: "127.0.0.1", port: monitoringPort },
  ];
  const held: { readonly key: string; readonly port: number; readonly by: string }[] = [];
  for (const { host: at, key, port } of wanted) {
    const names = (await run("docker", ["ps", "--filter", `publish=${port}`, "--format", "{{.Names}}"]))
      .split("\n")
      .filter(Boolean);
    const others = names.filter((one) => !one.startsWith(`${name}-`));
    if (others.length > 0) held.push({ key, port, by: `container ${others.join(", ")}` });
    else if (names.length === 0 && isLocal && (await listens(at, port)))
      held.push({ key, port, by: "another program" });
  }
  if (held.length > 0) {
    return missing(
      held.map(({ by, port }) => `${port} is taken by ${by}`).join("; "),
      ...held.map(({ key }) => `pulumi config set --path slipway:network.${key} PORT # another one`),
    );
  }
  const found = wanted.map(({ port }) => port).join(", ");
  return isLocal
    ? present(`${found} are free, or the stack's own`)
    : unknown(
        `${found}: no container of others has them; the engine is another machine's`,
        "ss --listening --tcp --numeric # there",
      );
}
