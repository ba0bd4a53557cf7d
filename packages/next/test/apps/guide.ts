import { readFileSync } from 'node:fs'

const guide = readFileSync(new URL('../../../../docs/bring-your-app.md', import.meta.url), 'utf8')

/** The commands of a block of docs/bring-your-app.md: by the word after `sh`, or by the heading above it. */
export function commands(name: string): string[] {
  const block =
    guide.match(new RegExp(`^\`\`\`sh ${name}\\n([\\s\\S]*?)^\`\`\`$`, 'm')) ??
    guide.match(new RegExp(`^## ${name}\\n[\\s\\S]*?^\`\`\`sh\\n([\\s\\S]*?)^\`\`\`$`, 'm'))
  const lines = block?.[1]?.trim().split('\n')
  if (!lines) throw new Error(`docs/bring-your-app.md has no commands for ${name}`)
  return lines
}
