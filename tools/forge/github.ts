import { randomUUID } from "node:crypto";
import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import { Octokit } from "@octokit/rest";
import { CommentGone, type Forge, type ForgeComment, type PullRequest } from "./forge";

export interface GitHubOptions extends PullRequest {
  /** Login that writes the comments: `github-actions[bot]` for the token of a workflow. */
  readonly author: string;
  /** For tests: how much slower than GitHub asks for retries are, 0 for at once. */
  readonly retryFactor?: number;
  /** Where waits for the rate limit are announced. */
  readonly warn?: (message: string) => void;
}

const ThrottledOctokit = Octokit.plugin(retry, throttling);
const mostRetries = 4;

export function github(options: GitHubOptions): Forge {
  const octokit = client(options);
  const [owner = "", repo = ""] = options.repository.split("/");
  const issue = { owner, repo, issue_number: options.number };
  return {
    async ownComments() {
      const comments = await octokit.paginate(octokit.rest.issues.listComments, { ...issue, per_page: 100 });
      // Only our own count: anybody may write a comment that looks like one of ours.
      return comments.filter(({ user }) => user?.login === options.author).map(plain);
    },
    async create(body) {
      return plain((await octokit.rest.issues.createComment({ ...issue, body })).data);
    },
    async update(id, body) {
      return plain((await orGone(octokit.rest.issues.updateComment({ owner, repo, comment_id: id, body }))).data);
    },
    async remove(id) {
      await orGone(octokit.rest.issues.deleteComment({ owner, repo, comment_id: id }));
    },
    async labels() {
      const labels = await octokit.paginate(octokit.rest.issues.listLabelsOnIssue, { ...issue, per_page: 100 });
      return labels.map(({ name }) => name);
    },
    async setStatus({ commit, context, passed, description, url }) {
      const state = passed ? "success" : "failure";
      const status = { context, state, description, ...(url !== undefined && { target_url: url }) } as const;
      await octokit.rest.repos.createCommitStatus({ owner, repo, sha: commit, ...status });
    },
  };
}

function client({ apiUrl, token, retryFactor = 1000, warn = () => {} }: Omit<GitHubOptions, "number">) {
  const again = (kind: string) => (seconds: number, _request: unknown, _octokit: unknown, tries: number) => {
    warn(`GitHub: ${kind} limit, waiting ${seconds} s`);
    return tries < mostRetries;
  };
  return new ThrottledOctokit({
    auth: token,
    baseUrl: apiUrl,
    userAgent: "slipway",
    log: { debug() {}, info() {}, warn() {}, error() {} },
    retry: { retries: mostRetries, retryAfterBaseValue: retryFactor, doNotRetry: [400, 401, 403, 404, 410, 422] },
    throttle: {
      // Without an id of its own, every client of the process would wait for the requests of all others.
      id: randomUUID(),
      retryAfterBaseValue: retryFactor,
      fallbackSecondaryRateRetryAfter: 60,
      onRateLimit: again("rate"),
      onSecondaryRateLimit: again("secondary rate"),
    },
  });
}

function plain(comment: { id: number; body?: string; html_url: string }): ForgeComment {
  return { id: comment.id, body: comment.body ?? "", url: comment.html_url };
}

async function orGone<Response>(request: Promise<Response>): Promise<Response> {
  try {
    return await request;
  } catch (error) {
    const status = (error as { status?: number }).status;
    if (status === 404 || status === 410) throw new CommentGone();
    throw error;
  }
}

/** The newest commit of the pull request. @public Loaded late. */
export async function headOf(options: GitHubOptions): Promise<string> {
  const [owner = "", repo = ""] = options.repository.split("/");
  const { data } = await client(options).rest.pulls.get({ owner, repo, pull_number: options.number });
  return data.head.sha;
}

/** The pull request that brought a commit into the branch, if one did. @public Loaded late. */
export async function mergedWith(options: Omit<GitHubOptions, "number">, commit: string): Promise<number | undefined> {
  const [owner = "", repo = ""] = options.repository.split("/");
  const { data } = await client(options).rest.repos.listPullRequestsAssociatedWithCommit({
    owner,
    repo,
    commit_sha: commit,
  });
  return data.find(({ merged_at }) => merged_at !== null)?.number;
}
