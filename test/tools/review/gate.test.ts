import { deepEqual, equal, ok } from "node:assert/strict";
import { defaultGates, type Gate, gates, shutGates, statusOf } from "../../../tools/review/gate";
import type { Review } from "../../../tools/review/review";
import { reviewsOf, situations } from "../readers/comment/situations";

/** What each pull request of the comment's situations is stopped by, of everything that can be asked for. */
const stopped: Readonly<Record<string, readonly Gate[]>> = {
  "nothing-changes": [],
  "new-image": ["changes"],
  "bigger-database": ["changes"],
  "database-replaced": ["data", "changes"],
  "database-replaced-protected": ["refused", "data", "changes"],
  "policy-fails": ["policies", "changes"],
  "policy-advises": ["changes"],
  "everything-relaxed": ["relaxed", "changes"],
  "base-fails": [],
};

describe("what a pipeline fails on", () => {
  for (const [name, expected] of Object.entries(stopped)) {
    it(`${name}: ${expected.join(", ") || "nothing"}`, () =>
      deepEqual([...new Set(reviewsOf(situations[name]!).flatMap((one) => shutGates(one, gates)))], expected));
  }

  it("asks for no more than it is told", () => {
    const [review] = reviewsOf(situations["policy-fails"]!);
    deepEqual(shutGates(review!, ["data"]), []);
    deepEqual(shutGates(review!, []), []);
    deepEqual(shutGates(review!, defaultGates), ["policies"]);
  });

  it("is one status of all stacks, within what forges take", () => {
    const commit = "a".repeat(40);
    const status = (reviews: readonly Review[]) => statusOf(reviews, { failOn: defaultGates, key: "preview", commit });
    const [calm] = reviewsOf(situations["nothing-changes"]!);
    const [bad] = reviewsOf(situations["policy-fails"]!);
    const [failed] = reviewsOf(situations["program-fails"]!);
    ok(status([calm!]).passed);
    equal(status([calm!, bad!]).passed, false);
    equal(status([calm!, bad!]).description, "prod: policies");
    equal(status([failed!]).description, "prod: no preview");
    ok(status(Array.from({ length: 60 }, () => bad!)).description.length <= 140);
  });
});
