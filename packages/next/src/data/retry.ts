import { setTimeout as sleep } from 'node:timers/promises'

/** Repeats `attempt` with growing pauses until it succeeds, `isRetryable` says no, or `forMs` is over. */
export async function retry<T>(
  attempt: () => Promise<T>,
  { forMs, isRetryable }: { forMs: number; isRetryable: (error: unknown) => boolean },
): Promise<T> {
  const deadline = performance.now() + forMs
  for (let pause = 50; ; pause = Math.min(pause * 2, 500)) {
    try {
      return await attempt()
    } catch (error) {
      if (performance.now() + pause > deadline || !isRetryable(error)) throw error
      await sleep(pause * (0.5 + Math.random()))
    }
  }
}
