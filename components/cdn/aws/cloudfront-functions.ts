import { nextInternalHeaders } from "../../ingress/contract";

/**
 * Code that runs at each edge, in CloudFront's own JavaScript (cloudfront-js-2.0: no modules, no network, 1 ms). $0.10 for
 * each million requests: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
 */

/**
 * Header in which the site names the tags of a response:
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-by-tags.html
 */
export const cacheTagHeader = "x-amz-meta-cache-tag";

/**
 * Before the cache: one host name, no headers that only Next.js itself may set, and few kinds of browsers for images.
 *
 * @param domain The site's host name; requests to any other are redirected to it.
 * @param basePath What all paths of the application begin with, without a slash at its end.
 */
export function viewerRequest(domain: string, basePath = ""): string {
  return String.raw`const domain = ${JSON.stringify(domain)};

// Next.js trusts these: from outside they skip its middleware, or make it answer with another page's data.
const internal = ${JSON.stringify(nextInternalHeaders)};

function handler(event) {
  const request = event.request;
  const headers = request.headers;
  if (!headers.host || headers.host.value !== domain) {
    return {
      statusCode: 301,
      statusDescription: "Moved Permanently",
      headers: { location: { value: "https://" + domain + request.uri + search(request.querystring) } },
    };
  }
  for (const name of internal) delete headers[name];
  if (request.uri.startsWith(${JSON.stringify(`${basePath}/_next/image`)}) && headers.accept) {
    headers.accept.value = imageFormats(headers.accept.value);
  }
  return request;
}

function search(parameters) {
  const parts = [];
  for (const name in parameters) {
    const all = parameters[name].multiValue || [parameters[name]];
    for (const one of all) parts.push(one.value === "" ? name : name + "=" + one.value);
  }
  return parts.length === 0 ? "" : "?" + parts.join("&");
}

// Each browser words it differently; three answers are all there are to cache.
function imageFormats(accept) {
  if (accept.includes("image/avif")) return "image/avif,image/webp,*/*";
  return accept.includes("image/webp") ? "image/webp,*/*" : "*/*";
}
`;
}

/**
 * After the cache: a response that may be cached sets no cookie. CloudFront stores Set-Cookie with everything else; without
 * this the session of the one visitor for whom a page was rendered would go to all who get it from the cache. And its tags are
 * for the cache alone.
 */
export const viewerResponse = String.raw`function handler(event) {
  const response = event.response;
  if (response.cookies && cacheable(response.headers)) response.cookies = {};
  delete response.headers["${cacheTagHeader}"];
  return response;
}

function cacheable(headers) {
  const control = headers["cache-control"] ? headers["cache-control"].value.toLowerCase() : "";
  if (/\b(private|no-store|no-cache)\b/.test(control)) return false;
  const shared = /\bs-maxage\s*=\s*"?(\d+)/.exec(control);
  const age = shared || /\bmax-age\s*=\s*"?(\d+)/.exec(control);
  return age ? Number(age[1]) > 0 : headers.expires !== undefined;
}
`;

/** After the cache, of what is kept whatever its Cache-Control says: no cookie of the one visitor for whom it was fetched. */
export const withoutCookies = String.raw`function handler(event) {
  const response = event.response;
  response.cookies = {};
  delete response.headers["${cacheTagHeader}"];
  return response;
}
`;
