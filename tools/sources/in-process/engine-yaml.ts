import { readFileSync } from "node:fs";
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type Scalar,
  visit,
  type YAMLMap,
} from "yaml";
import { resolveScalar } from "./go-scalars";

/**
 * YAML as the Pulumi engine reads it: the dialect of Go's yaml.v3. The parser's own library reads more than that, and what
 * Go refuses is refused here: each difference has a case in test/tools/sources/in-process/corpus.
 *
 * @throws Error with the place.
 */
export function readEngineYaml(file: string): unknown {
  const text = decoded(readFileSync(file));
  const lines = new LineCounter();
  // Of several documents the first counts.
  const [document] = parseAllDocuments(text, {
    schema: "failsafe",
    uniqueKeys: false,
    keepSourceTokens: true,
    lineCounter: lines,
    logLevel: "error",
  });
  if (document === undefined || !("toJS" in document)) return null;
  const [error] = document.errors;
  if (error !== undefined) throw error;
  const { explicit, version } = document.directives.yaml;
  // It is Go's yaml.v3 that takes no other, though it reads much of 1.2.
  if (explicit === true && version !== "1.1") {
    throw new Error(
      `%YAML ${version} is a version that the Pulumi engine refuses: remove the line, or write %YAML 1.1`,
    );
  }
  const fail = (at: number | undefined, message: string): never => {
    throw new Error(at === undefined ? message : `line ${lines.linePos(at).line}: ${message}`);
  };
  checkTokens(document, text, fail);
  return new Reader(document, fail).read(document.contents);
}

type Fail = (at: number | undefined, message: string) => never;

/** UTF-8, or UTF-16 with its mark. Line ends of every system are one, and no sign is there that nobody sees. */
function decoded(bytes: Buffer): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  let text;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`it is not written in ${encoding.toUpperCase()}: save it as UTF-8`);
  }
  text = text.replaceAll(/\r\n?/g, "\n");

  const hidden = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]/.exec(text);
  if (hidden !== null) {
    const code = hidden[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    throw new Error(
      `line ${text.slice(0, hidden.index).split("\n").length}: a control character, U+${code}: remove it, or write it as "\\u${code}"`,
    );
  }
  return text;
}

/** What the parser takes and Go's does not. */
function checkTokens(document: Document, text: string, fail: Fail): void {
  const inside: (readonly [number, number])[] = [];
  visit(document, {
    Collection: (_, node) => void (node.flow === true && inside.push([node.range![0], node.range![1]])),
    Scalar: (_, node) => {
      const [start, end] = node.range!;
      if (node.type !== "PLAIN") inside.push([start, end]);
      if (node.type === "QUOTE_DOUBLE") {
        const source = text.slice(start, end);
        const wrong = /(?<!\\)(?:\\\\)*(\\(?:[^0abt\tnvfre "'\\N_LPxuU\n]|u[dD][89a-fA-F]))/.exec(source)?.[1];
        if (wrong !== undefined) fail(start, `${wrong} is no escape: write \\\\ for a backslash`);
      }
      const inFlow = inside.some(([from, to]) => from < start && start < to);
      if (node.type === "PLAIN" && inFlow && text[start] === "?")
        fail(start, "a question mark starts a key: put the text in quotes");
    },
  });
  for (const { index } of text.matchAll(/^ *\t\s*?$/gm)) {
    if (index < (document.range?.[1] ?? 0) && !inside.some(([from, to]) => from < index && index < to))
      fail(index, "a tab and nothing else: remove it");
  }
}

/** Go refuses a document that grows to more than this by its aliases; so do we, much earlier. */
const mostAliases = 1000;

class Reader {
  private aliases = 0;
  private readonly open = new Set<Node>();

  constructor(
    private readonly document: Document,
    private readonly fail: Fail,
  ) {}

  read(node: unknown): unknown {
    if (isScalar(node)) return this.scalar(node);
    if (isSeq(node)) return this.within(node, () => node.items.map((item) => this.read(item)));
    if (isMap(node)) return this.within(node, () => fromEntries(this.entries(node)));
    // One of a list of pairs, which the parser makes of `!!omap`.
    if (isPair(node)) return fromEntries(this.entries({ items: [node] }));
    return isAlias(node) ? this.read(this.aliased(node)) : null;
  }

  private scalar(node: Scalar): unknown {
    try {
      return resolveScalar(node.source ?? "", node.tag, (node.type ?? "PLAIN") !== "PLAIN");
    } catch (error) {
      return this.fail(node.range?.[0], (error as Error).message);
    }
  }

  private aliased(alias: Alias): Node {
    const { source, range } = alias;
    const found = alias.resolve(this.document);
    if (found === undefined) return this.fail(range?.[0], `there is no anchor &${source} before *${source}`);
    if (this.open.has(found)) return this.fail(range?.[0], `&${source} holds itself`);
    if (++this.aliases > mostAliases) return this.fail(range?.[0], "aliases of aliases of aliases: too many");
    return found;
  }

  private within<T>(node: Node, read: () => T): T {
    this.open.add(node);
    const result = read();
    this.open.delete(node);
    return result;
  }

  /** By key; the mapping's own come before those that it merges, wherever `<<` stands. */
  private entries(node: Pick<YAMLMap, "items">): Map<string, unknown> {
    const own = new Map<string, unknown>();
    const merged: unknown[] = [];
    const seen = new Set<string>();
    for (const { key: written, value } of node.items) {
      const key = isAlias(written) ? this.aliased(written) : written;
      const at = (key as Node | null)?.range?.[0];
      if (!isScalar(key)) return this.fail(at, "a list or a mapping is no key: put the text in quotes");
      const { source = "", tag, range } = key;
      if (seen.has(source)) this.fail(at, `the key ${JSON.stringify(source)} is there twice`);
      seen.add(source);
      if (range !== undefined && range !== null && range[1] - range[0] > 1024)
        this.fail(at, "a key has 1,024 characters at most");
      if (source === "<<" && (tag === undefined || tag === "!")) merged.push(value);
      else own.set(this.key(key), this.read(value));
    }
    for (const value of merged) {
      const from = isAlias(value) ? this.aliased(value) : value;
      for (const each of isSeq(from) ? from.items : [from]) {
        const mapping = isAlias(each) ? this.aliased(each) : each;
        if (!isMap(mapping))
          return this.fail((mapping as Node | null)?.range?.[0], "<< takes a mapping, or a list of mappings");
        for (const [key, item] of this.within(mapping, () => this.entries(mapping)))
          if (!own.has(key)) own.set(key, item);
      }
    }
    return own;
  }

  /** As Go prints what is no text. */
  private key(node: Scalar): string {
    const value = this.scalar(node);
    return value === null ? "<nil>" : `${value as string | number | bigint | boolean}`;
  }
}

/** Sorted by code point, as the engine hands mappings over: the order in the file means nothing. */
function fromEntries(entries: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const sorted = [...entries].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return Object.fromEntries(sorted);
}

export function mapping(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** What a key holds, as the text that the engine hands to the program: of a mapping, JSON as Go writes it. */
export function asConfigText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? json(value) : `${value as string | number | boolean | bigint}`;
}

/** Go escapes what HTML reads, and keeps whole numbers of 64 bits; what is more is a fraction. */
function json(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(json).join(",")}]`;
  if (typeof value === "bigint") return value < 2n ** 63n ? `${value}` : JSON.stringify(Number(value));
  if (typeof value !== "object" || value === null) {
    return JSON.stringify(value).replaceAll(
      /[<>&\u2028\u2029]/g,
      (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  }
  const entries = Object.entries(value).map(([key, item]) => `${json(key)}:${json(item)}`);
  return `{${entries.join(",")}}`;
}
