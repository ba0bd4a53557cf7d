/** One line a step, as it is said. */
export type Say = (line: string) => void;

export interface Drill {
  readonly ok: boolean;
  /** When it began. RFC 3339. */
  readonly at: string;
  /** Label of the base backup that was restored. */
  readonly backup?: string;
  /** Where the backup was read from. */
  readonly where: string;
  /** Seconds from a committed write until it was archived. */
  readonly recoveryPointSeconds?: number;
  /** Seconds from the start of the restore until the restored server answered. */
  readonly recoverySeconds?: number;
  /** Absent, as rows: nothing was compared. */
  readonly tables?: number;
  readonly rows?: number;
  /** Why it failed. */
  readonly error?: string;
}

export interface Backups {
  readonly repositories: readonly {
    readonly where: string;
    /** Oldest first. */
    readonly backups: readonly { readonly label: string; readonly type: string; readonly at: string }[];
  }[];
  /** When the last part of the database's log was archived. RFC 3339. */
  readonly archivedAt?: string;
  readonly segmentsWaiting: number;
  readonly lastDrill?: Drill;
  /** When the newest backup was restored that passed a drill. RFC 3339. */
  readonly lastRestoredBackup?: string;
}

export interface Restored {
  /** Database with the copy; after a swap it has the live one's name. */
  readonly copy?: string;
  /** Name of what was live. Absent: it still is. */
  readonly before?: string;
  /** Rows by table, now and in the copy; undefined where there is no such table. */
  readonly tables: readonly {
    readonly name: string;
    readonly live?: number;
    readonly restored?: number;
    readonly same: boolean;
  }[];
  /** What to do with the copy. Absent: it can be put in the live one's place, or is there. */
  readonly next?: string;
}

/** The verbs of data on one target. */
export interface DataDriver {
  backup(say: Say): Promise<Backups>;
  /** A copy as of a time, compared where rows can be reached, and in the live one's place unless it is only to be looked at. */
  restore(at: string, look: boolean, say: Say): Promise<Restored>;
  /** A database that a restore has left in the live one's place. */
  swap(database: string, say: Say): Promise<Restored>;
  drill(say: Say): Promise<Drill>;
  backups(): Promise<Backups>;
  /** When the newest backup was restored that passed a drill. RFC 3339. Undefined: none is known. */
  lastRestored(): Promise<string | undefined>;
}

/** For a status or a receipt, which do not fail for want of it. */
export async function lastRestoredOf(driver: () => DataDriver): Promise<{ readonly lastRestoredBackup?: string }> {
  try {
    const lastRestoredBackup = await driver().lastRestored();
    return lastRestoredBackup === undefined ? {} : { lastRestoredBackup };
  } catch {
    return {};
  }
}
