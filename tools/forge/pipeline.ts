import { readFileSync } from "node:fs";
import type { Run } from "../review/review";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a pipeline says it runs. Options of the command line go before it. */
export interface Pipeline {
  readonly forge: "github" | "gitlab";
  readonly apiUrl: string;
  readonly repository?: string;
  readonly pullRequest?: number;
  readonly token?: string;
  /** Labels of the pull request when the pipeline began. */
  readonly labels: readonly string[];
  readonly run: Partial<Run>;
}

export function pipelineOf(env: Environment): Pipeline {
  return env["GITLAB_CI"] === "true" ? ofGitLab(env) : ofGitHub(env);
}

/** https://docs.github.com/en/actions/reference/workflows-and-actions/variables */
function ofGitHub(env: Environment): Pipeline {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env;
  return {
    forge: "github",
    apiUrl: env["GITHUB_API_URL"] ?? "https://api.github.com",
    repository,
    ...pullRequestOf(env["GITHUB_EVENT_PATH"]),
    token: env["GITHUB_TOKEN"],
    run: {
      ...numbers(env["GITHUB_RUN_NUMBER"], env["GITHUB_RUN_ATTEMPT"]),
      ...(server && repository && id && { url: `${server}/${repository}/actions/runs/${id}` }),
    },
  };
}

/** https://docs.gitlab.com/ci/variables/predefined_variables/ */
function ofGitLab(env: Environment): Pipeline {
  const pullRequest = env["CI_MERGE_REQUEST_IID"];
  return {
    forge: "gitlab",
    apiUrl: env["CI_API_V4_URL"] ?? "https://gitlab.com/api/v4",
    repository: env["CI_PROJECT_ID"],
    ...(pullRequest && { pullRequest: Number(pullRequest) }),
    token: env["GITLAB_TOKEN"],
    labels: (env["CI_MERGE_REQUEST_LABELS"] ?? "").split(",").filter((label) => label !== ""),
    run: {
      ...numbers(env["CI_PIPELINE_IID"], undefined),
      ...(env["CI_PIPELINE_URL"] && { url: env["CI_PIPELINE_URL"] }),
    },
  };
}

function numbers(number: string | undefined, attempt: string | undefined): Partial<Run> {
  return number === undefined ? {} : { number: Number(number), attempt: Number(attempt ?? 1) };
}

function pullRequestOf(eventPath: string | undefined): Pick<Pipeline, "pullRequest" | "labels"> {
  if (eventPath === undefined) return { labels: [] };
  const { pull_request: request } = JSON.parse(readFileSync(eventPath, "utf8")) as Event;
  return { pullRequest: request?.number, labels: (request?.labels ?? []).map(({ name }) => name) };
}

interface Event {
  readonly pull_request?: { readonly number: number; readonly labels?: readonly { readonly name: string }[] };
}
