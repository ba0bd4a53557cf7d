export const topics = ['feature', 'performance', 'security', 'fix'] as const
export type Topic = (typeof topics)[number]

export const isTopic = (text: string): text is Topic => (topics as readonly string[]).includes(text)
export const topicNames: Record<Topic, string> = {
  feature: 'Features',
  performance: 'Performance',
  security: 'Security',
  fix: 'Fixes',
}
export const topicSummaries: Record<Topic, string> = {
  feature: 'What you can do today and could not do yesterday.',
  performance: 'What got faster, measured before and after.',
  security: 'What keeps your data yours.',
  fix: 'What was wrong, for how long, and for whom.',
}
