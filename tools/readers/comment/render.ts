import { code, link } from "./markdown";
import { writeMarker } from "./marker";
import type { Review, Run } from "../../review/review";
import type { Section, SectionOf } from "./section";
import { changes } from "./sections/changes";
import { cost } from "./sections/cost";
import { destroyed } from "./sections/destroyed";
import { edited } from "./sections/edited";
import { failure } from "./sections/failure";
import { findings } from "./sections/findings";
import { graph } from "./sections/graph";
import { policies } from "./sections/policies";
import { relaxed } from "./sections/relaxed";
import { renames } from "./sections/renames";
import { warnings } from "./sections/warnings";
import { judge, type Gravity, type Outcome } from "../../review/verdict";

export interface RenderOptions {
  /** Names the comment: see {@link writeMarker}. */
  readonly key: string;
  /** Characters. GitHub refuses a comment above 65,536; the rest is room for what it adds itself. */
  readonly limit?: number;
}

/** What a reviewer reads first comes first. */
const order: readonly SectionOf[] = [
  failure,
  relaxed,
  findings,
  destroyed,
  renames,
  edited,
  policies,
  cost,
  changes,
  graph,
  warnings,
];

/** What has to give way first when there is too much; later ones shrink only when all before are at their smallest. */
const expendable: readonly SectionOf[] = [
  graph,
  changes,
  warnings,
  cost,
  edited,
  policies,
  renames,
  destroyed,
  findings,
  relaxed,
  failure,
];

/** The comment for one stack or several. Pure: the same reviews make the same text. */
export function renderComment(reviews: readonly Review[], { key, limit = 60_000 }: RenderOptions): string {
  const newest = reviews.map(({ run }) => run).reduce((a, b) => (b.number > a.number ? b : a));
  // The worst first; of equals, as they come.
  const parts = reviews
    .map((review): Part => {
      const sections = new Map(order.map((make) => [make, make(review)]));
      return { review, outcome: judge(review), sections };
    })
    .sort((a, b) => weight(a) - weight(b));
  const sizes = new Map<Section, number>();
  const assemble = () => {
    const stacks = parts.map((part) => one(part, sizes));
    return `${writeMarker({ key, run: newest })}\n\n${stacks.join("\n\n---\n\n")}\n`;
  };

  let text = assemble();
  for (const make of expendable) {
    const sections = parts.map(({ sections }) => sections.get(make)).filter((section) => section !== undefined);
    const steps = Math.max(0, ...sections.map(({ sizes }) => sizes.length - 1));
    for (let step = 1; step <= steps && text.length > limit; step++) {
      for (const section of sections) sizes.set(section, Math.min(step, section.sizes.length - 1));
      text = assemble();
    }
  }
  return text.length <= limit ? text : beyond(parts, key, newest, limit);
}

/** What is said of one stack. */
interface Part {
  readonly review: Review;
  readonly outcome: Outcome;
  readonly sections: ReadonlyMap<SectionOf, Section | undefined>;
}

function weight({ outcome }: Part): number {
  return ["danger", "attention", "calm"].indexOf(outcome.gravity);
}

function one({ review, outcome, sections }: Part, sizes: ReadonlyMap<Section, number>): string {
  const present = order.map((make) => sections.get(make)).filter((section) => section !== undefined);
  const shrunk = present.filter((section) => (sizes.get(section) ?? 0) > 0).map(({ name }) => name);
  return [
    headline(review, outcome),
    ...present.map((section) => section.sizes[sizes.get(section) ?? 0]!),
    ...(shrunk.length > 0 ? [leftOut(shrunk, review.run)] : []),
    footer(review),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function headline({ stack }: Review, { gravity, changes, others, reasons }: Outcome): string {
  const title = `### Slipway: ${[`${code(stack, 60)} ${changes}`, ...others].join(" · ")}`;
  return reasons.length === 0 ? title : `${title}\n\n> [!${alerts[gravity]}]\n> ${reasons.join("\\\n> ")}`;
}

const alerts: Readonly<Record<Gravity, string>> = { danger: "CAUTION", attention: "WARNING", calm: "NOTE" };

function leftOut(names: readonly string[], { artifactUrl, url }: Run): string {
  const where = artifactUrl ?? url;
  const whole =
    where === undefined ? "The command below shows all of it." : `All of it: ${link("the whole report", where)}.`;
  return `_Left out for length: ${names.join(", ")}._ ${whole}`;
}

function footer({ run, reproduce }: Review): string {
  // Outside of a pipeline there is none.
  const number =
    run.attempt > 1 ? `run ${run.number}, attempt ${run.attempt}` : run.number > 0 ? `run ${run.number}` : "";
  const at = run.at.replace("T", " ").replace(/:\d\d(\.\d+)?Z$/, " UTC");
  const parts = [
    `Reproduce: ${code(reproduce)}`,
    ...(number === "" ? [] : [run.url === undefined ? number : link(number, run.url)]),
    code(run.commit.slice(0, 7)),
    code(at),
    ...(run.artifactUrl === undefined ? [] : [link("report", run.artifactUrl)]),
  ];
  return `<sub>${parts.filter((part) => part !== "").join(" · ")}</sub>`;
}

/** So many stacks that even their shortest forms do not fit: one line each, as many as do. */
function beyond(parts: readonly Part[], key: string, newest: Run, limit: number): string {
  let text = writeMarker({ key, run: newest });
  for (const [index, { review, outcome }] of parts.entries()) {
    const line = `\n\n${headline(review, outcome)}`;
    const rest = `\n\n… and ${parts.length - index} more stacks. ${leftOut(["everything else"], newest)}`;
    if (text.length + line.length + rest.length > limit) return text + rest;
    text += line;
  }
  return `${text}\n\n${leftOut(["everything else"], newest)}`;
}
