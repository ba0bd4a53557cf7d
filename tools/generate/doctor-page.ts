import type { Check } from "../operate/doctor/contract";
import { awsEcsRows } from "../operate/doctor/aws-ecs/doctor";
import { dockerRows } from "../operate/doctor/docker/doctor";
import { kubernetesRows } from "../operate/doctor/kubernetes/doctor";

/** docs/doctor.md: what `slipway doctor` asks of each target. */
export function doctorPage(): string {
  return `# What a stack needs, asked

<!-- Written by tools/generate/doctor-page.ts from the rows themselves. -->

\`npx slipway doctor <stack>\` asks the target of a stack file for everything that the stack needs, and prints what is missing
with the command that puts it right. The stack need not be deployed, and nothing is created.

\`\`\`sh
npx slipway doctor staging             # for a person
npx slipway doctor staging --json      # for a pipeline: .findings[].answer.state is present, missing or unknown
npx slipway doctor staging --probe     # also tries what nothing else tells
npx slipway doctor staging --install   # installs what is missing where a pinned chart does it, then asks again
\`\`\`

| exit code | |
| --- | --- |
| 0 | everything required is there |
| 1 | the target could not be reached, or the stack file is wrong: nothing is known |
| 2 | something required is missing, or could not be asked |

What is only recommended never changes the exit code.

## kubernetes

By \`kubectl\`, in the context of \`--context\`, of \`kubernetes:context\` in the stack file, or the current one. \`--probe\` starts
three pods for some seconds in a namespace of their own, and removes it. \`--install\` runs \`helm\`; without it on PATH it prints
the commands and installs nothing. Ingress controllers, Gateways, network plugins and storage are the platform's to choose: for
these there is a hint and no chart.

${table(kubernetesRows)}

## docker

By \`docker\`, of the engine that DOCKER_HOST or the client's context names. Ports, disk and certificate are looked at where the
engine is this machine's. \`--probe\` and \`--install\` have nothing to do here.

${table(dockerRows)}

## aws-ecs

By \`aws\`, in the account of \`aws:profile\` or of the environment. Nothing is created and no secret is read. Permissions are
those of the role itself, as IAM's simulator sees them; what an organization forbids is not among its answers. The questions
are held against recorded answers of the AWS CLI, and were put once to the emulator moto; not to an account.

${table(awsEcsRows)}

\`vercel\` has no questions yet.
`;
}

function table(rows: readonly Check<never>[]): string {
  return [
    "| row | needed | for | how it is asked | what puts it right |",
    "| --- | --- | --- | --- | --- |",
    ...rows.map(({ id, needs, when, level, asked, remedy }) =>
      [
        `| ${id}${level === "recommended" ? " (recommended)" : ""}`,
        ...[
          needs,
          when,
          /^(kubectl|aws|docker|pulumi|df|ss|ls|getent|echo) /.test(asked) ? code(asked) : asked,
          remedy,
        ].map(cell),
      ]
        .join(" | ")
        .concat(" |"),
    ),
  ].join("\n");
}

function code(text: string): string {
  const [command, ...rest] = text.split(/(?=; | # )/);
  return `\`${command}\`${rest.join("")}`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
