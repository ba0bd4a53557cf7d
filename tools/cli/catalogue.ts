/**
 * What `slipway --help` shows of each command: its name, its arguments and what it does. The help loads no command for it;
 * test/tools/cli/help.test.ts holds each row to the command itself.
 */
export const catalogue: readonly (readonly [name: string, usage: string, description: string])[] = [
  ["init", "[options] [folder]", "create the few files by which a repository runs Slipway from its package"],
  ["preview", "[options] [stack...]", "show what a stack would create, with policies; create nothing"],
  [
    "render",
    "[options] <stack>",
    "write a stack as Kubernetes manifests or as a Compose project, to run without Pulumi",
  ],
  ["diff", "[options] [stack...]", "show what this change does to a stack: resources, data, policies, cost"],
  [
    "comment",
    "[options] [review...]",
    "write a review to its pull request, as the one comment that is kept up to date",
  ],
  ["cost", "[options] <stack>", "estimate what a stack costs per month at list prices, offline"],
  [
    "release",
    "[options] <stack>",
    "release an image: beside the previous one, judged, then all traffic; or back by itself",
  ],
  ["rollback", "[options] <stack>", "end the release in progress, or release the previous image again"],
  ["status", "[options] <stack>", "show releases, their replicas and traffic, and the latest receipts"],
  ["maintenance", "[options] <stack> <on|off>", "give visitors the error page, or the site again"],
  ["logs", "[options] <stack>", "show the logs of all replicas"],
  ["connect", "[options] <stack> <shell|database>", "open a shell of your own, or a tunnel to the database"],
  ["exec", "[options] <stack> <command...>", "run a command in a replica"],
  [
    "rotate",
    "[options] <stack> [secret...]",
    "give secrets a new value while the site runs; without a name, list them",
  ],
  [
    "doctor",
    "[options] <stack>",
    "ask the target for everything that the stack needs, and say how to get what is missing",
  ],
  ["backup", "[options] <stack>", "make a base backup of the database, and of uploads and generated keys, now"],
  [
    "restore",
    "[options] <stack>",
    "restore the database as of a time: beside the live one, compared, then in its place",
  ],
  ["drill", "[options] <stack>", "restore the newest backup into a server of its own, and compare every table"],
  ["host", "[options] [command]", "make a fresh machine ready for a stack of target docker"],
  ["policy", "[options] [command]", "list, explain and check the rules that judge a stack before it is deployed"],
];
