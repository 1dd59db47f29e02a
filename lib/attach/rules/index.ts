import { credentialRules } from './credentials.js'
import { moduleRule, selinuxRule } from './modules.js'
import type { Rule } from './rule.js'
import { stateRules } from './state.js'
import { yamaRule } from './yama.js'

/** THE rules that refuse, by what a refusal of theirs means for the others (`lib/attach/causes.ts`). */
export const rules: Readonly<
  Record<'state' | 'credentials' | 'yama' | 'selinux' | 'modules', readonly Rule[]>
> = {
  state: stateRules,
  credentials: credentialRules,
  yama: [yamaRule],
  selinux: [selinuxRule],
  modules: [moduleRule],
}
