/** Debuggers of each type that attach to nothing: the status bar says which configurations came that far. */
const vscode = require('vscode')

/** @param {vscode.ExtensionContext} context */
exports.activate = (context) => {
  const status = vscode.window.createStatusBarItem('requests', vscode.StatusBarAlignment.Left)
  status.text = 'no debugger was started'
  status.show()
  /** @type {string[]} */
  const names = []
  const attached = (name) => {
    names.push(name)
    status.text = `attached: ${names.join(', ')}`
  }
  const { debuggers } = context.extension.packageJSON.contributes
  for (const { type } of debuggers) {
    vscode.debug.registerDebugAdapterDescriptorFactory(type, {
      createDebugAdapterDescriptor: () =>
        new vscode.DebugAdapterInlineImplementation(adapter(attached)),
    })
  }
}

/** @param {(name: string) => void} attached */
function adapter(attached) {
  const sent = new vscode.EventEmitter()
  return {
    onDidSendMessage: sent.event,
    dispose() {},
    /** @param {{ type: string, seq: number, command: string, arguments: any }} request */
    handleMessage({ type, seq, command, arguments: words }) {
      if (type !== 'request') return
      sent.fire({ seq: 0, type: 'response', request_seq: seq, command, success: true })
      if (command === 'initialize') sent.fire({ seq: 0, type: 'event', event: 'initialized' })
      if (command !== 'attach') return
      attached(words.name)
      sent.fire({ seq: 0, type: 'event', event: 'terminated' })
    },
  }
}
