/** The largest number that the kernel's pid_t holds. */
export const maxPid = 2 ** 31 - 1

/** How long a question or a measurement may take unless the caller says otherwise. */
export const defaultTimeoutMs = 10_000
/** How long it may take at all. */
export const maxTimeoutMs = 600_000
