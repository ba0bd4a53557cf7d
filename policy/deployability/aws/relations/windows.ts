/** `03:15-03:45` or `sun:04:00-sun:05:00` as minutes of the day. */
export function minutesOf(window: string | undefined): readonly [number, number] | undefined {
  const match = /^(?:[a-z]{3}:)?(\d\d):(\d\d)-(?:[a-z]{3}:)?(\d\d):(\d\d)$/i.exec(window ?? "");
  if (!match) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = match.slice(1).map(Number);
  return [a * 60 + b, c * 60 + d];
}

export function lengthOf([from, to]: readonly [number, number]): number {
  return (to - from + 1440) % 1440;
}

export function overlap(a: readonly [number, number], b: readonly [number, number]): boolean {
  const inside = (minute: number, window: readonly [number, number]) =>
    (minute - window[0] + 1440) % 1440 < lengthOf(window);
  return inside(a[0], b) || inside(b[0], a);
}
