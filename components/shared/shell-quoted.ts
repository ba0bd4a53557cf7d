/** One word of a POSIX shell, whatever is in it. */
export const shellQuoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
