import { createDatabase, type Drizzle } from '@slipway/next/database'
import * as schema from './schema'
import { seed } from './seed'

export type Database = Drizzle<typeof schema>
export const { read, write, readForVisitor } = createDatabase({ schema, seed })
