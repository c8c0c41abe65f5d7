/** The look of the HTML report: paper in the light, slate in the dark; severity by word, mark and colour. */
export const style = `
:root{color-scheme:light dark;--paper:#fbfaf7;--ink:#1f2328;--soft:#5c636b;--line:#d9d5cb;--panel:#f3f0e8;
--critical:#9b1c1c;--high:#b4451a;--medium:#8a6100;--low:#4c6272;--info:#5c636b;--good:#2c6b3f;--link:#1d5b8f}
@media (prefers-color-scheme:dark){:root{--paper:#15181c;--ink:#dfe3e6;--soft:#9aa3ab;--line:#30363d;--panel:#1c2126;
--critical:#ff8f86;--high:#ffa869;--medium:#e8c15a;--low:#9fb7c8;--info:#9aa3ab;--good:#7fd09a;--link:#86bff0}}
*{box-sizing:border-box}
html{font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;background:var(--paper);color:var(--ink);
-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:68rem;padding:1.5rem 1.25rem 4rem}
h1,h2,h3,p,ul,ol,dl,dd,figure{margin:0;padding:0}
a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:2px}
code,.mono{font:.86em/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
.soft{color:var(--soft)}
.top{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.25rem 1.5rem;padding-bottom:.6rem;
border-bottom:3px double var(--line);font-size:.9rem}
.top b{letter-spacing:.02em}
article{padding-top:1.6rem}
article+article{margin-top:2.5rem;border-top:3px double var(--line)}
h1,h3{overflow-wrap:anywhere}
h1{font-size:1.3rem;line-height:1.35;font-weight:650}
h2{font-size:.8rem;font-weight:650;letter-spacing:.09em;text-transform:uppercase;color:var(--soft);
border-bottom:1px solid var(--line);padding-bottom:.25rem;margin:2rem 0 .75rem}
h3{font-size:1rem;line-height:1.4;font-weight:620}
.verdict{display:inline-block;font-size:.8rem;font-weight:700;letter-spacing:.09em;text-transform:uppercase;
border:1.5px solid currentColor;border-radius:.2rem;padding:.05rem .5rem;margin-bottom:.5rem}
.malicious,.critical{color:var(--critical)}.suspicious,.high{color:var(--high)}.risky,.incomplete,.medium{color:var(--medium)}
.low{color:var(--low)}.info{color:var(--info)}.clean{color:var(--good)}
.reasons{margin:.6rem 0 0 1.1rem}
.advice{margin-top:.9rem;padding:.55rem .8rem;background:var(--panel);border-left:3px solid var(--ink)}
.facts{display:flex;flex-wrap:wrap;gap:.6rem 2.4rem;margin-top:1rem}
.facts dt{font-size:.78rem;color:var(--soft)}
.facts dd{overflow-wrap:anywhere;max-width:26rem}
.counts{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;list-style:none;margin-bottom:.9rem;font-size:.92rem}
.counts .none{color:var(--soft);opacity:.75}
.finding{padding:.75rem 0 .9rem;border-bottom:1px solid var(--line);display:grid;grid-template-columns:7.2rem minmax(0,1fr);gap:0 1rem}
.finding:last-child{border-bottom:0}
.label{font-size:.78rem;font-weight:700;letter-spacing:.06em;text-transform:uppercase;line-height:1.8;white-space:nowrap}
.meta{font-size:.84rem;color:var(--soft);overflow-wrap:anywhere}
.places{list-style:none;margin-top:.5rem}
.places>li,.places details>ul>li{padding:.4rem 0 .1rem;list-style:none}
.where{display:flex;flex-wrap:wrap;gap:0 .9rem;align-items:baseline}
.state{font-size:.82rem;color:var(--soft)}
.runs{font-weight:650;color:var(--ink)}
.excerpt{display:block;margin-top:.25rem;padding:.3rem .55rem;background:var(--panel);border-left:2px solid var(--line);
white-space:pre-wrap}
.digest{font-size:.78rem;color:var(--soft)}
details>summary{cursor:pointer;color:var(--soft);font-size:.9rem;padding:.3rem 0}
summary:focus-visible,a:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.layers{list-style:none;border-left:2px solid var(--line);margin-left:.35rem}
.layers>li{position:relative;padding:.3rem 0 .45rem 1.1rem}
.layers>li::before{content:"";position:absolute;left:-.42rem;top:.72rem;width:.65rem;height:.65rem;border-radius:50%;
background:var(--paper);border:2px solid var(--soft)}
.layers>li.hit::before{background:var(--ink);border-color:var(--ink)}
.layer-head{display:flex;flex-wrap:wrap;gap:0 .9rem;align-items:center;font-size:.84rem;color:var(--soft)}
.layer-head b{color:var(--ink)}
.layers svg{width:7rem;height:.4rem;fill:var(--soft)}
.layers svg .rail{fill:var(--line)}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th{font-weight:600;font-size:.78rem;color:var(--soft);text-align:left}
th,td{padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
td:first-child{overflow-wrap:break-word}
th.number,td.number{text-align:right;font-variant-numeric:tabular-nums;padding-right:1rem}
footer{margin-top:3rem;padding-top:.6rem;border-top:1px solid var(--line);font-size:.82rem;color:var(--soft)}
@media (max-width:40rem){body{padding:1rem .9rem 3rem}.finding{grid-template-columns:minmax(0,1fr)}h1{font-size:1.12rem}
.stack thead{display:none}.stack td{display:block;overflow-wrap:anywhere;border-bottom:0;padding:.05rem 0}.stack td:first-child{overflow-wrap:break-word}
td.number{text-align:left}td.number::before{content:"score ";color:var(--soft)}
.stack tr{display:block;border-bottom:1px solid var(--line);padding:.35rem 0}}
@media print{html{font-size:11px;background:#fff;color:#000}body{max-width:none;padding:0}.finding,.layers>li{break-inside:avoid}
a{color:inherit}details:not([open])>summary::after{content:" (folded)"}}
`;
