import { strict as assert } from "node:assert";
import { runInNewContext } from "node:vm";
import { viewerRequest, viewerResponse, withoutCookies } from "../../../../components/cdn/aws/cloudfront-functions";

type Headers = Record<string, { value: string }>;
interface Request {
  readonly uri: string;
  readonly headers: Headers;
  readonly querystring: Record<string, { value: string; multiValue?: { value: string }[] }>;
}
interface Answer extends Request {
  readonly statusCode?: number;
  readonly cookies?: object;
}

/** Runs the code as an edge does: on plain objects, in a world with nothing else in it. */
function run(code: string, event: object): Answer {
  return JSON.parse(String(runInNewContext(`${code}; JSON.stringify(handler(${JSON.stringify(event)}))`))) as Answer;
}
const request = (given: Partial<Request>): Answer => {
  const event = {
    request: {
      uri: "/",
      querystring: {},
      ...given,
      headers: { host: { value: "shop.example.com" }, ...given.headers },
    },
  };
  return run(viewerRequest("shop.example.com"), event);
};
const response = (headers: Headers): Answer =>
  run(viewerResponse, { response: { headers, cookies: { session: { value: "alice" } } } });

describe("the tags of a page", () => {
  it("stay at the edge", () => {
    const { headers } = response({ "x-amz-meta-cache-tag": { value: "pages,a1" }, etag: { value: "x" } });
    assert.deepEqual(Object.keys(headers), ["etag"]);
  });
});

describe("a file that everybody gets from the cache", () => {
  it("has no cookie and no tags, whatever its Cache-Control says", () => {
    const headers = { "cache-control": { value: "public, max-age=0" }, "x-amz-meta-cache-tag": { value: "pages" } };
    const answer = run(withoutCookies, { response: { headers, cookies: { session: { value: "alice" } } } });
    assert.deepEqual([answer.cookies, Object.keys(answer.headers)], [{}, ["cache-control"]]);
  });
});

describe("the edge, before the cache", () => {
  it("passes a request for the site on as it is", () => {
    const asked = request({ uri: "/cart", querystring: { _rsc: { value: "1abc" } } });
    assert.equal(asked.statusCode, undefined);
    assert.deepEqual([asked.uri, asked.querystring], ["/cart", { _rsc: { value: "1abc" } }]);
  });

  it("leads every other host name to the site, with path and query", () => {
    const moved = request({
      uri: "/cart",
      headers: { host: { value: "www.shop.example.com" } },
      querystring: { a: { value: "1", multiValue: [{ value: "1" }, { value: "2" }] }, b: { value: "" } },
    });
    assert.equal(moved.statusCode, 301);
    assert.equal(moved.headers["location"]?.value, "https://shop.example.com/cart?a=1&a=2&b");
  });

  it("takes out what only Next.js may tell itself", () => {
    const internal = ["x-middleware-subrequest", "x-middleware-skip", "x-now-route-matches", "x-invoke-status"];
    const { headers } = request({
      headers: { ...Object.fromEntries(internal.map((name) => [name, { value: "1" }])), rsc: { value: "1" } },
    });
    assert.deepEqual(Object.keys(headers).sort(), ["host", "rsc"]);
  });

  it("knows three kinds of browsers for images, and leaves the rest alone", () => {
    const accept = (uri: string, value: string) =>
      request({ uri, headers: { accept: { value } } }).headers["accept"]?.value;
    assert.equal(accept("/_next/image", "image/avif,image/webp,image/apng,*/*;q=0.8"), "image/avif,image/webp,*/*");
    assert.equal(accept("/_next/image", "image/webp,image/png;q=0.9"), "image/webp,*/*");
    assert.equal(accept("/_next/image", "image/png"), "*/*");
    assert.equal(accept("/", "text/html"), "text/html");
  });
});

describe("the edge, after the cache", () => {
  const keepsCookie = (control?: string, others: Headers = {}) =>
    Object.keys(
      response({ ...(control === undefined ? {} : { "cache-control": { value: control } }), ...others }).cookies!,
    ).length > 0;

  for (const control of [
    "s-maxage=60, stale-while-revalidate=300",
    "public, max-age=31536000, immutable",
    "MAX-AGE=1",
    's-maxage="60"',
  ]) {
    it(`hands out no cookie with "${control}"`, () => assert.equal(keepsCookie(control), false));
  }

  it("hands out no cookie with an Expires alone", () => {
    assert.equal(keepsCookie(undefined, { expires: { value: "Wed, 21 Oct 2099 07:28:00 GMT" } }), false);
  });

  for (const control of [
    undefined,
    "private, no-cache, no-store, max-age=0, must-revalidate",
    "no-store",
    "private, max-age=60",
    "s-maxage=0, max-age=60",
    "max-age=0",
  ]) {
    it(`keeps the cookie with ${control === undefined ? "no Cache-Control" : `"${control}"`}`, () =>
      assert.equal(keepsCookie(control), true));
  }
});
