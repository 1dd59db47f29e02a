/** Exit codes of the command. */
export const exitCodes = { measured: 0, denied: 1, usage: 2, notMeasured: 3, skip: 77 } as const
