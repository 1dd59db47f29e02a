import { join } from 'node:path'
import * as vscode from 'vscode'

import type { Command } from '../../check/ask.js'
import { type Editor, resolve } from './resolve.js'

const types = ['cppdbg', 'lldb', 'lldb-dap', 'cuda-gdb', 'go', 'debugpy'] as const

const settings = (): vscode.WorkspaceConfiguration =>
  vscode.workspace.getConfiguration('ptraceProbe')

const editor: Editor = {
  isEnabled: () => settings().get<boolean>('enabled', true),
  disable: async () => {
    await settings().update('enabled', false, vscode.ConfigurationTarget.Global)
  },
  copy: async (text) => {
    await vscode.env.clipboard.writeText(text)
  },
  showRefusal: async (title, detail, buttons) =>
    vscode.window.showErrorMessage(title, { modal: true, detail }, ...buttons),
}

/** The editor calls this when a configuration of one of the types is about to be used. */
export function activate(context: vscode.ExtensionContext): void {
  const bin = join(context.extensionPath, 'dist/ptrace-probe/dist/bin.cjs')
  const command: Command = {
    // The editor's own program runs as Node with this variable; a server's Node ignores it.
    line: [process.execPath, bin],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  }
  for (const type of types) {
    context.subscriptions.push(
      vscode.debug.registerDebugConfigurationProvider(type, {
        resolveDebugConfigurationWithSubstitutedVariables: (_folder, configuration) =>
          resolve(configuration, editor, command),
      }),
    )
  }
}
