/**
 * The look of pages and drawings: one scale of type (12, 14, 16, 20, 28), one of space (4, 8, 16, 24,
 * 40), and colour only for what it means. Without colour the form of a line and a sign say the same.
 */

const light =
  '--bg:#fff;--ink:#1a1f26;--soft:#545d68;--rule:#d5dae0;--panel:#f5f7f9;--open:#0b5cad;' +
  '--shut:#5b6470;--unknown:#855600;--good:#14713a;--bad:#b3261e'
const dark =
  '--bg:#0f1318;--ink:#e7ebf0;--soft:#a3adb8;--rule:#2c3540;--panel:#171d24;--open:#6cb2ff;' +
  '--shut:#a7b1bd;--unknown:#e0b04c;--good:#5fd08a;--bad:#ff8a80'

/** The colours of a drawing, by what each means. */
const colours = `:root{color-scheme:light dark;${light}}
@media(prefers-color-scheme:dark){:root{${dark}}}
`

const font = "system-ui,-apple-system,'Segoe UI',Roboto,'Liberation Sans',Arial,sans-serif"

const drawing = `svg.drawing{display:block;font:14px ${font}}
.drawing text{fill:var(--soft)}
.drawing .name{fill:var(--ink);font-weight:600;font-size:16px}
.drawing .sign{font-weight:700;font-size:16px;text-anchor:end;fill:var(--is)}
.drawing rect{fill:var(--panel);stroke:var(--is)}
.drawing path{fill:none;stroke:var(--is);stroke-width:2}
.drawing .trunk{stroke:var(--rule)}
.drawing .tracer rect{fill:var(--bg);stroke:var(--ink);stroke-width:2}
.drawing .head{fill:var(--is);stroke:none}
.drawing .share{stroke-width:4}
.drawing .shut .line{stroke-dasharray:6 5}
.drawing .unknown .line{stroke-dasharray:1 5}
.drawing .part .line{stroke-dasharray:14 5}
.open{--is:var(--open)}.shut{--is:var(--shut)}.part,.unknown{--is:var(--unknown)}
`

/** For a drawing that stands alone, on one line. */
export const drawingStyles = `${colours}${drawing}svg.drawing{background:var(--bg)}`.replaceAll(
  '\n',
  '',
)

/** For a page. */
export const pageStyles = `${colours}${drawing}*{box-sizing:border-box}
html{scroll-padding-top:16px}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 ${font};overflow-wrap:break-word}
header,main,footer{max-width:1008px;margin:0 auto;padding:0 24px}
h1{overflow-wrap:anywhere;font-size:28px;line-height:1.25;margin:8px 0 16px;padding-left:16px;border-left:6px solid var(--rule);font-weight:600;text-wrap:pretty}
h1.good{border-color:var(--good)}h1.warn{border-color:var(--unknown)}
h2{font-size:20px;line-height:1.25;margin:0 0 8px}
h3{font-size:16px;margin:24px 0 8px}
p,ul,ol,dl{margin:0 0 16px}
a{color:var(--open);text-underline-offset:4px}
:focus-visible{outline:3px solid var(--open);outline-offset:2px}
section{border-top:1px solid var(--rule);padding:24px 0 16px}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:var(--bg);padding:8px}
.origin,footer,.quiet,.facts span{color:var(--soft);font-size:14px}
.origin{padding-top:24px;margin:0}
.caveat{margin:0 0 8px}
.facts{display:flex;flex-wrap:wrap;gap:1px;margin:16px 0;border:1px solid var(--rule);border-radius:6px;overflow:hidden;background:var(--rule)}
.facts div{flex:1 1 30%;background:var(--panel);padding:8px 16px}
.facts dt{font-size:14px;color:var(--soft)}
.facts dd{margin:0;font-size:14px;overflow-wrap:anywhere}.facts b{display:block;font-size:20px;line-height:1.25;font-weight:600}
nav ul{display:flex;flex-wrap:wrap;gap:4px 24px;list-style:none;padding:0;font-size:14px}
figure{margin:0 0 16px}
time{white-space:nowrap}
figcaption,.legend{color:var(--soft);font-size:14px}
svg.drawing{width:100%;height:auto;margin:8px auto 16px}
.drawing.wide{max-width:960px}.drawing.tall{display:none;max-width:460px}
.drawing a{cursor:pointer}.drawing a:hover rect{stroke-width:2}.drawing a:hover .name{text-decoration:underline}
.legend{display:flex;flex-wrap:wrap;gap:4px 24px;list-style:none;padding:0}
.legend b,td.sign,th b,.mark{color:var(--is,inherit)}
.met{--is:var(--good)}.unmet{--is:var(--bad)}
table{border-collapse:collapse;width:100%;font-size:14px;margin:8px 0 16px}
caption{text-align:left;font-weight:600;font-size:16px;padding:8px 0}
th,td{text-align:left;vertical-align:top;padding:8px 16px 8px 0;border-bottom:1px solid var(--rule)}
thead th{color:var(--soft);font-weight:600}
thead th+th{min-width:128px}thead th:last-child{white-space:nowrap}tbody th{font-weight:400;width:100%;overflow-wrap:anywhere}td{white-space:nowrap}
.words tbody th{width:34%}.words td{white-space:normal;overflow-wrap:anywhere}
tr:target,li:target{background:var(--panel);outline:2px solid var(--open)}
.grid{table-layout:fixed}.grid td,.grid thead th{text-align:center;padding:4px 0;width:11%}.grid td:first-child,.grid tbody th{width:34%;padding:4px 8px 4px 0}
.grid thead th{overflow-wrap:anywhere}
code,pre{font:14px/1.5 ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace}
pre{margin:8px 0;padding:8px 16px;background:var(--panel);border:1px solid var(--rule);border-radius:6px;white-space:pre-wrap;user-select:all;-webkit-user-select:all}
.remedies{padding-left:24px}.remedies li{margin-bottom:8px}
.finding{border-left:4px solid var(--rule);padding-left:16px;margin:0 0 24px}
.finding.error{border-color:var(--bad)}.finding.warning{border-color:var(--unknown)}
.finding{overflow-wrap:anywhere}.finding h3{margin:0 0 4px}.level{font-size:14px;color:var(--soft);font-weight:400}
.error .level{color:var(--bad)}.warning .level{color:var(--unknown)}
.trail{list-style:none;padding:0;margin-left:8px;border-left:2px solid var(--rule)}
.trail li{position:relative;padding:0 0 16px 24px}
.trail li::before{content:'';position:absolute;left:-7px;top:7px;width:12px;height:12px;border-radius:50%;border:2px solid var(--shut);background:var(--bg)}
.trail .wins::before{background:var(--good);border-color:var(--good)}
.trail .beaten b{text-decoration:line-through}
.trail b{margin-right:8px}
.trail{overflow-wrap:anywhere}.trail span{color:var(--soft);font-size:14px;display:block}
#by-name{display:none}#by-name:target{display:block}#by-name:target~#by-number{display:none}
.meter{display:block;width:100%;max-width:480px;height:8px;background:var(--rule)}.meter path{stroke:var(--open);stroke-width:8}
footer{padding-bottom:24px}
footer p{margin:0 0 4px}footer p:first-child{border-top:1px solid var(--rule);padding-top:16px}
@media(max-width:759px){header,main,footer{padding-left:16px;padding-right:16px}h1{font-size:20px}.facts b{font-size:16px}.facts div{flex-basis:40%;padding:8px}th,td{padding-right:8px}thead th+th{min-width:0}
.drawing.wide{display:none}.drawing.tall{display:block}.grid thead th{writing-mode:vertical-rl;vertical-align:bottom;text-align:right;padding:0 0 8px;line-height:3}}
@media print{:root{${light}}body{font-size:12px}nav,.skip{display:none}section{break-inside:auto}svg,tr,li,.finding{break-inside:avoid}h2,h3{break-after:avoid}a{color:inherit}}
`
