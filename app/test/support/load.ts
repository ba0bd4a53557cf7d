/** Keeps asking from `workers` sides until stopped; the answers by status. */
export function load(workers: number, ask: () => Promise<number>) {
  const answers = new Map<number | string, number>()
  let running = true
  const loops = Array.from({ length: workers }, async () => {
    while (running) {
      const answer = await ask().catch((error: Error & { cause?: { code?: string } }) => error.cause?.code ?? error.message)
      answers.set(answer, (answers.get(answer) ?? 0) + 1)
      await new Promise(setImmediate)
    }
  })
  return async () => {
    running = false
    await Promise.all(loops)
    return answers
  }
}
