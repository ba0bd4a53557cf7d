import { documentation } from "../../components/shared/documentation";
import type { Receipt } from "../plan/receipt";

/** What a person reads at the end. */
export function receiptText(receipt: Receipt): string {
  const { image, requests, seconds, steps, previous } = receipt;
  const rows: [string, string][] = [
    [
      "image",
      `${image.reference}  ${short(image.digest)}${image.commit === undefined ? "" : `  commit ${image.commit}`}`,
    ],
    ["before", previous === undefined ? "nothing" : `${previous.reference}  ${short(previous.digest)}`],
    ...(receipt.migration === undefined
      ? []
      : ([["migration", `exit ${receipt.migration.exitCode}, ${receipt.migration.seconds} s`]] as [string, string][])),
    ...steps.map(({ weight, result, reason, candidate }): [string, string] => [
      `${weight} %`,
      `${reason}   (${candidate.requests} requests)   ${result}`,
    ]),
    ["requests", requestsText(requests)],
    [
      "seconds",
      (["ready", "switch", "return", "drain", "total"] as const)
        .flatMap((stage) => (seconds[stage] === undefined ? [] : [`${stage} ${seconds[stage]}`]))
        .join(", "),
    ],
    ["judged by", receipt.judge],
    ["restored", receipt.lastRestoredBackup ?? "no restore of a backup is known"],
  ];
  const title = `release ${short(image.digest)} -> ${receipt.stack}   ${receipt.strategy}   ${receipt.outcome}`;
  return [title, ...rows.map(([name, text]) => `  ${name.padEnd(11)}${text}`), ...closing(receipt)].join("\n");
}

function requestsText(requests: Receipt["requests"]): string {
  if (requests === undefined) return "counted by the target's own monitoring";
  const { total, failed, newRelease, slowestSeconds } = requests;
  return `${total}, ${failed} failed, ${newRelease} by the new release, slowest ${slowestSeconds.toFixed(2)} s`;
}

function closing({ outcome, reason }: Receipt): string[] {
  switch (outcome) {
    case "released":
    case "unchanged":
      return [];
    case "returned":
      return [`Returned: ${reason}. The previous release serves. ${documentation("releases.md")}#returned`];
    case "refused":
      return [
        `Refused: ${reason}. The new release got no request; the previous one serves. ${documentation("releases.md")}#refused`,
      ];
  }
}

const short = (digest: string) => digest.replace(/^sha256:/, "").slice(0, 12);
