// Plain texts and numbers of a shape that TypeScript cannot say. Their tags become rules of the JSON
// Schemas (`scripts/schemas.mjs`).

/**
 * A whole number from 0 on: the ID of a user or a group, or of a process where 0 says something.
 *
 * @asType integer
 * @minimum 0
 * @inline
 */
export type Whole = number

/**
 * A whole number from 1 on: the ID of a process, or the number of a line.
 *
 * @asType integer
 * @minimum 1
 * @inline
 */
export type Positive = number

/**
 * Milliseconds.
 *
 * @minimum 0
 * @inline
 */
export type Duration = number

/**
 * A text that is not empty.
 *
 * @minLength 1
 * @inline
 */
export type Text = string

/**
 * A text that a pop-up has room for.
 *
 * @minLength 1
 * @maxLength 80
 * @inline
 */
export type Headline = string

/**
 * A date and a time, ISO 8601 in UTC.
 *
 * @format date-time
 * @inline
 */
export type Time = string

/**
 * The address of a document.
 *
 * @format uri
 * @inline
 */
export type Link = string

/**
 * The version of this package.
 *
 * @pattern ^\d+\.\d+\.\d+
 * @inline
 */
export type Version = string

/**
 * The name of an error, such as `EPERM`.
 *
 * @pattern ^(E[A-Z0-9]+|errno \d+)$
 * @inline
 */
export type ErrorName = string

/**
 * The name of a signal, such as `SIGSYS`.
 *
 * @pattern ^(SIG[A-Z0-9]+|signal \d+)$
 * @inline
 */
export type SignalName = string

/**
 * The state of a process, a letter of proc_pid_stat(5).
 *
 * @pattern ^[A-Za-z]$
 * @inline
 */
export type StateLetter = string

/**
 * The name of a user.
 *
 * @pattern ^[^/]+$
 * @inline
 */
export type UserName = string

/**
 * The path of a file.
 *
 * @pattern ^[^\0]+$
 * @inline
 */
export type Path = string

/**
 * The path of a program, from the root.
 *
 * @pattern ^/[^\0]*$
 * @inline
 */
export type ProgramPath = string

/**
 * The name of a policy.
 *
 * @pattern ^[a-z][a-z0-9-]{0,63}$
 * @inline
 */
export type PolicyName = string

/**
 * One line about a policy.
 *
 * @minLength 1
 * @maxLength 200
 * @pattern ^\P{C}*$
 * @inline
 */
export type Title = string

/**
 * Where a policy is published.
 *
 * @minLength 1
 * @maxLength 500
 * @pattern ^\P{C}*$
 * @inline
 */
export type Publication = string

/**
 * The date of a policy, `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
 *
 * @pattern ^\d{4}(-\d{2}(-\d{2})?)?$
 * @inline
 */
export type PolicyDate = string

/**
 * A condition for a scope, such as `>=1` or `1,2`.
 *
 * @pattern ^\s*((>=|<=|>|<|==?|!=)?\s*[0-3]|[0-3](\s*,\s*[0-3])+)\s*$
 * @inline
 */
export type ScopeExpression = string

/**
 * What is expected or observed: scopes, or what becomes of a cell.
 *
 * @pattern ^(allowed|denied|[0-3](, [0-3])*( or [0-3])?)$
 * @inline
 */
export type Expected = string
