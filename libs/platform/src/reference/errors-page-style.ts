/** What the page of errors has beside the style of every page. */
export const errorsPageStyle = `
a { color: var(--accent); }
a:hover { text-decoration-thickness: .125rem; }
code, section h2 a, nav a { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code { font-size: .875em; }
section { scroll-margin-top: .75rem; break-inside: avoid; }
section h2 { font-size: 1.0625rem; letter-spacing: 0; margin: 0 0 .125rem; }
section h2 a { color: var(--ink); text-decoration: none; }
section h2 a:hover { text-decoration: underline; }
section:target { border-color: var(--accent); box-shadow: inset .25rem 0 var(--accent); background: var(--tint); }
.more { margin-bottom: 1rem; }
h3 { font-size: .8125rem; font-weight: 600; letter-spacing: .02em; color: var(--quiet); margin: .75rem 0 .125rem; }
nav dl { display: grid; grid-template-columns: auto 1fr; gap: .375rem 1rem; margin: 0; }
nav dt { font-size: .875rem; line-height: 1.75; font-variant-numeric: tabular-nums; }
nav ul { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0 1.25rem; }
nav a { font-size: .875rem; line-height: 1.75; }
section ul { margin: 0; padding-left: 1.125rem; }
@media print {
  main { max-width: none; padding: 0; }
  a { color: inherit; text-decoration: none; }
  section:target { border-color: var(--line); box-shadow: none; background: none; }
}
`;
