import { strict as assert } from "node:assert";
import type { Forge } from "../../../tools/forge/forge";
import { github } from "../../../tools/forge/github";
import { gitlab } from "../../../tools/forge/gitlab";
import { writeMarker } from "../../../tools/readers/comment/marker";
import { attach } from "../../../tools/forge/attach";
import { publish } from "../../../tools/forge/publish";
import { receiptPart } from "../../../tools/readers/comment/receipts";
import { receipt } from "../operate/receipts";
import { ForgeServer } from "./forge-server";

function text(run: number, { key = "prod", attempt = 1, rest = "hello" } = {}): string {
  return `${writeMarker({ key, run: { number: run, attempt } })}\n\n${rest}`;
}

const now = { settleSeconds: 0 };
const pullRequest = { repository: "acme/shop", number: 12, token: "t", retryFactor: 0 };
const forges: Readonly<Record<string, (apiUrl: string) => Forge>> = {
  github: (apiUrl) => github({ ...pullRequest, apiUrl, author: "github-actions[bot]" }),
  gitlab: (apiUrl) => gitlab({ ...pullRequest, apiUrl }),
};

for (const [name, make] of Object.entries(forges)) {
  describe(`publishing on ${name}`, () => {
    let server: ForgeServer;
    let forge: Forge;
    const bodies = () => server.comments.map(({ body }) => body);
    const writes =
      name === "github" ? { list: "GET /repos", update: "PATCH" } : { list: "GET /projects", update: "PUT" };

    // These are about the order of looking and writing, not about the forge; octokit's spacing of writes makes them slow.
    const algorithm = name === "gitlab" ? it : () => {};

    beforeEach(async () => {
      server = new ForgeServer();
      forge = make(await server.start());
    });
    afterEach(() => server.stop());

    it("writes one comment, then keeps it up to date", async () => {
      assert.equal((await publish(forge, text(1), now)).what, "created");
      assert.equal((await publish(forge, text(2), now)).what, "updated");
      assert.equal((await publish(forge, text(2), now)).what, "unchanged");
      assert.deepEqual(bodies(), [text(2)]);
    });

    it("finds its comment behind three pages of others", async () => {
      for (let i = 0; i < 250; i++) server.add(`remark ${i}`, "somebody");
      const own = server.add(text(1));
      for (let i = 0; i < 60; i++) server.add(`later ${i}`, "somebody");
      await publish(forge, text(2), now);
      assert.equal(own.body, text(2));
      assert.equal(server.comments.length, 311);
    });

    it("puts a receipt under the comment, where a later preview leaves it", async () => {
      const prod = receiptPart(receipt);
      assert.equal((await attach(forge, "prod", [prod], now)).what, "created");
      assert.equal((await publish(forge, text(3), now)).what, "updated");
      const staging = receiptPart({ ...receipt, stack: "staging" });
      assert.equal((await attach(forge, "prod", [staging], now)).what, "updated");
      assert.equal((await attach(forge, "prod", [staging], now)).what, "unchanged");
      assert.equal((await publish(forge, text(3), now)).what, "unchanged");
      assert.equal((await publish(forge, text(2), now)).what, "kept-newer");
      assert.deepEqual(bodies(), [`${text(3)}\n\n${prod}\n\n${staging}\n`]);
    });

    algorithm("writes once where not all receipts fit", async () => {
      server.add(text(1));
      const many = Array.from({ length: 30 }, (_, index) => receiptPart({ ...receipt, stack: `stack-${index}` }));
      assert.equal((await attach(forge, "prod", many, now)).what, "updated");
      assert.equal((await attach(forge, "prod", many, now)).what, "unchanged");
      assert.equal(server.requests.filter((line) => line.startsWith(writes.update)).length, 1);
    });

    algorithm("attaches again when another run writes right after it", async () => {
      server.add(text(1));
      server.afterWrite = () => {
        server.afterWrite = () => {};
        server.comments[0]!.body = text(2);
      };
      await attach(forge, "prod", [receiptPart(receipt)], now);
      assert.deepEqual(bodies(), [`${text(2)}\n\n${receiptPart(receipt)}\n`]);
    });

    algorithm("keeps one comment a key", async () => {
      await publish(forge, text(1, { key: "prod" }), now);
      await publish(forge, text(1, { key: "staging -->" }), now);
      await publish(forge, text(2, { key: "staging -->" }), now);
      assert.deepEqual(bodies(), [text(1, { key: "prod" }), text(2, { key: "staging -->" })]);
    });

    it("never overwrites a newer run, nor a later attempt of the same run", async () => {
      server.add(text(5, { attempt: 2 }));
      assert.equal((await publish(forge, text(4), now)).what, "kept-newer");
      assert.equal((await publish(forge, text(5, { attempt: 1 }), now)).what, "kept-newer");
      assert.deepEqual(bodies(), [text(5, { attempt: 2 })]);
    });

    algorithm("writes again when an older run slips in right after it", async () => {
      const slips = [text(1), text(1)];
      server.afterWrite = () => {
        const older = slips.pop();
        if (older) server.comments[0]!.body = older;
      };
      await publish(forge, text(2), now);
      assert.deepEqual(bodies(), [text(2)]);
    });

    algorithm("leaves one comment when two runs create theirs at the same moment", async () => {
      server.afterWrite = () => {
        server.afterWrite = () => {};
        server.add(text(1));
      };
      await publish(forge, text(2), now);
      assert.deepEqual(bodies(), [text(2)]);
    });

    it("is not misled by a comment that somebody else made look like one of ours", async () => {
      const forged = server.add(text(999_999), "mallory");
      await publish(forge, text(1), now);
      assert.deepEqual(bodies(), [text(999_999), text(1)]);
      assert.equal(forged.body, text(999_999));
    });

    it("ignores a marker that is quoted further down", async () => {
      const quote = server.add(`> ${text(9)}`);
      await publish(forge, text(1), now);
      assert.equal(quote.body, `> ${text(9)}`);
      assert.equal(server.comments.length, 2);
    });

    it("creates it anew when it is deleted between look-up and write", async () => {
      server.add(text(1));
      server.faults.push({ on: writes.update, status: 404, meanwhile: (comments) => comments.splice(0) });
      assert.equal((await publish(forge, text(2), now)).what, "created");
      assert.deepEqual(bodies(), [text(2)]);
    });

    it("outlasts server errors and rate limits", async () => {
      server.faults.push({ on: writes.list, status: 502 }, { on: writes.list, status: 503 });
      server.faults.push({ on: writes.list, status: 429, headers: { "retry-after": "1" } });
      assert.equal((await publish(forge, text(1), now)).what, "created");
      assert.deepEqual(bodies(), [text(1)]);
    });

    it("gives up at once when it may not write, and says what the forge said", async () => {
      server.faults.push({ on: "POST", status: 403, message: "Resource not accessible by integration" });
      await assert.rejects(publish(forge, text(1), now), /Resource not accessible by integration/);
      assert.equal(server.requests.filter((line) => line.startsWith("POST")).length, 1);
    });
  });
}

describe("publishing on github", () => {
  it("waits out the secondary limit, which comes as a 403", async () => {
    const server = new ForgeServer();
    const forge = forges["github"]!(await server.start());
    const limit = { status: 403, headers: { "retry-after": "2" }, message: "You have exceeded a secondary rate limit" };
    server.faults.push({ on: "POST", ...limit }, { on: "GET", ...limit });
    try {
      assert.equal((await publish(forge, text(1), now)).what, "created");
      assert.equal(server.comments.length, 1);
    } finally {
      server.stop();
    }
  });
});
