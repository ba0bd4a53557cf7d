/** Below this a text is no secret, and masking it would make a log unreadable. */
const shortest = 4;

const patterns: readonly [RegExp, string][] = [
  // Credentials in a URL. To the last @ before the host: a password that nobody encoded may have one too.
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^:/?#\s"'@]*:)[^/\s"']*@/gi, "$1[secret]@"],
  [/(\bauthorization["']?\s*[:=]\s*["']?(?:basic|bearer)\s+)[^\s"',]+/gi, "$1[secret]"],
  // NAME=value, name: 'value', "name":"value".
  [
    /(\b[\w-]*(?:password|passwd|secret|token|api_?key|encryption_?key|private_?key)\b["']?\s*[:=]\s*)("[^"\n]*"|'[^'\n]*'|[^\s"',}\])]+)/gi,
    "$1[secret]",
  ],
];

/**
 * A log without secrets: the values that are known, also as they are in a URL, in JSON and line by line, and whatever looks
 * like one.
 */
export function redacted(text: string, values: readonly string[] = []): string {
  const known = new Set(
    values
      .flatMap((value) => [value.trim(), ...value.split("\n").map((line) => line.trim())])
      .flatMap((value) => [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)])
      .filter(({ length }) => length >= shortest),
  );
  // The longest first, or what remains of it would be shown.
  const masked = [...known]
    .sort((left, right) => right.length - left.length)
    .reduce((rest, value) => rest.replaceAll(value, "[secret]"), text);
  return patterns.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), masked);
}
