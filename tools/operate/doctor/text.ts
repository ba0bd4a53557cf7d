import { bold, dim, green, red, yellow } from "picocolors";
import { type Diagnosis, type Finding, isReady } from "./contract";

/** One line for what is there; what is not, with what was found and the commands. */
export function diagnosisText(diagnosis: Diagnosis): string {
  const { stack, target, place, findings } = diagnosis;
  const width = Math.max(...findings.map(({ id }) => id.length), 0);
  return [
    `${bold(stack)} · ${target} · ${place}`,
    "",
    ...findings.flatMap((finding) => lines(finding, width)),
    "",
    `  ${summary(diagnosis)}`,
  ].join("\n");
}

function lines({ id, needs, when, level, asked, answer }: Finding, width: number): string[] {
  const name = id.padEnd(width);
  if (answer.state === "present") return [`  ${green("ok".padEnd(8))} ${name}  ${answer.found}`];
  const word = answer.state === "unknown" ? "unknown" : level === "recommended" ? "advised" : "missing";
  const paint = word === "missing" ? red : yellow;
  const indent = " ".repeat(width + 13);
  return [
    `  ${paint(word.padEnd(8))} ${name}  ${needs}, for ${when}`,
    ...answer.found.split("\n").map((line) => `${indent}${line}`),
    `${indent}${dim(`asked: ${asked}`)}`,
    ...answer.fix.map((line) => `${indent}${line}`),
  ];
}

function summary(diagnosis: Diagnosis): string {
  const of = (filter: (finding: Finding) => boolean) => diagnosis.findings.filter(filter).length;
  const required = ({ level }: Finding) => level === "required";
  const counts = [
    `${of(({ answer }) => answer.state === "present")} there`,
    `${of((each) => required(each) && each.answer.state === "missing")} missing`,
    `${of((each) => each.answer.state === "unknown")} unknown`,
    `${of((each) => !required(each) && each.answer.state === "missing")} advised`,
  ];
  return `${counts.join(", ")}. ${isReady(diagnosis) ? "The stack can be deployed here." : "Exit code 2."}`;
}
