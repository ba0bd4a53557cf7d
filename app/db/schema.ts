import { index, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { topics } from '../logbook/topics'

const id = () => uuid().primaryKey().defaultRandom()
const at = () => timestamp({ withTimezone: true })

/** Mail addresses are kept encrypted; `emailIndex` is a keyed hash to find them by. */
export const users = pgTable('users', {
  id: id(),
  name: text().notNull(),
  emailIndex: text().notNull().unique(),
  emailSealed: text().notNull(),
  createdAt: at().notNull().defaultNow(),
})

export const sessions = pgTable('sessions', {
  tokenHash: text().primaryKey(),
  userId: uuid()
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' }),
  expiresAt: at().notNull(),
})

export const signInTokens = pgTable('sign_in_tokens', {
  tokenHash: text().primaryKey(),
  emailSealed: text().notNull(),
  expiresAt: at().notNull(),
})

export const entries = pgTable(
  'entries',
  {
    id: id(),
    slug: text().notNull().unique(),
    title: text().notNull(),
    summary: text().notNull(),
    body: text().notNull(),
    topic: text({ enum: topics }).notNull(),
    coverKey: text(),
    coverWidth: integer(),
    coverHeight: integer(),
    authorId: uuid().references(() => users.id, { onDelete: 'set null' }),
    authorName: text().notNull(),
    publishedAt: at().notNull().defaultNow(),
    updatedAt: at().notNull().defaultNow(),
  },
  (table) => [index().on(table.publishedAt.desc()), index().on(table.topic, table.publishedAt.desc())],
)
