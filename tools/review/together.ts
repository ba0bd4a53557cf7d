import { groupBy } from "../../components/shared/group";

/** Rows that say the same of different things, from which number on they are one row. */
const several = 4;

/** What several say in the same words is one row with several subjects; what few say stays as it is. */
export function together<Row>(
  rows: readonly Row[],
  saying: (row: Row) => string,
): readonly (readonly [Row, ...Row[]])[] {
  return [...groupBy(rows, saying).values()].flatMap((same): (readonly [Row, ...Row[]])[] =>
    same.length < several ? same.map((row) => [row]) : [same as unknown as readonly [Row, ...Row[]]],
  );
}

/** `a, b, c and 9 more`. */
export function listed(names: readonly string[], most = 3): string {
  if (names.length <= most) return names.join(", ");
  return `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
}
