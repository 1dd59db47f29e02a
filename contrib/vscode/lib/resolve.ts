import { ask, type Command } from '../../check/ask.js'
import { attachOf } from '../../check/configuration.js'
import { field } from '../../check/field.js'
import { details, isProvedRefusal, type Verdict } from '../../check/verdict.js'

/** What the editor does for the extension. */
export interface Editor {
  /** The setting of the user. */
  readonly isEnabled: () => boolean
  readonly disable: () => Promise<void>
  readonly copy: (text: string) => Promise<void>
  /** Shows a refusal; answers with the button that was pressed, or undefined. */
  readonly showRefusal: (
    title: string,
    detail: string,
    buttons: readonly string[],
  ) => Promise<string | undefined>
}

export const buttons = {
  copy: 'Copy the remedy',
  attach: 'Attach anyway',
  never: 'Never ask again',
} as const

/**
 * The configuration with which the debugger is started; undefined: it is not. Only a refusal that is
 * proved is shown, and the user decides.
 */
export async function resolve<Configuration>(
  configuration: Configuration,
  editor: Editor,
  command: Command,
): Promise<Configuration | undefined> {
  if (!editor.isEnabled() || field(configuration, 'request') !== 'attach') return configuration
  const attach = attachOf(configuration, null)
  if (attach === null) return configuration
  const verdict = await ask(attach, command, null).catch(() => null)
  if (verdict === null || !isProvedRefusal(verdict)) return configuration
  return (await decide(verdict, editor)) ? configuration : undefined
}

/** Whether the debugger attaches. */
async function decide(verdict: Verdict, editor: Editor): Promise<boolean> {
  const remedy = verdict.remedies.find(({ command }) => command !== undefined)?.command
  const offered = [...(remedy === undefined ? [] : [buttons.copy]), buttons.attach, buttons.never]
  const pressed = await editor.showRefusal(verdict.title, details(verdict), offered)
  switch (pressed) {
    case buttons.copy:
      await editor.copy(remedy ?? '')
      return false
    case buttons.attach:
      return true
    case buttons.never:
      await editor.disable()
      return true
    default:
      return false
  }
}
