import { setTimeout as sleep } from "node:timers/promises";
import type { Visitor } from "./visitor";

/** The demo lets a visitor write 30 an hour. */
const each = 28;

/** Several people who write one entry after the other, and remember what the site has acknowledged. */
export class Authors {
  readonly acknowledged: string[] = [];
  /** What happened, and when. */
  readonly failures: string[] = [];
  private writing?: Promise<void>;
  private running = false;
  private attempts = 0;

  private constructor(private readonly visitors: readonly Visitor[]) {}

  static async signedIn(count: number, visitor: () => Visitor): Promise<Authors> {
    const visitors: Visitor[] = [];
    for (let index = 0; index < count; index += 1) {
      const one = visitor();
      await one.signIn(`author-${index}@example.com`);
      visitors.push(one);
    }
    return new Authors(visitors);
  }

  start(): void {
    this.running = true;
    this.writing = this.write();
  }

  async pause(): Promise<void> {
    this.running = false;
    await this.writing;
  }

  readonly stop = () => this.pause();

  private async write(): Promise<void> {
    while (this.running) {
      const author = this.visitors[Math.floor(this.attempts / each)];
      if (author === undefined) throw new Error("nobody is left who may write");
      this.attempts += 1;
      const entry = {
        ...{ title: `Fault ${this.attempts}`, topic: "feature", summary: "What happened while it was written." },
        body: "This is there, or the page that said so was wrong.",
      };
      const failed = (what: string) =>
        this.failures.push(`write ${this.attempts}: ${what} at ${new Date().toISOString()}`);
      await author.submit("/write", entry).then(
        ({ status, location }) => {
          const slug = /^\/entries\/([\w-]+)$/.exec(location)?.[1];
          if (status === 303 && slug !== undefined) this.acknowledged.push(slug);
          else failed(`${status} ${location}`);
        },
        (error: Error) => failed(error.message.split("\n")[0]!.slice(0, 200)),
      );
      await sleep(400);
    }
  }
}
