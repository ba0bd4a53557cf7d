import { deepEqual, equal, throws } from "node:assert/strict";

import { NotKnown, Secret, Unknown, Value } from "../../policy/index";

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

  it("reads numbers that are written as text, and nothing else as a number", () => {
    deepEqual(
      ["7", " 7 ", 7, "7.5", "", "  ", "7a", undefined, {}].map((raw) => value(raw).number()),
      [7, 7, 7, 7.5, ...Array<undefined>(5).fill(undefined)],
    );
  });

  it("compares what is there with what is there, and nothing with nothing", () => {
    const same = (a: unknown, b: unknown) => value(a).sameAs(value(b));
    deepEqual(
      [same("a", "a"), same("a", "b"), same("7", 7), same(undefined, undefined), same(undefined, null)],
      [true, false, true, true, true],
    );
    deepEqual(
      [same(undefined, "a"), same("a", undefined), same({}, {}), same(undefined, {})],
      [false, false, false, false],
    );
    const part = (template: string, source = "urn#a") => new Unknown([source], template);
    equal(same(part("{0}-x"), part("{0}-x")), true);
    throws(() => same(part("{0}-x"), part("{0}-y")), NotKnown);
    throws(() => same(part("{0}-x"), part("{0}-x", "urn#b")), NotKnown);
    throws(() => same(new Unknown(), new Unknown()), NotKnown);
    throws(() => same("a", new Unknown(["urn#a"])), NotKnown);
  });

  it("answers of a string in parts what its parts decide, and says what they leave open", () => {
    const text = (template: string) => partly(template, "urn#a", "urn#b").text()!;
    const answer = (ask: () => boolean) => {
      try {
        return ask();
      } catch (error) {
        return error instanceof NotKnown ? "open" : String(error);
      }
    };
    deepEqual(
      ["ab", "abc", "abX", "Xab", "abXcd", "cd"].map((whole) => answer(() => text("ab{0}cd").equals(whole))),
      [false, false, false, false, "open", false],
    );
    equal(
      answer(() => text("ab{0}c{1}d").equals("abXYd")),
      false,
    );
    deepEqual(
      ["a", "ab", "abc", "b"].map((start) => answer(() => text("ab{0}cd").startsWith(start))),
      [true, true, "open", false],
    );
    deepEqual(
      ["d", "cd", "bcd", "c"].map((end) => answer(() => text("ab{0}cd").endsWith(end))),
      [true, true, "open", false],
    );
    deepEqual(
      ["ab", "cd", "x"].map((part) => answer(() => text("ab{0}cd").includes(part))),
      [true, true, "open"],
    );
    deepEqual(
      [/^ab$/, /d/, /x/].map((pattern) => answer(() => text("ab{0}cd").matches(pattern))),
      [true, true, "open"],
    );
    const known = value("abcd").text()!;
    deepEqual(
      [
        known.startsWith("ab"),
        known.startsWith("b"),
        known.endsWith("cd"),
        known.endsWith("c"),
        known.includes("bc"),
        known.includes("x"),
        known.matches(/x/),
      ],
      [true, false, true, false, true, false, false],
    );
    deepEqual(
      [known.head, known.tail, text("ab{0}cd").head, text("ab{0}cd").tail, text("{0}").tail],
      ["abcd", "abcd", "ab", "cd", ""],
    );
    deepEqual([text("ä b{0}c").knownBytes, text("ä b{0} c ").knownCharacters], [5, 3]);
    equal(
      answer(() => text("{0}").whole() === "x"),
      "open",
    );
    equal(known.whole(), "abcd");
  });

  it("parses a document with many parts that are not known, each by its own source", () => {
    const sources = Array.from({ length: 12 }, (_, index) => `urn#${index}`);
    const document = partly('{"a":"{11}-{2}","b":{10},"c":"\\\\","d":"{0}"}', ...sources).json();
    deepEqual(document.get("a").sources, ["urn#11", "urn#2"]);
    equal((document.get("a").raw as Unknown).template, "{0}-{1}");
    deepEqual([document.get("b").sources, document.get("d").sources], [["urn#10"], ["urn#0"]]);
    equal(document.get("c").string(), "\\");
    deepEqual(partly('{"a":"{0}"}').json().get("a").sources, []);
    throws(() => value("{a").json(), { message: "property property is not a JSON document" });
    throws(() => partly("{a{0}", "urn#a").json(), { message: "property property is not known until deployment" });
    equal(value({ a: 1 }).json().get("a").number(), 1);
    equal(value(7).json().number(), 7);
  });

  it("says of a secret that it is one, and nothing more", () => {
    const hidden = value({ a: new Secret() }).get("a");
    deepEqual([hidden.isSecret, hidden.present, hidden.get("b").isSecret], [true, true, true]);
    throws(() => hidden.string(), { message: "property property.a is marked secret, so rules do not see it" });
    throws(() => hidden.items(), NotKnown);
    throws(() => hidden.entries(), NotKnown);
  });

  it("a list, one that stands for a list, and none", () => {
    deepEqual(
      [["a", "b"], "a", undefined, null].map((raw) =>
        value(raw)
          .items()
          .map(({ path, raw: item }) => [path, item]),
      ),
      [
        [
          ["property[0]", "a"],
          ["property[1]", "b"],
        ],
        [["property", "a"]],
        [],
        [],
      ],
    );
    deepEqual(
      value({ a: 1, b: 2 })
        .entries()
        .map(([name, { path }]) => [name, path]),
      [
        ["a", "property.a"],
        ["b", "property.b"],
      ],
    );
    deepEqual([value(["a"]).entries(), value("a").entries(), value(null).entries()], [[], [], []]);
    equal(value({ b: 1 }).either("a", "b").path, "property.b");
    equal(value({}).either("a", "b").path, "property.a");
    equal(value(Object.create({ inherited: 1 })).get("inherited").present, false);
  });

  it("is one of several words, and is none where it is not there", () => {
    deepEqual(
      [
        value("a").is("a", "b"),
        value("c").is("a", "b"),
        value(undefined).is("undefined"),
        value(true).is(true),
        value("true").is(true),
      ],
      [true, false, false, true, true],
    );
    deepEqual([value("a").isNot("a"), value("c").isNot("a", "b"), value(undefined).isNot("a")], [false, true, true]);
  });
});
