/** Chat services that take a message only in a form of their own. */
export type Chat = "slack" | "teams" | "discord";

/** By the host of the address that such a service gives out. */
const hosts: readonly (readonly [RegExp, Chat])[] = [
  // https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
  [/^hooks\.slack(-gov)?\.com$/, "slack"],
  // Workflows, and what is left of the connectors before them:
  // https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
  [/(^|\.)(logic\.azure\.(com|us)|api\.powerplatform\.com|webhook\.office\.com|outlook\.office\.com)$/, "teams"],
  // https://discord.com/developers/docs/resources/webhook#execute-webhook
  [/(^|\.)discord(app)?\.com$/, "discord"],
];

/** What an address leads to; undefined for anything that takes JSON as it comes. */
export function chatOf(url: string): Chat | undefined {
  const host = URL.parse(url)?.hostname ?? "";
  return hosts.find(([pattern]) => pattern.test(host))?.[1];
}
