/** A horizon drawn from a word: the same word, the same sea. */
export function Sea({ seed, topic, className }: { seed: string; topic: string; className?: string }) {
  const random = generator(seed)
  const sun = { x: 60 + random() * 280, y: 46 + random() * 34, r: 16 + random() * 14 }
  return <Scene sun={sun} horizon={108} rise={24} random={random} className={`sea-${topic} ${className ?? ''}`} />
}

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
}

function Scene({ sun, horizon, rise, random, className }: SceneProps) {
  const waves = [0, 1, 2, 3].map((row) => wave(horizon + row * rise, 5 + row * 2, random))
  return (
    <svg className={`sea ${className}`} viewBox="0 0 400 200" preserveAspectRatio="xMaxYMax slice" aria-hidden="true">
      <rect className="sky" width="400" height="200" />
      <circle className="glow" cx={sun.x} cy={sun.y} r={sun.r * 2.2} />
      <circle className="sun" cx={sun.x} cy={sun.y} r={sun.r} />
      {waves.map((path, row) => (
        <path key={path} className={`wave wave-${row}`} d={path} />
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
