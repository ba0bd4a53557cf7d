import { Fragment } from 'react'

/** A horizon drawn from a word: the same word, the same sea. What is on it tells the topic. */
export function Sea({ seed, topic, className }: { seed: string; topic: string; className?: string }) {
  const random = generator(seed)
  // The first numbers of words that are alike are alike.
  for (let skipped = 0; skipped < 8; skipped++) random()
  const left = random() < 0.5
  const sun = { x: left ? 250 + random() * 110 : 40 + random() * 110, y: 34 + random() * 46, r: 14 + random() * 18 }
  const horizon = 96 + random() * 26
  const at = { x: left ? 60 + random() * 100 : 240 + random() * 100, y: horizon + 14, scale: 0.85 + random() * 0.5 }
  return (
    <Scene sun={sun} horizon={horizon} rise={20 + random() * 8} random={random} className={`sea-${topic} ${className ?? ''}`}>
      <path
        className="sight"
        d={sights[topic] ?? sights.feature}
        transform={`translate(${at.x.toFixed(0)} ${at.y.toFixed(0)}) scale(${(left ? at.scale : -at.scale).toFixed(2)} ${at.scale.toFixed(2)})`}
      />
      {random() < 0.6 && (
        <path
          className="gulls"
          d={gulls}
          transform={`translate(${(left ? sun.x - 110 : sun.x + 70).toFixed(0)} ${(sun.y - 14).toFixed(0)})`}
        />
      )}
    </Scene>
  )
}

/** Standing on the point 0, 0. */
const sights: Record<string, string> = {
  // A boat under sail, two in a race, a lighthouse on its rock, a buoy.
  feature: 'M-26 0h52l-8 14h-36zM-2-4v-58l-26 54zM4-4v-50l22 46z',
  performance: 'M-44 2h34l-6 10h-22zM-28-2l6-46-24 40zM8 4h40l-7 12h-26zM26 0l9-62-30 54zM32 0l10-46 10 40z',
  security: 'M-30 12q4-16 18-16h24q14 0 18 16zM-9-6l4-52h10l4 52zM-8-62h16v-4h-16zM-5-66l5-9 5 9z',
  fix: 'M-14 4h28l-5 8h-18zM-9 0l6-30h6l6 30zM-3-34h6v-5h-6z',
}
const gulls = 'M0 0q5-6 10 0q5-6 10 0q-5-3-10 2q-5-5-10-2zM30 12q4-5 8 0q4-5 8 0q-4-2-8 2q-4-4-8-2z'

/** The same, with room for words on the left. */
export function WideSea() {
  return (
    <Scene sun={{ x: 322, y: 66, r: 24 }} horizon={158} rise={12} random={generator('a calm evening')} className="sea-wide" />
  )
}

interface SceneProps {
  sun: { x: number; y: number; r: number }
  horizon: number
  rise: number
  random: () => number
  className: string
  /** Between the second and the third wave. */
  children?: React.ReactNode
}

function Scene({ sun, horizon, rise, random, className, children }: SceneProps) {
  const waves = [0, 1, 2, 3].map((row) => wave(horizon + row * rise, 5 + row * 2, random))
  return (
    <svg className={`sea ${className}`} viewBox="0 0 400 200" preserveAspectRatio="xMaxYMax slice" aria-hidden="true">
      <rect className="sky" width="400" height="200" />
      <circle className="glow" cx={sun.x} cy={sun.y} r={sun.r * 2.2} />
      <circle className="sun" cx={sun.x} cy={sun.y} r={sun.r} />
      {waves.map((path, row) => (
        <Fragment key={path}>
          {row === 1 && children}
          <path className={`wave wave-${row}`} d={path} />
        </Fragment>
      ))}
    </svg>
  )
}

function wave(level: number, height: number, random: () => number): string {
  const length = 70 + random() * 60
  let x = -random() * length
  let path = `M${x.toFixed(0)} ${level}`
  for (; x < 400; x += length)
    path += `q${(length / 4).toFixed(0)} ${(-height).toFixed(1)} ${(length / 2).toFixed(0)} 0t${(length / 2).toFixed(0)} 0`
  return `${path}V200H-140Z`
}

function generator(seed: string): () => number {
  let state = 2166136261
  for (const letter of seed) state = Math.imul(state ^ letter.charCodeAt(0), 16777619)
  return () => {
    state = Math.imul(state ^ (state >>> 15), 2246822507) + 0x9e3779b9
    return ((state ^ (state >>> 13)) >>> 0) / 4294967296
  }
}
