'use client'
import { usePathname } from 'next/navigation'
import { useReportWebVitals } from 'next/web-vitals'

const reported = new Set(['LCP', 'INP', 'CLS', 'FCP', 'TTFB'])

const report: Parameters<typeof useReportWebVitals>[0] = ({ name, value }) => {
  if (reported.has(name)) navigator.sendBeacon('/api/vitals', JSON.stringify({ name, value, path: location.pathname }))
}

/** What visitors really experience, as metrics. No cookie, no identity: a number and a path. */
export function Vitals() {
  usePathname()
  useReportWebVitals(report)
  return null
}
