/** A value that is known only after deployment. */
export class Unknown {
  /**
   * @param sources The outputs it is made of, as `urn#property`; empty when nobody can tell.
   * @param template The string around the outputs, `arn:aws:s3:::{0}/*`, when the rest is known.
   */
  constructor(
    readonly sources: readonly string[] = [],
    readonly template?: string,
  ) {}
}

/** A value that was marked secret. What it was is gone: a rule can know that it is one, and nothing more. */
export class Secret {}

const reasons = {
  unknown: "is not known until deployment",
  secret: "is marked secret, so rules do not see it",
  partial: "is not set by this patch, which shows a part of the object alone",
  unreadable: "is not a JSON document",
} as const;

/** Why a property could not be read. The evaluation turns it into the answer "not evaluated". */
export class NotKnown extends Error {
  constructor(
    readonly property: string,
    readonly why: keyof typeof reasons,
  ) {
    super(`property ${property} ${reasons[why]}`);
  }
}

type Scalar = string | number | boolean;

/**
 * One property of a resource, with the path that leads to it. Reading what is not known throws
 * {@link NotKnown}; reading what has an odd shape gives nothing. So a rule is written as if
 * everything were known, and can be wrong about nothing.
 */
export class Value {
  constructor(
    readonly raw: unknown,
    readonly path: string,
    private readonly partial = false,
    private readonly documents = new Map<string, Value>(),
  ) {}

  get isUnknown(): boolean {
    return this.raw instanceof Unknown;
  }

  /** The outputs, as `urn#property`, that an unknown value is made of, where somebody knows them. */
  get sources(): readonly string[] {
    return this.raw instanceof Unknown ? this.raw.sources : [];
  }

  get isSecret(): boolean {
    return this.raw instanceof Secret;
  }

  /** Set to something, be it known or not. */
  get present(): boolean {
    return this.raw !== undefined && this.raw !== null;
  }

  /** Certainly not set. A patch that does not mention a property says nothing about it. */
  get absent(): boolean {
    if (this.present) return false;
    if (this.partial) throw new NotKnown(this.path, "partial");
    return true;
  }

  get(...keys: readonly string[]): Value {
    return keys.reduce<Value>((value, key) => value.child(key), this);
  }

  /** The first of several spellings that is present. */
  either(...keys: readonly string[]): Value {
    return this.get(keys.find((key) => this.child(key).present) ?? keys[0] ?? "");
  }

  /** The members of a list. One object stands for a list of one, as older provider versions had it. */
  items(): Value[] {
    // With a template it is a string for sure, so one member.
    if (this.raw instanceof Unknown && this.raw.template !== undefined) return [this];
    this.mustBeKnown();
    if (!this.present) return [];
    if (!Array.isArray(this.raw)) return [this];
    return this.raw.map((item, index) => this.make(item, `${this.path}[${index}]`));
  }

  entries(): [string, Value][] {
    this.mustBeKnown();
    return isRecord(this.raw) ? Object.keys(this.raw).map((key) => [key, this.child(key)]) : [];
  }

  /** Set to one of these. Not set at all counts as no. */
  is(...expected: readonly Scalar[]): boolean {
    return this.present && expected.some((one) => this.text()?.equals(String(one)) ?? false);
  }

  /** Set to something else, or not at all. */
  isNot(...expected: readonly Scalar[]): boolean {
    return this.absent || !this.is(...expected);
  }

  string(): string | undefined {
    return this.text()?.whole();
  }

  number(): number | undefined {
    const text = this.string();
    const number = Number(text);
    return text === undefined || text.trim() === "" || Number.isNaN(number) ? undefined : number;
  }

  /** The string with whatever part of it is known. */
  text(): Text | undefined {
    if (this.raw instanceof Unknown && this.raw.template !== undefined)
      return new Text(this.raw.template, this.path, true);
    this.mustBeKnown();
    return isScalar(this.raw) ? new Text(String(this.raw), this.path, false) : undefined;
  }

  /** The same value as another, known or not: two references to one output are equal before it exists. */
  sameAs(other: Value): boolean {
    if (this.raw instanceof Unknown && other.raw instanceof Unknown && this.raw.sources.length > 0) {
      const [mine, theirs] = [this.raw, other.raw];
      if (mine.template === theirs.template && mine.sources.join() === theirs.sources.join()) return true;
    }
    const theirs = other.text();
    return theirs === undefined ? !this.present && !other.present : (this.text()?.equals(theirs.whole()) ?? false);
  }

  /** The document that a JSON string holds; an object is its own document. Unknown parts stay unknown parts. */
  json(): Value {
    if (!(typeof this.raw === "string" || this.raw instanceof Unknown)) return this;
    const cached = this.documents.get(this.path);
    if (cached) return cached;
    const text = this.text();
    if (!text) return this;
    const document = this.make(text.json(this.raw instanceof Unknown ? this.raw.sources : []), this.path);
    this.documents.set(this.path, document);
    return document;
  }

  private child(key: string): Value {
    // What is inside of something unknown is unknown by the name of the whole: that is what the user can find.
    if (this.isUnknown || this.isSecret) return this;
    const raw = isRecord(this.raw) && Object.hasOwn(this.raw, key) ? this.raw[key] : undefined;
    return this.make(raw, this.path === "" ? key : `${this.path}.${key}`);
  }

  private make(raw: unknown, path: string): Value {
    return new Value(raw, path, this.partial, this.documents);
  }

  private mustBeKnown(): void {
    if (this.isUnknown) throw new NotKnown(this.path, "unknown");
    if (this.isSecret) throw new NotKnown(this.path, "secret");
  }
}

/** A string of which some parts may not be known. Every question is answered when the known parts decide it. */
export class Text {
  /** The known parts; between each two of them is something unknown. */
  private readonly pieces: readonly string[];
  /** For each unknown part, its place in the list of sources. */
  private readonly holes: readonly number[];

  /** @param template The string, with `{n}` for what is not known if `partial`. */
  constructor(
    template: string,
    private readonly path: string,
    partial: boolean,
  ) {
    const parts = partial ? template.split(/\{(\d+)\}/) : [template];
    this.pieces = parts.filter((_, index) => index % 2 === 0);
    this.holes = parts.filter((_, index) => index % 2 === 1).map(Number);
  }

  whole(): string {
    return this.known ? this.first : this.undecided();
  }

  equals(text: string): boolean {
    if (this.known) return this.first === text;
    const fits = text.startsWith(this.first) && text.endsWith(this.last) && this.pieces.every((p) => text.includes(p));
    return fits ? this.undecided() : false;
  }

  startsWith(text: string): boolean {
    if (this.known || this.first.length >= text.length) return this.first.startsWith(text);
    return text.startsWith(this.first) ? this.undecided() : false;
  }

  endsWith(text: string): boolean {
    if (this.known || this.last.length >= text.length) return this.last.endsWith(text);
    return text.endsWith(this.last) ? this.undecided() : false;
  }

  includes(text: string): boolean {
    if (this.pieces.some((piece) => piece.includes(text))) return true;
    return this.known ? false : this.undecided();
  }

  /** Whether a known part alone matches. A part that is not known may always hide a match. */
  matches(pattern: RegExp): boolean {
    if (this.pieces.some((piece) => pattern.test(piece))) return true;
    return this.known ? false : this.undecided();
  }

  /** What comes before the first unknown part. */
  get head(): string {
    return this.first;
  }

  /** What follows the last unknown part; all of it when everything is known. Empty when it ends in something unknown. */
  get tail(): string {
    return this.last;
  }

  /** Bytes of the known parts: so long it is at least. */
  get knownBytes(): number {
    return this.pieces.reduce((bytes, piece) => bytes + Buffer.byteLength(piece), 0);
  }

  /** Characters of the known parts, without white space. */
  get knownCharacters(): number {
    return this.pieces.reduce((characters, piece) => characters + piece.replace(/\s/g, "").length, 0);
  }

  /** Parses a JSON document; each hole becomes an {@link Unknown}, inside of a string or in place of a value. */
  json(sources: readonly string[]): unknown {
    let inString = false;
    const marked = this.pieces.reduce((done, piece, index) => {
      if (index === 0) return piece;
      inString = insideString(this.pieces[index - 1] ?? "", inString);
      const place = `${this.holes[index - 1] ?? 0}${holeEnd}`;
      return done + (inString ? holeStart + place : JSON.stringify(bareHoleStart + place)) + piece;
    }, "");
    try {
      return JSON.parse(marked, (_, value: unknown) => (typeof value === "string" ? unmark(value, sources) : value));
    } catch {
      throw new NotKnown(this.path, this.known ? "unreadable" : "unknown");
    }
  }

  private get known(): boolean {
    return this.pieces.length === 1;
  }

  private get first(): string {
    return this.pieces[0] ?? "";
  }

  private get last(): string {
    return this.pieces[this.pieces.length - 1] ?? "";
  }

  private undecided(): never {
    throw new NotKnown(this.path, "unknown");
  }
}

// Characters from Unicode's private use area: no document has them, and JSON keeps them.
const holeStart = "\uE000";
const holeEnd = "\uE001";
/** In place of a whole value, of whatever kind it will be. */
const bareHoleStart = "\uE002";
const hole = new RegExp(`${holeStart}(\\d+)${holeEnd}`, "g");

/** A string of a document: unknown where it has a hole, and by the sources of its own holes alone. */
function unmark(text: string, sources: readonly string[]): unknown {
  if (text.startsWith(bareHoleStart)) return new Unknown(sources.slice(...placeOf(text)));
  if (!text.includes(holeStart)) return text;
  const own: string[] = [];
  const template = text.replace(hole, (_, index: string) => {
    const source = sources[Number(index)];
    return `{${source === undefined ? own.length : own.push(source) - 1}}`;
  });
  return new Unknown(own, template);
}

function placeOf(bareHole: string): [number, number] {
  const place = Number.parseInt(bareHole.slice(1), 10);
  return [place, place + 1];
}

/** Whether a piece of JSON ends inside of a string literal. */
function insideString(piece: string, inside: boolean): boolean {
  for (let index = 0; index < piece.length; index++) {
    if (piece[index] === "\\" && inside) index++;
    else if (piece[index] === '"') inside = !inside;
  }
  return inside;
}

function isRecord(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === "object" && raw !== null && !Array.isArray(raw);
}

function isScalar(raw: unknown): raw is Scalar {
  return typeof raw === "string" || typeof raw === "number" || typeof raw === "boolean";
}
