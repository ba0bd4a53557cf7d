/** Where to go next, as asked for by a visitor: a path of this site, or home. Closes open redirects. */
export function localPath(wanted: unknown): string {
  if (typeof wanted !== 'string' || !wanted.startsWith('/')) return '/'
  const base = 'http://local.invalid'
  const url = URL.canParse(wanted, base) ? new URL(wanted, base) : undefined
  return url?.origin === base ? url.pathname + url.search : '/'
}
