import type { CommitStatus } from "../review/gate";

/** What Slipway needs of the place where the pull request lives. */
export interface Forge {
  /** Comments that this very account wrote on the pull request, the oldest first. */
  ownComments(): Promise<readonly ForgeComment[]>;
  create(body: string): Promise<ForgeComment>;
  /** Fails with {@link CommentGone} when the comment was deleted meanwhile. */
  update(id: number, body: string): Promise<ForgeComment>;
  remove(id: number): Promise<void>;
  /** Labels of the pull request, by name. */
  labels(): Promise<readonly string[]>;
  setStatus(status: CommitStatus): Promise<void>;
}

export interface ForgeComment {
  readonly id: number;
  readonly body: string;
  readonly url: string;
}

export class CommentGone extends Error {}

export interface PullRequest {
  /** Of the API: `https://api.github.com`, `https://gitlab.com/api/v4`. */
  readonly apiUrl: string;
  /** `acme/shop`; for GitLab also the numeric id of the project. */
  readonly repository: string;
  readonly number: number;
  readonly token: string;
}
