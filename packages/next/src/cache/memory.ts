/** Entries of this process, up to a number of bytes; the least recently used go first. */
export class Memory<T extends { readonly bytes: number }> {
  #entries = new Map<string, T>()
  #bytes = 0

  constructor(private readonly limitBytes: number) {}

  get(key: string): T | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry) // a Map iterates in order of insertion: the oldest is the least used
    return entry
  }

  set(key: string, entry: T) {
    this.delete(key)
    // It would push out everything else, and then itself.
    if (entry.bytes > this.limitBytes / 4) return
    this.#entries.set(key, entry)
    this.#bytes += entry.bytes
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.limitBytes) break
      this.delete(oldest)
    }
  }

  delete(key: string) {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0
    this.#entries.delete(key)
  }
}
