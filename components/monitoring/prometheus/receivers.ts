import { type Chat, chatOf } from "../chat";

/** One message for all alarms of a group, in the words of Alertmanager's templates: what, since when, and what to do. */
const text =
  "{{ range .Alerts }}{{ .Status }}: {{ .Labels.stack }} {{ .Labels.domain }} [{{ .Labels.severity }}] {{ .Annotations.summary }}. {{ .Annotations.description }} {{ .Annotations.runbook }} {{ .Annotations.runbook_url }}\n{{ end }}";
const title = "{{ .GroupLabels.alertname }}";

/** Where a receiver keeps the address, by the service that it belongs to: Alertmanager's name, then the operator's. */
const places: Readonly<Record<Chat | "any", { file: string; receiver: string; secret: string; configs: string }>> = {
  any: { file: "url_file", receiver: "webhook_configs", secret: "urlSecret", configs: "webhookConfigs" },
  slack: { file: "api_url_file", receiver: "slack_configs", secret: "apiURL", configs: "slackConfigs" },
  teams: { file: "webhook_url_file", receiver: "msteamsv2_configs", secret: "webhookURL", configs: "msteamsv2Configs" },
  discord: { file: "webhook_url_file", receiver: "discord_configs", secret: "apiURL", configs: "discordConfigs" },
};

const messageOf = (chat: Chat | undefined): Readonly<Record<string, string>> =>
  chat === undefined ? {} : chat === "discord" ? { title, message: text } : { title, text };

/**
 * A receiver of Alertmanager's own configuration for an address in a file, in the form that a chat takes.
 * https://prometheus.io/docs/alerting/latest/configuration/#receiver-integration-settings
 */
export function fileReceiver(url: string, file: string): Readonly<Record<string, readonly object[]>> {
  const chat = chatOf(url);
  const place = places[chat ?? "any"];
  return { [place.receiver]: [{ [place.file]: file, send_resolved: true, ...messageOf(chat) }] };
}

/** The same of an AlertmanagerConfig, for an address in a Secret. */
export function secretReceiver(url: string, secret: object): Readonly<Record<string, readonly object[]>> {
  const chat = chatOf(url);
  const place = places[chat ?? "any"];
  return { [place.configs]: [{ [place.secret]: secret, sendResolved: true, ...messageOf(chat) }] };
}
