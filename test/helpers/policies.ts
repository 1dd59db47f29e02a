/**
 * Which policy is met where, made by hand from what their sources ask for and from the modes of
 * Documentation/admin-guide/LSM/Yama.rst. `none`: a kernel without Yama. The last column is an
 * ordinary user who may not create user namespaces, at scope 2 and at 3: to him they look alike.
 */
const rows = `
  policy                      none 0   1   2   3   2-or-3
  desktop                     yes  yes yes yes no  ?
  server                      no   no  yes yes yes yes
  dmz                         no   no  no  no  yes ?
  stig                        no   no  yes no  no  no
  cis                         no   no  yes no  no  no
  kspp                        no   no  no  no  yes ?
  anssi                       no   no  yes yes yes yes
  lynis                       no   no  yes yes yes yes
  cnspec                      no   no  no  yes yes yes
  dev-sec                     no   no  no  yes yes yes
  complianceascode            no   no  yes no  no  no
  complianceascode-ubuntu2404 no   no  yes yes yes yes
  secureblue                  no   no  no  yes yes yes
  cve-2026-46333              no   no  no  yes yes yes
  kicksecure                  no   no  no  no  yes ?
`

const answers: Readonly<Record<string, boolean | null>> = { yes: true, no: false, '?': null }
const [head = [], ...body] = rows
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/ +/))

/** The names of the policies in the table. */
export const policyNames = body.map(([name = '']) => name)

/** Whether the policy is met at that scope; null where it cannot be told. */
export function expectedMet(
  policy: string,
  scope: 0 | 1 | 2 | 3 | null,
  undecidable = false,
): boolean | null {
  const column =
    undecidable && scope !== null && scope >= 2 ? '2-or-3' : scope === null ? 'none' : String(scope)
  const word = body.find(([name]) => name === policy)?.[head.indexOf(column)] ?? ''
  const answer = answers[word]
  if (answer === undefined) throw new Error(`The table has no ${policy} at ${column}`)
  return answer
}
