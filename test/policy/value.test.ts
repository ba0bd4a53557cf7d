import { deepEqual, equal, throws } from "node:assert/strict";

import { NotKnown, Unknown, Value } from "../../policy/index";

const value = (raw: unknown) => new Value(raw, "property");
const partly = (template: string, ...sources: string[]) => value(new Unknown(sources, template));

describe("reading a value", () => {
  it("answers what the known part of a string decides", () => {
    const arn = partly("arn:aws:s3:::{0}/*", "urn#bucket");
    equal(arn.is("*"), false);
    equal(arn.text()?.startsWith("arn:aws:"), true);
    equal(arn.text()?.endsWith("/logs"), false);
    throws(() => arn.is("arn:aws:s3:::shop/*"), NotKnown);
  });

  it("names the property that it lacks, not what is inside of it", () => {
    throws(() => value({ a: new Unknown() }).get("a", "b", "c").is(1), { property: "property.a" });
  });

  it("parses a document around what is not known", () => {
    const document = partly('{"a":"x-{1}","b":{0},"c":[1,"{0}"],"d":"\\"{\\""}', "urn#zero", "urn#one").json();
    deepEqual(document.get("a").sources, ["urn#one"]);
    deepEqual(document.get("b").sources, ["urn#zero"]);
    equal(document.get("c").items()[0]?.number(), 1);
    equal(document.get("d").string(), '"{"');
  });

  it("does not take an unknown string for a list, nor an unknown list for a string", () => {
    equal(partly("{0}-x", "urn#a").items().length, 1);
    throws(() => partly('{"list":{0}}', "urn#a").json().get("list").items(), NotKnown);
  });

  it("takes two references to one output for equal before it exists", () => {
    equal(value(new Unknown(["urn#name"])).sameAs(value(new Unknown(["urn#name"]))), true);
    throws(() => value(new Unknown(["urn#name"])).sameAs(value(new Unknown(["urn#other"]))), NotKnown);
  });
});
