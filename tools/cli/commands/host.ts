import type { Command } from "commander";
import { sshHost } from "../../operate/docker/over-ssh";
import { prepareHost, prepareScript } from "../../operate/host/prepare";

interface Options {
  readonly user: string;
  readonly firewall?: boolean;
  readonly hardenSsh?: boolean;
  readonly dryRun?: boolean;
}

export function registerHostCommand(program: Command): void {
  const host = program.command("host").description("make a fresh machine ready for a stack of target docker");
  host
    .command("prepare")
    .description("install Docker over SSH where it is missing, make a user for releases, and say what was done")
    .argument("<address>", "ssh://root@203.0.113.7, or a user who may use sudo without a password")
    .option("--user <name>", "user for releases; has the rights of root, by Docker", "deploy")
    .option("--firewall", "install and turn on ufw: SSH, 80 and 443 alone")
    .option("--harden-ssh", "SSH takes keys alone, no passwords")
    .option("--dry-run", "print the script and connect to nothing")
    .addHelpText(
      "after",
      "\nDebian 12 or newer, Ubuntu 22.04 or newer. Run again, it changes nothing.\n\nExamples\n  slipway host prepare ssh://root@203.0.113.7 --firewall --harden-ssh\n  pulumi config set docker:host ssh://deploy@203.0.113.7 --stack prod",
    )
    .action(async (address: string, options: Options) => {
      const { user, firewall = false, hardenSsh = false, dryRun = false } = options;
      const { user: caller = "root", host: name, port } = sshHost(address);
      if (dryRun) return void process.stdout.write(prepareScript(caller, { user, firewall, hardenSsh }));
      await prepareHost(address, { user, firewall, hardenSsh });
      const where = `ssh://${user}@${name.includes(":") ? `[${name}]` : name}${port === undefined ? "" : `:${port}`}`;
      console.log(`\nNext, in the folder of the stack: pulumi config set docker:host ${where} --stack <stack>`);
    });
}
