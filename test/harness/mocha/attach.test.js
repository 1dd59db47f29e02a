import { it } from 'mocha'
import { skipReason } from 'ptrace-probe'

// Mocha has no place for a reason but the title.
const reason = skipReason('child')
const itHere = reason ? it.skip : it

itHere(`attaches to a child${reason ? ` (${reason})` : ''}`, () => {})
