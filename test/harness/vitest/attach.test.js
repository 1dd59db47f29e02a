import { skipReason } from 'ptrace-probe'
import { test } from 'vitest'

test('attaches to a child', ({ skip }) => {
  const reason = skipReason('child')
  if (reason) skip(reason)
})
