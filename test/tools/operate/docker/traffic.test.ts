import { strict as assert } from "node:assert";
import { sampleOf } from "../../../../tools/operate/docker/traffic";

describe("a line of the ingress' log", () => {
  const line = (more: object) =>
    JSON.stringify({
      ...{ status: 200, method: "GET", path: "/", release: "candidate", headerSeconds: "0.012", seconds: 4.1 },
      ...{ bodyBytes: "512", contentLength: "512" },
      ...more,
    });
  const without = (text: string) => {
    const sample = sampleOf(text);
    return sample && { release: sample.release, status: sample.status, seconds: sample.seconds };
  };

  it("is a request with its release, and the time to its first byte", () => {
    assert.deepEqual(without(line({})), { release: "candidate", status: 200, seconds: 0.012 });
  });

  it("counts the last attempt", () => {
    const retried = line({ release: "-, stable", headerSeconds: "-, 0.5" });
    assert.deepEqual(without(retried), { release: "stable", status: 200, seconds: 0.5 });
  });

  it("has the whole time where no first byte was seen", () => {
    assert.deepEqual(without(line({ status: 504, headerSeconds: "-" })), {
      release: "candidate",
      status: 504,
      seconds: 4.1,
    });
  });

  it("is empty when it is a whole answer to GET, and has no body", () => {
    const isEmpty = (more: object) => sampleOf(line(more))?.empty;
    const empty = { bodyBytes: "0", contentLength: "0" };
    assert.equal(isEmpty(empty), true);
    assert.equal(isEmpty({ bodyBytes: "5", contentLength: "" }), true, "in chunks, of which there is none");
    assert.equal(isEmpty({ bodyBytes: "0", contentLength: "" }), true, "until the connection ends");
    assert.equal(isEmpty({}), false);
    assert.equal(isEmpty({ bodyBytes: "5", contentLength: "5" }), false, "five bytes");
    assert.equal(isEmpty({ bodyBytes: "11", contentLength: "" }), false, "one byte in a chunk");
    assert.equal(isEmpty({ ...empty, method: "HEAD" }), false);
    assert.equal(isEmpty({ ...empty, status: 304 }), false);
    assert.equal(isEmpty({ bodyBytes: undefined, contentLength: undefined }), false, "an ingress that does not say it");
  });

  it("has its method and path", () => {
    const { method, path } = sampleOf(line({ method: "POST", path: "/write" }))!;
    assert.deepEqual([method, path], ["POST", "/write"]);
  });

  for (const [what, text] of Object.entries({
    "a static file": line({ path: "/_next/static/chunks/a.js" }),
    "a redirect of nginx": line({ release: "" }),
    "no log of a request": "2026/11/27 signal process started",
    "half a line": line({}).slice(0, 20),
  })) {
    it(`is nothing when it is ${what}`, () => assert.equal(sampleOf(text), undefined));
  }
});
