'use client'
import { useActionState } from 'react'
import { topicNames, topics } from '@/logbook/topics'
import type { Draft, SaveState } from '@/logbook/write'

interface Props {
  action: (state: SaveState, form: FormData) => Promise<SaveState>
  initial?: Draft
  submit: string
}

/** Works without JavaScript: the browser posts the form, the server answers with the page and its messages. */
export function EntryForm({ action, initial, submit }: Props) {
  const [state, save, saving] = useActionState(action, {})
  const values = state.values ?? initial
  const error = (name: keyof NonNullable<SaveState['errors']>) =>
    state.errors?.[name] && (
      <p className="error" id={`${name}-error`} role="alert">
        {state.errors[name]}
      </p>
    )
  const described = (name: keyof NonNullable<SaveState['errors']>) =>
    state.errors?.[name] ? { 'aria-invalid': true, 'aria-describedby': `${name}-error` } : {}

  return (
    <form action={save} className="form" encType="multipart/form-data" noValidate>
      {error('form')}
      <label htmlFor="title">Title</label>
      <input id="title" name="title" required maxLength={100} defaultValue={values?.title} {...described('title')} />
      {error('title')}

      <fieldset>
        <legend>Topic</legend>
        <div className="choices">
          {topics.map((topic) => (
            <label key={topic}>
              <input type="radio" name="topic" value={topic} defaultChecked={(values?.topic || 'feature') === topic} />
              {topicNames[topic]}
            </label>
          ))}
        </div>
      </fieldset>
      {error('topic')}

      <label htmlFor="summary">Summary</label>
      <input id="summary" name="summary" required maxLength={200} defaultValue={values?.summary} {...described('summary')} />
      {error('summary')}

      <label htmlFor="body">What changed, and why it matters</label>
      <textarea id="body" name="body" required rows={10} defaultValue={values?.body} {...described('body')} />
      {error('body')}

      <label htmlFor="cover">
        Picture <span className="hint">optional; JPEG, PNG, WebP or AVIF up to 5 MB</span>
      </label>
      <input id="cover" name="cover" type="file" accept="image/jpeg,image/png,image/webp,image/avif" {...described('cover')} />
      {error('cover')}

      <button type="submit" disabled={saving}>
        {saving ? 'Saving…' : submit}
      </button>
    </form>
  )
}
