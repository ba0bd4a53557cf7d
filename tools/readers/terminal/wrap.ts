import { stripVTControlCharacters } from "node:util";

/**
 * Lines no wider than the terminal, broken between words; what goes on stands further in than its line began. What is not
 * written to a terminal, or a word that is wider, stays as it is.
 */
export function wrapped(text: string, columns = process.stdout.isTTY ? process.stdout.columns : 0): string {
  if (columns < 40) return text;
  return text
    .split("\n")
    .flatMap((line) => wrapLine(line, columns))
    .join("\n");
}

function wrapLine(line: string, columns: number): string[] {
  if (widthOf(line) <= columns) return [line];
  // A colour may begin before the line's own spaces.
  const start = /^(?:\u001b\[\d+m)* */.exec(line)![0];
  const indent = widthOf(start);
  const hanging = " ".repeat(Math.min(indent + 4, 12));
  const lines: string[] = [];
  let current = start;
  let width = indent;
  for (const part of line.slice(start.length).split(/( +)/)) {
    const partWidth = widthOf(part);
    if (width + partWidth > columns && width > hanging.length) {
      lines.push(current.trimEnd());
      // Spaces between two words are gone with the line's end.
      const starts = part.trim() === "" ? "" : part;
      current = hanging + starts;
      width = hanging.length + widthOf(starts);
    } else {
      current += part;
      width += partWidth;
    }
  }
  return [...lines, current.trimEnd()];
}

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
