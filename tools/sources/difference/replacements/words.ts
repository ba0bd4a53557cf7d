/** `words("a b")` for `["a", "b"]`: a table of many short names stays one row a type. */
export function words(text: string): readonly string[] {
  return text.split(" ");
}
