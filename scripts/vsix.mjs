// npm run vsix: packs the extension for VS Code, with the package as it would be published inside.

import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createVSIX } from '@vscode/vsce'
import { pack } from './pack.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const extension = join(root, 'contrib/vscode')
const inside = join(extension, 'dist/ptrace-probe')

/** Packs into that file. */
export async function packExtension(packagePath) {
  rmSync(inside, { recursive: true, force: true })
  mkdirSync(inside, { recursive: true })
  const parts = ['package/package.json', 'package/LICENSE', 'package/dist', 'package/prebuilds']
  execFileSync('tar', ['xzf', pack(tmpdir()), '-C', inside, '--strip-components=1', ...parts])
  const loader = 'node_modules/node-gyp-build'
  cpSync(join(root, loader), join(inside, loader), { recursive: true })
  cpSync(join(root, 'LICENSE'), join(extension, 'LICENSE'))
  await createVSIX({
    cwd: extension,
    packagePath,
    dependencies: false,
    allowMissingRepository: true,
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await packExtension(join(extension, 'dist/ptrace-probe.vsix'))
}
