import tls from 'node:tls'
import { shared } from '../shared.js'

const known = () => shared('authorities', () => ({ before: undefined as string[] | undefined }))

/** Trusts the authority of the database in the whole process, for clients that cannot be told of it. */
export function trust(authorities: readonly string[]) {
  known().before ??= tls.getCACertificates('default')
  tls.setDefaultCACertificates([...(known().before as string[]), ...authorities])
}

/** What was trusted before: for connections of this package's own to anything else than the database. */
export const publicAuthorities = () => known().before
