// What the report looks like: a printed bulletin, on paper and on a screen.

#include <string>

#include "queries/escape.h"
#include "queries/report_html.h"

namespace civlog {
namespace {

// Colours keep a contrast of at least 4.5 : 1 to their ground, light and dark. Paper is light.
constexpr std::string_view kColors = R"(
:root{color-scheme:light dark;--ground:#fff;--ink:#1a1d21;--soft:#545c66;--rule:#d5dae0;--faint:#f3f5f7;
--accent:#0b4f8a;--fill:#2f6fa8;--band:#d3e2f0;--better:#14633a;--worse:#a12318;--caution:#7a4b00}
@media screen and (prefers-color-scheme:dark){
:root{--ground:#15181c;--ink:#e7eaee;--soft:#a9b2bd;--rule:#39414a;--faint:#1e2328;
--accent:#8fc0ee;--fill:#6ba5d9;--band:#24415c;--better:#7fd3a2;--worse:#f4a59b;--caution:#e9bd6c}}
)";

constexpr std::string_view kText = R"(
*{box-sizing:border-box}
html{font-size:100%;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);line-height:1.6;
font-family:"Pretendard","Apple SD Gothic Neo","Malgun Gothic","Noto Sans KR","Noto Sans CJK KR",system-ui,
"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums lining-nums;
word-break:keep-all;overflow-wrap:anywhere}
body>*{max-width:64rem;margin-inline:auto;padding-inline:clamp(1rem,4vw,2.5rem)}
header{padding-top:clamp(1.5rem,5vw,3.5rem);padding-bottom:1.25rem}
header p{margin:0}
.portal{color:var(--accent);font-weight:700;letter-spacing:.01em}
h1{font-size:clamp(1.6rem,1.2rem + 2vw,2.5rem);line-height:1.2;margin:.25rem 0 .5rem;font-weight:750;
letter-spacing:-.015em;text-wrap:balance}
.period{font-size:1.1rem;color:var(--soft)}
.subject{font-weight:650}
nav ol{list-style:none;display:flex;flex-wrap:wrap;gap:.15rem 1.25rem;margin:0;padding:.6rem 0;
border-block:1px solid var(--rule);font-size:.9rem}
nav a{display:inline-block;padding:.25rem 0;min-height:1.75rem}
a{color:var(--accent);text-underline-offset:.2em}
a:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
section{padding-top:2.75rem}
h2{font-size:1.4rem;line-height:1.3;margin:0 0 1.1rem;padding-top:.5rem;border-top:3px solid var(--accent);
font-weight:720;letter-spacing:-.01em}
h3{font-size:1.1rem;line-height:1.35;margin:2.25rem 0 .5rem;font-weight:700}
p{margin:0 0 1rem;max-width:46rem}
code{font-family:ui-monospace,"D2Coding","Noto Sans Mono CJK KR",Consolas,Menlo,monospace;font-size:.92em;
overflow-wrap:anywhere;word-break:break-all}
footer{padding-block:3rem 2.5rem;color:var(--soft);font-size:.85rem}
)";

constexpr std::string_view kParts = R"(
.highlights{display:grid;grid-template-columns:minmax(0,1fr);gap:0 1.75rem;margin:0 0 1.75rem}
@media(min-width:26rem){.highlights{grid-template-columns:repeat(2,minmax(0,1fr))}}
@media(min-width:50rem){.highlights{grid-template-columns:repeat(4,minmax(0,1fr))}}
.highlights div{display:flex;flex-direction:column;border-top:1px solid var(--rule);padding:.7rem 0 1rem}
.highlights dt{color:var(--soft);font-size:.9rem}
.highlights dd{margin:0}
.highlights .figure{font-size:2.2rem;line-height:1.2;font-weight:720;letter-spacing:-.02em}
.highlights .note{font-size:.9rem;color:var(--soft)}
.findings{list-style:none;margin:0;padding:0;max-width:50rem}
.findings li{padding:.45rem 0 .45rem 1.6rem;position:relative;border-top:1px solid var(--rule)}
.findings li:first-child{border-top:0}
.findings li::before{position:absolute;left:.1rem;font-weight:700;content:"–"/"";color:var(--soft)}
.findings .better::before{content:"▲"/"";color:var(--better)}
.findings .worse::before{content:"▼"/"";color:var(--worse)}
.findings .caution::before{content:"!"/"";color:var(--caution)}
.definitions{display:grid;grid-template-columns:minmax(8rem,14rem) 1fr;gap:0 1.5rem;margin:0 0 1.5rem;
font-size:.92rem;max-width:56rem}
.definitions dt,.definitions dd{padding:.4rem 0;border-top:1px solid var(--rule);margin:0}
.definitions dt{font-weight:650}
@media(max-width:36rem){.definitions{display:block}.definitions dd{border-top:0;padding-top:0}}
)";

constexpr std::string_view kTables = R"(
.scroll{overflow-x:auto;margin:0 0 .35rem}
table{border-collapse:collapse;width:100%;font-size:.92rem;line-height:1.45}
.table{margin:1.5rem 0 1.75rem}
caption{text-align:start;font-weight:650;padding:0 0 .4rem;color:var(--ink)}
th,td{padding:.38rem .6rem;text-align:end;vertical-align:baseline;border-top:1px solid var(--rule)}
th:first-child,td:first-child{padding-inline-start:0}
th:last-child,td:last-child{padding-inline-end:0}
th{font-weight:600}
thead th{color:var(--soft);font-size:.84rem;border-top:1px solid var(--soft);border-bottom:1px solid var(--soft);
vertical-align:bottom}
thead th::first-letter{text-transform:uppercase}
tbody tr:first-child>*{border-top:0}
tbody tr:last-child>*{border-bottom:1px solid var(--rule)}
.w{text-align:start}
tbody th{font-weight:500;min-width:7.5rem;text-align:start}
td:not(.w){white-space:nowrap}
td.w{min-width:7rem}
th{overflow-wrap:normal}
.barred{min-width:9rem;width:34%}
.bar{float:left;width:calc(100% - 4.6rem);height:.7rem;margin-top:.35rem;background:var(--faint)}
.bar rect{fill:var(--fill)}
.note{margin:.4rem 0 0;font-size:.84rem;color:var(--soft);max-width:56rem}
figure{margin:1.75rem 0}
figure .summary{margin:0 0 .6rem}
figcaption{font-weight:650;margin:0 0 .15rem}
.pair{display:grid;grid-template-columns:minmax(0,1fr);gap:1rem 2.25rem;align-items:start}
@media(min-width:52rem){.pair{grid-template-columns:minmax(0,26rem) minmax(0,1fr)}}
.pair .table{margin:0}
.pair caption,.quiet{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
data,time{white-space:nowrap}
.label{margin:.4rem 0 .1rem;font-size:.84rem;color:var(--soft)}
.chart{display:block;width:100%;max-width:30rem;height:auto}
.chart text{fill:var(--ink);font-size:11px;font-family:inherit}
.chart .tick{fill:var(--soft)}
.chart .axis{stroke:var(--soft);stroke-width:1}
.chart .grid{stroke:var(--rule);stroke-width:1}
.chart .column,.chart .dot{fill:var(--fill)}
.chart .band{fill:var(--band)}
.chart .line{fill:none;stroke:var(--fill);stroke-width:2;stroke-linejoin:round}
.chart .hatch{stroke:var(--fill);stroke-width:3}
.chart .outline{fill:none;stroke:var(--fill)}
)";

constexpr std::string_view kPaper = R"(
@media print{
html{font-size:9.5pt}
body>*{max-width:none;padding-inline:0}
header{padding-top:0}
nav{display:none}
a{color:inherit;text-decoration:none}
section{padding-top:1.6rem}
h2,h3,h3+p,caption,figcaption,.summary{break-after:avoid}
thead{display:table-header-group}
tr,figure,.highlights,.findings li,.definitions dt,.definitions dd,svg{break-inside:avoid}
table:not(.long){break-inside:avoid}
p,li,dd{orphans:3;widows:3}
.scroll{overflow:visible}
table{font-size:8.2pt}
th,td{padding:.22rem .4rem}
td:not(.w){white-space:normal}
tbody th,td.w{min-width:0}
.barred{min-width:5rem}
.bar,.chart *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.pair{grid-template-columns:minmax(0,8.4cm) minmax(0,1fr)}
.highlights{grid-template-columns:repeat(4,1fr)}
footer{padding-block:1rem 0;break-before:avoid}
}
)";

}  // namespace

std::string ReportStyle(std::string_view left, std::string_view right) {
  std::string style;
  for (const std::string_view part : {kColors, kText, kParts, kTables, kPaper}) {
    style.append(part.substr(1));
  }
  style.append("@page{size:A4;margin:20mm 16mm 18mm;");
  style.append("@top-left{content:").append(CssString(left));
  style.append(";font-size:8pt}@top-right{content:").append(CssString(right));
  style.append(";font-size:8pt}@bottom-right{content:counter(page) \" / \" counter(pages);");
  style.append("font-size:8pt}}\n@page:first{@top-left{content:none}@top-right{content:none}}\n");
  return style;
}

}  // namespace civlog
