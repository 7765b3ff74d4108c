/** The style of every page. The content security policy allows this text and no other: its hash is made of it. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #f6f7f5; --card: #ffffff; --ink: #1b1e22; --quiet: #565d66; --line: #dcdfdb;
  --accent: #115e45; --on-accent: #ffffff; --mark: #fbe7b2; --warn: #9a3412; --tint: #e9f2ee;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #121518; --card: #1a1e22; --ink: #e8eaec; --quiet: #a7afb8; --line: #30363d;
    --accent: #63d2a4; --on-accent: #06150f; --mark: #5a4508; --warn: #fdae84; --tint: #18291f;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-bottom: 7rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere; }
main { max-width: 50rem; margin: 0 auto; padding: 1.25rem 1rem 2rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; text-wrap: balance; }
h2 { font-size: .8125rem; font-weight: 600; letter-spacing: .02em; color: var(--quiet); margin: 0 0 .375rem; }
p { margin: 0 0 .5rem; }
.kind { color: var(--quiet); font-size: .875rem; margin: 0 0 .25rem; }
.when { background: var(--tint); border-left: .25rem solid var(--accent); border-radius: .25rem; padding: .75rem 1rem; margin: 0 0 .75rem; }
.when strong { display: block; font-size: 1.1875rem; line-height: 1.35; font-variant-numeric: tabular-nums; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .875rem 1rem; margin: 0 0 .75rem; }
.card > :last-child { margin-bottom: 0; }
.quiet { color: var(--quiet); font-size: .875rem; }
.warn { color: var(--warn); font-weight: 600; }
dl { display: grid; grid-template-columns: 1fr 1fr; gap: .625rem 1.25rem; margin: 0; }
dl.facts { padding: .25rem 1.25rem .5rem; margin: 0 0 .75rem; }
dt { color: var(--quiet); font-size: .8125rem; }
dd { margin: 0; line-height: 1.35; }
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
:focus-visible { outline: .1875rem solid var(--accent); outline-offset: .1875rem; border-radius: .25rem; }
@media (min-width: 40rem) {
  main { padding-top: 2rem; }
  dl { grid-template-columns: repeat(4, auto); }
  h1 { font-size: 1.75rem; }
}
@media (max-width: 25rem) { button { flex: 1 1 auto; } }
@media print { .decide { display: none; } }
`;
