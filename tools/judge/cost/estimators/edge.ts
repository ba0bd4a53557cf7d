import { count, type Estimator } from "../estimator";

const million = 1_000_000;
/** Of an account and month: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/PayingForInvalidation.html */
const freePaths = 1000;

/** CloudFront at the rates of Europe and the United States; other continents cost more. */
export const distribution: Estimator = (_distribution, { assume }) => [
  {
    what: "requests",
    quantity: assume("cdn.requestsPerMonth") / million,
    price: "cloudfront.requests",
    assumes: ["cdn.requestsPerMonth"],
  },
  {
    what: "transfer to visitors",
    quantity: assume("cdn.transferGbPerMonth"),
    price: "cloudfront.gb",
    assumes: ["cdn.transferGbPerMonth"],
  },
  {
    what: "tags and paths invalidated",
    quantity: Math.max(0, assume("cdn.invalidationPathsPerMonth") - freePaths),
    price: "cloudfront.invalidations",
    assumes: ["cdn.invalidationPathsPerMonth"],
  },
];

export const edgeFunction: Estimator = (_function, { assume }) => [
  {
    what: "edge function",
    quantity: assume("cdn.requestsPerMonth") / million,
    price: "cloudfront.functions",
    assumes: ["cdn.requestsPerMonth"],
  },
];

/** Managed rule groups of AWS cost as one rule each. */
export const webAcl: Estimator = ({ inputs }, { assume }) => [
  { what: "firewall", quantity: 1, price: "waf.acl" },
  { what: "firewall rules", quantity: count(inputs["rules"]), price: "waf.rule" },
  {
    what: "requests inspected",
    quantity: assume("cdn.requestsPerMonth") / million,
    price: "waf.requests",
    assumes: ["cdn.requestsPerMonth"],
  },
];
