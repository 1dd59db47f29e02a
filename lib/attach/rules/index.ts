import { capabilities, fileOwner, notDumpable, owner, userNamespace } from './credentials.js'
import { moduleRule, selinuxRule } from './modules.js'
import type { Rule } from './rule.js'
import { emulated, ended, gone, itself, kernelThread, traced, unusable } from './state.js'
import { yamaRule } from './yama.js'

/** THE rules that refuse, by what a refusal of theirs means for the others (`lib/attach/causes.ts`). */
export const rules: Readonly<
  Record<'state' | 'credentials' | 'yama' | 'selinux' | 'modules', readonly Rule[]>
> = {
  /**
   * They refuse whatever access would be granted (kernel/ptrace.c, ptrace_attach()). The filter
   * comes before all.
   */
  state: [unusable, gone, emulated, kernelThread, itself, ended, traced],
  /**
   * They refuse READ and ATTACH alike, and CAP_SYS_PTRACE over the target's user namespace lifts
   * them (ptrace(2), "Ptrace access mode checking", steps 3 to 5).
   */
  credentials: [owner, fileOwner, notDumpable, capabilities, userNamespace],
  yama: [yamaRule],
  selinux: [selinuxRule],
  modules: [moduleRule],
}
