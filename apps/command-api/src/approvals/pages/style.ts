/** What the pages of approvals have beside the style of every page. */
export const style = `
html { scroll-padding-bottom: 7rem; }
.kind { color: var(--quiet); font-size: .875rem; margin: 0 0 .25rem; }
.when { background: var(--tint); border-left: .25rem solid var(--accent); border-radius: .25rem; padding: .75rem 1rem; margin: 0 0 .75rem; }
.when strong { display: block; font-size: 1.1875rem; line-height: 1.35; font-variant-numeric: tabular-nums; }
.warn { color: var(--warn); font-weight: 600; }
dl { display: grid; grid-template-columns: 1fr 1fr; gap: .625rem 1.25rem; margin: 0; }
dl.facts { padding: .25rem 1.25rem .5rem; margin: 0 0 .75rem; }
ul.sites { list-style: none; margin: 0; padding: 0; columns: 16rem; column-gap: 1.5rem; }
ul.sites li { break-inside: avoid; padding: .125rem 0; }
ul.sites span { display: block; color: var(--quiet); font: .75rem/1.35 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
details { margin-top: .5rem; }
summary { cursor: pointer; color: var(--accent); font-weight: 600; padding: .25rem 0; }
pre { margin: 0; counter-reset: line; font: .8125rem/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre-wrap; tab-size: 4; }
pre > span { display: block; position: relative; padding-left: calc(var(--digits) * 1ch + 1.25ch); }
pre > span::before { counter-increment: line; content: counter(line); position: absolute; left: 0; width: calc(var(--digits) * 1ch); text-align: right; color: var(--quiet); user-select: none; }
pre.d1 { --digits: 1; } pre.d2 { --digits: 2; } pre.d3 { --digits: 3; } pre.d4 { --digits: 4; } pre.d5 { --digits: 5; }
mark { background: var(--mark); color: inherit; border-radius: .125rem; }
.decide { position: sticky; bottom: 0; background: var(--card); border-top: 1px solid var(--line); }
.decide form { max-width: 50rem; margin: 0 auto; padding: .75rem 1rem; display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; }
.decide p { flex: 1 1 12rem; margin: 0; font-size: .875rem; }
button { flex: 0 0 auto; font: inherit; font-weight: 600; min-height: 2.75rem; padding: .5rem 1.5rem; border: 0; border-radius: .375rem; background: var(--accent); color: var(--on-accent); cursor: pointer; }
button:hover { filter: brightness(1.08); }
@media (min-width: 40rem) { dl { grid-template-columns: repeat(4, auto); } }
@media (max-width: 25rem) { button { flex: 1 1 auto; } }
@media print { .decide { display: none; } }
`;
