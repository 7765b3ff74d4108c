/** What every page for people looks like, in light and in dark; a page adds what it alone has. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --paper: #f6f7f5; --card: #ffffff; --ink: #1b1e22; --quiet: #565d66; --line: #dcdfdb;
  --accent: #115e45; --on-accent: #ffffff; --mark: #fbe7b2; --warn: #9a3412; --tint: #e9f2ee;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #121518; --card: #1a1e22; --ink: #e8eaec; --quiet: #a7afb8; --line: #30363d;
    --accent: #63d2a4; --on-accent: #06150f; --mark: #5a4508; --warn: #fdae84; --tint: #18291f;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere; }
main { max-width: 50rem; margin: 0 auto; padding: 1.25rem 1rem 2rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; text-wrap: balance; }
h2 { font-size: .8125rem; font-weight: 600; letter-spacing: .02em; color: var(--quiet); margin: 0 0 .375rem; }
p { margin: 0 0 .5rem; }
dt { color: var(--quiet); font-size: .8125rem; }
dd { margin: 0; line-height: 1.35; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .875rem 1rem; margin: 0 0 .75rem; }
.card > :last-child { margin-bottom: 0; }
.quiet { color: var(--quiet); font-size: .875rem; }
:focus-visible { outline: .1875rem solid var(--accent); outline-offset: .1875rem; border-radius: .25rem; }
@media (min-width: 40rem) {
  main { padding-top: 2rem; }
  h1 { font-size: 1.75rem; }
}
`;
