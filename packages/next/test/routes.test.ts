import assert from 'node:assert/strict'
import { createRoutes } from '../src/server/routes.js'

const route = (name: string, rendering: 'static' | 'partial' | 'dynamic', kind: 'page' | 'api' = 'page', regex?: string) => ({
  route: name,
  kind,
  rendering,
  regex,
})

describe('routes', () => {
  const { labelOf, isRenderedEachTime, renderingOf, owns } = createRoutes({
    basePath: '/shop',
    locales: ['en', 'de'],
    prerendered: { '/about': 'static', '/entries/old': 'static' },
    routes: [
      route('/', 'dynamic'),
      route('/about', 'static'),
      route('/cart', 'partial'),
      route('/entries/[slug]', 'dynamic', 'page', '^/shop[/]?/entries/(?<nxtPslug>[^/]+?)(\\.rsc|)(?:/)?$'),
      route('/api/ready', 'dynamic', 'api'),
    ],
  })

  it('have labels of a fixed set, whatever is asked for: below the base path, with a locale, with a slash at the end', () => {
    const asked = {
      '/shop': '/',
      '/shop/': '/',
      '/shop/entries/a': '/entries/[slug]',
      '/shop/entries/b/': '/entries/[slug]',
      '/shop/de/about': '/about',
      '/shop/_next/data/build/de/about.json': '/about',
      '/shop/_next/data/build/index.json': '/',
      '/shop/_next/static/x.js': '/_next/static',
      '/shop/_next/image': '/_next/image',
      '/wp-admin': 'other',
      '/shop/entries/a/b': 'other',
    }
    assert.deepEqual(Object.fromEntries(Object.keys(asked).map((path) => [path, labelOf(path)])), asked)
  })

  it('say how a path is rendered, which one route may do in two ways, and nothing of what is no page', () => {
    const paths = ['/shop', '/shop/about/', '/shop/cart', '/shop/entries/old', '/shop/entries/new', '/shop/api/ready', '/other']
    assert.deepEqual(paths.map(renderingOf), ['dynamic', 'static', 'partial', 'static', 'dynamic', undefined, undefined])
    assert.deepEqual(['/', '/about', '/entries/[slug]', '/api/ready', 'other'].map(isRenderedEachTime), [
      true,
      false,
      true,
      false,
      false,
    ])
  })

  it('know the Pages Router with locales, whose build puts one in front of every path', () => {
    const { labelOf: label, renderingOf: rendering } = createRoutes({
      basePath: '',
      locales: ['en', 'de'],
      prerendered: { '/en': 'static', '/en/posts/first': 'static' },
      routes: [
        route('/index', 'dynamic'),
        route('/posts/[slug]', 'dynamic', 'page', '^[/]?(?<nextLocale>[^/]{1,})/posts/(?<nxtPslug>[^/]+?)(?:/)?$'),
      ],
    })
    assert.deepEqual(['/', '/de/', '/posts/first/', '/de/posts/first'].map(label), ['/', '/', '/posts/[slug]', '/posts/[slug]'])
    const paths = ['/', '/de', '/posts/first/', '/en/posts/first', '/de/posts/first']
    assert.deepEqual(paths.map(rendering), ['static', 'dynamic', 'static', 'static', 'dynamic'])
  })

  it('know which paths the application answers itself', () => {
    assert.deepEqual(['/shop/api/ready', '/api/ready', '/shop/api/health'].map(owns), [true, true, false])
  })
})
