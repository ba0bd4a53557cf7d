import Link from 'next/link'

export default function NotFound() {
  return (
    <div className="narrow centred">
      <h1 className="page-title">Nothing on the horizon</h1>
      <p>There is no page at this address. It may have been an entry that its author took back.</p>
      <p>
        <Link href="/">Back to the log</Link>
      </p>
    </div>
  )
}
