import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

/** A quantity says what it counts, in its name or in its text. */
const unit =
  /(Gb|Mb|Days|Seconds|Minutes|Percent|Millis|Milliseconds|Port|Replicas|Images)$|\b(GiB|MiB|seconds|minutes|days|hours|percent|milliseconds|thousandths|requests|servers|services|nodes|zones|tasks|pods|port|place|images|user|connections|USD)\b/i;

/** What is missing of the documentation of every argument that a library entry exports, `.ts` or `.d.ts`: all of it is public. */
export function undocumented(folder: string, entries: readonly string[], extension: ".ts" | ".d.ts"): string[] {
  const found = new Map<string, ts.InterfaceDeclaration>();
  const read = new Set<string>();
  const wanted = new Set<string>();
  for (const entry of entries) {
    for (const { from, names } of exportsOf(parse(join(folder, `${entry}${extension}`)))) {
      readAll(join(folder, dirname(entry), from));
      for (const name of names) wanted.add(name);
    }
  }
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const name of wanted) check(name);
  return problems;

  function check(name: string): void {
    const declaration = found.get(name);
    if (declaration === undefined || seen.has(name) || !/Args$|^(Aws)?Ingress$|^Process$/.test(name)) return;
    seen.add(name);
    for (const base of declaration.heritageClauses?.flatMap(({ types }) => [...types]) ?? []) {
      for (const [word] of base.getText().matchAll(/\w+/g)) check(word);
    }
    for (const member of declaration.members) if (ts.isPropertySignature(member)) checkMember(name, member);
  }

  function checkMember(owner: string, member: ts.PropertySignature): void {
    const text = ts
      .getJSDocCommentsAndTags(member)
      .map((part) => part.getText())
      .join("\n");
    const [prose = ""] = text.split(/@(?:default|example)/);
    const lacks = [
      ...(/[A-Za-z]{2}/.test(prose) ? [] : ["a sentence"]),
      ...(member.questionToken === undefined || text.includes("@default") ? [] : ["@default"]),
      ...(text.includes("@example") ? [] : ["@example"]),
      ...(member.type?.kind !== ts.SyntaxKind.NumberKeyword || unit.test(`${member.name.getText()}\n${text}`)
        ? []
        : ["a unit"]),
    ];
    if (lacks.length > 0) problems.push(`${owner}.${member.name.getText()} lacks ${lacks.join(", ")}`);
  }

  /** A file, and what it imports of the components: arguments have bases elsewhere. */
  function readAll(path: string): void {
    if (read.has(path)) return;
    read.add(path);
    const source = parse(`${path}${extension}`);
    for (const statement of source.statements) {
      if (ts.isInterfaceDeclaration(statement)) found.set(statement.name.text, statement);
      if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
      const from = statement.moduleSpecifier;
      if (from !== undefined && ts.isStringLiteral(from) && from.text.startsWith(".")) {
        readAll(join(dirname(path), from.text));
      }
    }
  }
}

function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
}

function exportsOf(source: ts.SourceFile): { readonly from: string; readonly names: readonly string[] }[] {
  return source.statements.filter(ts.isExportDeclaration).flatMap(({ exportClause, moduleSpecifier }) =>
    exportClause !== undefined && ts.isNamedExports(exportClause) && moduleSpecifier !== undefined
      ? [
          {
            from: (moduleSpecifier as ts.StringLiteral).text,
            names: exportClause.elements.map(({ name }) => name.text),
          },
        ]
      : [],
  );
}
