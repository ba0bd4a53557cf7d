import { setTimeout as sleep } from "node:timers/promises";
import { CommentGone, type Forge, type ForgeComment, type PullRequest } from "./forge";

export interface GitLabOptions extends PullRequest {
  /** For tests: milliseconds that one second of waiting takes. */
  readonly retryFactor?: number;
}

type Client = Omit<GitLabOptions, "number">;

const maxAttempts = 5;

/** Notes on a merge request. Needs a project access token: GitLab's job token may not write notes. */
export function gitlab(options: GitLabOptions): Forge {
  const notes = `/projects/${encodeURIComponent(options.repository)}/merge_requests/${options.number}/notes`;
  const plain = (note: Note): ForgeComment => ({ id: note.id, body: note.body, url: `#note_${note.id}` });
  const send = async (method: string, path: string, body?: object) =>
    plain(await json<Note>(await call(options, method, path, body)));
  return {
    async ownComments() {
      const me = await json<{ id: number }>(await call(options, "GET", "/user"));
      const own: Note[] = [];
      for (let page: string | null = "1"; page;) {
        const response: Response = await call(
          options,
          "GET",
          `${notes}?sort=asc&order_by=created_at&per_page=100&page=${page}`,
        );
        own.push(...(await json<Note[]>(response)).filter(({ system, author }) => !system && author.id === me.id));
        page = response.headers.get("x-next-page") || null;
      }
      return own.map(plain);
    },
    create: (body) => send("POST", notes, { body }),
    update: (id, body) => send("PUT", `${notes}/${id}`, { body }),
    async remove(id) {
      await call(options, "DELETE", `${notes}/${id}`);
    },
    async labels() {
      const request = await json<{ labels: string[] }>(await call(options, "GET", notes.replace(/\/notes$/, "")));
      return request.labels;
    },
    async setStatus({ commit, context, passed, description, url }) {
      const status = { state: passed ? "success" : "failed", name: context, description, target_url: url };
      await call(options, "POST", `${notes.replace(/\/merge_requests\/.*/, "")}/statuses/${commit}`, status);
    },
  };
}

/** The merge request that brought a commit into the branch, if one did. @public Loaded late. */
export async function mergedWith(options: Client, commit: string): Promise<number | undefined> {
  const path = `/projects/${encodeURIComponent(options.repository)}/repository/commits/${commit}/merge_requests`;
  const requests = await json<{ iid: number; state: string }[]>(await call(options, "GET", path));
  return requests.find(({ state }) => state === "merged")?.iid;
}

interface Note {
  readonly id: number;
  readonly body: string;
  readonly system: boolean;
  readonly author: { readonly id: number };
}

/** Waits out rate limits, server errors and lost connections; anything else that is not a success is an error. */
async function call(options: Client, method: string, path: string, body?: object): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const response = await request(options, method, path, body);
    if (response instanceof Response && response.ok) return response;
    if (response instanceof Response && response.status === 404 && path.includes("/notes/")) throw new CommentGone();
    const passing = !(response instanceof Response) || response.status === 429 || response.status >= 500;
    if (!passing || attempt === maxAttempts) throw await explain(method, path, response);
    const asked = response instanceof Response ? Number(response.headers.get("retry-after")) : 0;
    await sleep(Math.max(asked, 2 ** attempt) * (options.retryFactor ?? 1000));
  }
}

async function request(options: Client, method: string, path: string, body?: object): Promise<Response | Error> {
  try {
    return await fetch(options.apiUrl + path, {
      method,
      headers: { "private-token": options.token, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch (error) {
    return error as Error;
  }
}

async function explain(method: string, path: string, response: Response | Error): Promise<Error> {
  if (response instanceof Error) return new Error(`GitLab cannot be reached: ${response.message}`, { cause: response });
  const said = (await response.text()).slice(0, 300);
  return new Error(`GitLab answered ${response.status} to ${method} ${path}: ${said}`);
}

async function json<Value>(response: Response): Promise<Value> {
  return (await response.json()) as Value;
}
