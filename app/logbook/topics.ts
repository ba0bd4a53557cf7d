export const topics = ['feature', 'performance', 'security', 'fix'] as const
export type Topic = (typeof topics)[number]

export const isTopic = (text: string): text is Topic => (topics as readonly string[]).includes(text)
export const topicNames: Record<Topic, string> = {
  feature: 'Features',
  performance: 'Performance',
  security: 'Security',
  fix: 'Fixes',
}
