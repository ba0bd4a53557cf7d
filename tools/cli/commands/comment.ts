import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import type { Forge, PullRequest } from "../../forge/forge";
import type { Pipeline } from "../../forge/pipeline";
import { pipelineOf } from "../../forge/pipeline";
import { publish } from "../../forge/publish";
import { renderComment } from "../../readers/comment/render";
import { UsageError } from "../../plan/usage-error";
import { type Gate, statusOf } from "../../review/gate";
import type { Review, Run } from "../../review/review";
import { failOnOption } from "../fail-on";

interface Options {
  readonly pullRequest?: number;
  readonly key: string;
  readonly each?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly head?: string;
  readonly author: string;
  readonly run?: Pick<Run, "number" | "attempt">;
  readonly runUrl?: string;
  readonly artifactUrl?: string;
  readonly ifMissing?: string;
  readonly rejudge?: boolean;
  readonly status?: boolean;
  readonly failOn: readonly Gate[];
  readonly cwd: string;
  readonly receipt?: readonly string[];
  readonly merged?: string;
}

export function registerCommentCommands(program: Command): void {
  program
    .command("comment")
    .description("write a review to its pull request, as the one comment that is kept up to date")
    .argument(
      "[review...]",
      "files that `slipway diff --review` wrote; of two reviews of one stack the later file counts",
    )
    .option("--pull-request <number>", "default: the one this pipeline runs for", positive)
    .option("--key <name>", "names the comment; comments of different keys live side by side", "preview")
    .option("--each", "one comment a stack, instead of one for all")
    .option("--head <commit>", "write only while this is the newest commit of the pull request (GitHub)")
    .option("--author <login>", "account that the token writes as (GitHub)", "github-actions[bot]")
    .option("--run <number.attempt>", "default: the pipeline's own; a greater one is never overwritten", runNumber)
    .option("--run-url <url>", "default: the pipeline's own")
    .option("--artifact-url <url>", "where the whole report is kept")
    .option("--if-missing <message>", "what to say when a file is not there: the job that writes it failed")
    .option("--status", "set a commit status as well: a required one keeps what `--fail-on` names from being merged")
    .addOption(failOnOption())
    .option("--rejudge", "judge each plan again by the rules and stack files that lie here, those of the base")
    .option("--cwd <folder>", "folder with Pulumi.yaml, for --rejudge", process.cwd())
    .option("--receipt <file...>", "put receipts of `slipway release --json` under the comment, in place of a review")
    .option(
      "--merged <commit>",
      "the pull request that this commit came with; nothing is written where it came with none",
    )
    .option("--dry-run", "print the Markdown and write nothing")
    .option("--json", "print what was done as JSON")
    .addHelpText(
      "after",
      `
The token is read from GITHUB_TOKEN (needs pull-requests: write; with --status, statuses: write) or GITLAB_TOKEN (a project access token, scope api).

Examples
  slipway comment review.json --dry-run
  slipway comment review.json --pull-request 12
  slipway comment --receipt receipt.json --merged "$GITHUB_SHA"

Exit codes
  0   written, or a newer run's comment was kept      1   the forge refused, or something is missing`,
    )
    .action(run);
}

async function run(files: readonly string[], options: Options): Promise<void> {
  const pipeline = pipelineOf(process.env);
  if ((files.length === 0) === (options.receipt === undefined))
    throw new UsageError("Name files with reviews, or files with receipts by --receipt; one of the two.");
  if (options.receipt !== undefined) return receipts(options.receipt, pipeline, options);
  const read = readReviews(files, options.ifMissing);
  const forge = options.dryRun ? undefined : await forgeOf(pipeline, options);
  if (!options.dryRun && !forge) return say(options, [{ what: "outdated", url: "" }]);
  // By the forge, and not by the file: what is in it is the branch's word.
  const judged = options.rejudge ? judgedAgain(read, (await forge?.labels()) ?? pipeline.labels, options) : read;
  const reviews = withRun(judged, pipeline, options);
  const comments = options.each
    ? reviews.map((review) => renderComment([review], { key: `${options.key}/${review.stack}` }))
    : [renderComment(reviews, { key: options.key })];
  if (!forge) return void process.stdout.write(comments.join("\n"));

  const done = [];
  for (const comment of comments) done.push(await publish(forge, comment));
  if (options.status) {
    const commit = options.head ?? reviews[0]?.run.commit ?? "";
    if (!/^[0-9a-f]{40,64}$/.test(commit)) throw new UsageError("--status needs the commit: name it with --head.");
    await forge.setStatus(statusOf(reviews, { failOn: options.failOn, key: options.key, commit }));
  }
  say(options, done);
}

/** After the merge: what became of the pull request. */
async function receipts(files: readonly string[], pipeline: Pipeline, options: Options): Promise<void> {
  const { receiptPart, withReceipts } =
    require("../../readers/comment/receipts") as typeof import("../../readers/comment/receipts");
  const { readReceipt } = require("../../plan/read-receipt") as typeof import("../../plan/read-receipt");
  const parts = files.map((file) => {
    try {
      return receiptPart(readReceipt(readFileSync(file, "utf8")), options.runUrl ?? pipeline.run.url);
    } catch (error) {
      throw new UsageError(
        `${file} is no receipt: ${(error as Error).message}\nWrite one with: slipway release STACK --json > ${file}`,
      );
    }
  });
  if (options.dryRun) return void process.stdout.write(withReceipts("", parts).trimStart());
  const number = options.merged === undefined ? undefined : await mergedNumber(options.merged, pipeline, options);
  if (options.merged !== undefined && number === undefined) return say(options, [{ what: "unmerged", url: "" }]);
  const forge = await forgeOf(pipeline, { ...options, ...(number !== undefined && { pullRequest: number }) });
  if (forge === undefined) return say(options, [{ what: "outdated", url: "" }]);
  const { attach } = require("../../forge/attach") as typeof import("../../forge/attach");
  say(options, [await attach(forge, options.key, parts)]);
}

async function mergedNumber(commit: string, pipeline: Pipeline, options: Options): Promise<number | undefined> {
  const of = placeOf(pipeline);
  if (pipeline.forge === "gitlab") {
    const { mergedWith } = require("../../forge/gitlab") as typeof import("../../forge/gitlab");
    return mergedWith(of, commit);
  }
  const { mergedWith } = require("../../forge/github") as typeof import("../../forge/github");
  return mergedWith({ ...of, author: options.author }, commit);
}

function judgedAgain(read: readonly Review[], labels: readonly string[], { cwd }: Options): Review[] {
  const { rejudged, unmentioned } = require("../../review/rejudge") as typeof import("../../review/rejudge");
  return [
    ...read.map((review) => rejudged(review, cwd, labels)),
    // A preview that failed as a whole has said so.
    ...(read.every(({ failure, project }) => failure && project === "")
      ? []
      : unmentioned(read, cwd).map((stack) => failedReview(stack, "The branch's preview says nothing of this stack."))),
  ];
}

function say({ json }: Options, done: readonly { readonly what: string; readonly url: string }[]): void {
  const lines = done.map(({ what, url }) => `${said[what]} ${url}`.trim());
  process.stdout.write(json ? `${JSON.stringify(done)}\n` : `${lines.join("\n")}\n`);
}

const said: Readonly<Record<string, string>> = {
  created: "Created",
  updated: "Updated",
  unchanged: "Already up to date:",
  "kept-newer": "A newer run has written already:",
  outdated: "The pull request has newer commits; their run writes the comment.",
  unmerged: "The commit came with no pull request.",
};

function readReviews(files: readonly string[], ifMissing: string | undefined): Review[] {
  const byStack = new Map<string, Review>();
  for (const file of files) {
    if (ifMissing !== undefined && !existsSync(file)) {
      byStack.set(file, failedReview(basename(file, ".json"), ifMissing));
      continue;
    }
    try {
      for (const review of reviewsIn(file)) byStack.set(review.stack, review);
    } catch (error) {
      // Nothing said would leave the last run's comment standing.
      if (ifMissing === undefined) throw error;
      byStack.set(file, failedReview(basename(file, ".json"), `${ifMissing}\n${(error as Error).message}`));
    }
  }
  return [...byStack.values()];
}

/** The file may have been written by anybody, and cut off anywhere. */
function reviewsIn(file: string): Review[] {
  const { isReview } = require("../../review/is-review") as typeof import("../../review/is-review");
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${file} cannot be read as a review: ${(error as Error).message}`);
  }
  const reviews = [content].flat();
  if (reviews.length === 0 || !reviews.every(isReview))
    throw new UsageError(`${file} is no review of this version: write it with slipway diff --review.`);
  return reviews;
}

function failedReview(stack: string, message: string): Review {
  const run = { number: 0, attempt: 1, commit: "", at: new Date().toISOString() };
  return {
    version: 1,
    project: "",
    stack,
    failure: { kind: "program", message },
    unknowns: [],
    run,
    reproduce: "npx slipway diff",
  };
}

/** Who runs, and when, is never taken from the file: another, less trusted job may have written it. */
function withRun(
  reviews: readonly Review[],
  pipeline: Pipeline,
  { run, runUrl, artifactUrl, head }: Options,
): Review[] {
  return reviews.map((review) => ({
    ...review,
    run: {
      number: 0,
      attempt: 1,
      commit: head ?? review.run.commit,
      at: review.run.at,
      ...pipeline.run,
      ...run,
      ...(runUrl && { url: runUrl }),
      ...(artifactUrl && { artifactUrl }),
    },
  }));
}

/** Undefined when `--head` is no longer the head. */
async function forgeOf(pipeline: Pipeline, options: Options): Promise<Forge | undefined> {
  const number = options.pullRequest ?? pipeline.pullRequest;
  if (number === undefined) throw new UsageError("Which pull request? Name it with --pull-request.");
  const pullRequest = { ...placeOf(pipeline), number };
  if (pipeline.forge === "gitlab") {
    const { gitlab } = require("../../forge/gitlab") as typeof import("../../forge/gitlab");
    return gitlab(pullRequest);
  }
  const { github, headOf } = require("../../forge/github") as typeof import("../../forge/github");
  const warn = (message: string) => void process.stderr.write(`${message}\n`);
  const settings = { ...pullRequest, author: options.author, warn };
  if (options.head !== undefined && (await headOf(settings)) !== options.head) return undefined;
  return github(settings);
}

function placeOf({ forge, apiUrl, repository, token }: Pipeline): Omit<PullRequest, "number"> {
  if (repository === undefined)
    throw new UsageError("Which repository? Set GITHUB_REPOSITORY=owner/name or CI_PROJECT_ID.");
  if (token === undefined)
    throw new UsageError(`No token: set ${forge === "github" ? "GITHUB_TOKEN" : "GITLAB_TOKEN"}.`);
  return { apiUrl, repository, token };
}

function positive(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("expected a number from 1");
  return Number(text);
}

function runNumber(text: string): Pick<Run, "number" | "attempt"> {
  const found = /^(\d+)\.(\d+)$/.exec(text);
  if (!found) throw new InvalidArgumentError("expected number.attempt, such as 1841.1");
  return { number: Number(found[1]), attempt: Number(found[2]) };
}
