import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { dockerfile, dockerignore } from './dockerfile.js'
import { managerOf, readPackage, workspaceRoot } from './project.js'

/** Writes what an image is built from; what is there already stays. The Dockerfile lies in the application's folder. */
export function init(project: string) {
  const root = workspaceRoot(project) ?? project
  const folder = relative(root, project)
  const { name, scripts = {} } = readPackage(project)
  const manager = managerOf(project)
  const files = {
    Dockerfile: dockerfile({
      manager,
      folder,
      publicVariables: publicVariables(project),
      before:
        folder && existsSync(join(root, 'turbo.json')) && name && scripts.build
          ? `npx turbo run build --filter='${name}^...'`
          : undefined,
    }),
    // The context is the root of the workspace; a file of this name beside the Dockerfile goes before any `.dockerignore`.
    [folder ? 'Dockerfile.dockerignore' : '.dockerignore']: dockerignore,
  }
  for (const [file, text] of Object.entries(files)) {
    if (existsSync(join(project, file))) {
      console.log(`  ${file} is there already: left as it is`)
      continue
    }
    writeFileSync(join(project, file), text)
    console.log(`  ${file} written`)
  }
  console.log(`
Build it   docker build -t app ${folder ? `-f ${join(folder, 'Dockerfile')} ` : ''}.${folder ? '      (in the root of the workspace)' : ''}
Run it     docker run --rm -p 3000:3000 app
Deploy it  in the stack file: slipway:build: { context: ${folder ? `., dockerfile: ${join(folder, 'Dockerfile')}` : '<this folder>'} }`)
}

/** NEXT_PUBLIC_ names in the application's own files: Next.js writes their values into what browsers get, at build time. */
function publicVariables(project: string): string[] {
  const names = new Set<string>()
  const visit = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name === 'node_modules' || (entry.name.startsWith('.') && !entry.name.startsWith('.env'))) continue
      const path = join(folder, entry.name)
      if (entry.isDirectory()) visit(path)
      else if (/\.([cm]?[jt]sx?)$|^\.env/.test(entry.name))
        for (const [found] of readFileSync(path, 'utf8').matchAll(/\bNEXT_PUBLIC_[A-Z0-9_]+\b/g)) names.add(found)
    }
  }
  visit(project)
  return [...names].sort()
}
