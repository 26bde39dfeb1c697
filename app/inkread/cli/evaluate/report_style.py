"""The style of an evaluation page: light or dark as the reader's system is."""

STYLE = """
:root {
  color-scheme: light dark;
  --paper: #fff; --ink: #1c1e21; --quiet: #5f6670; --line: #d9dde2;
  --good: 38 132 84; --bad: 200 62 50; --bar: 70 120 190;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16181b; --ink: #e6e8ea; --quiet: #9aa2ac; --line: #343a41;
    --good: 44 128 84; --bad: 208 78 64; --bar: 96 146 214;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .25rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
h1 + p, h2 + p { margin: .25rem 0 1rem; color: var(--quiet); }
small { color: var(--quiet); font-weight: normal; }
.facts { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.25rem 0; }
.facts div { border: 1px solid var(--line); border-radius: 8px; padding: .6rem 1rem; }
.facts dt { color: var(--quiet); font-size: .85rem; }
.facts dd { margin: 0; font-size: 1.45rem; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .6rem; text-align: right; border-bottom: 1px solid var(--line); }
thead th { color: var(--quiet); font-weight: 600; font-size: .85rem; }
tbody th { text-align: left; overflow-wrap: anywhere; }
.share { min-width: 8rem; border-left: 6px solid var(--paper);
  background: linear-gradient(90deg, rgb(var(--bar) / .28) var(--s), transparent var(--s)); }
.wide { overflow-x: auto; }
.confusion th, .confusion td { border: 1px solid var(--line); text-align: center;
  min-width: 3.4rem; padding: .3rem .4rem; }
.right { background: rgb(var(--good) / var(--a)); }
.wrong { background: rgb(var(--bad) / var(--a)); }
.none { color: var(--line); }
.confusion a { color: inherit; }
.side { display: flex; flex-wrap: wrap; gap: 2rem; align-items: flex-start; }
svg { width: 20rem; max-width: 100%; font-size: 11px; }
svg rect { fill: rgb(var(--bar)); }
svg text { fill: var(--quiet); text-anchor: middle; }
.frame { fill: none; stroke: var(--line); }
.ideal { fill: none; stroke: var(--ink); stroke-dasharray: 4 4; }
.groups { display: flex; flex-wrap: wrap; gap: 0 2rem; }
.pictures { display: flex; flex-wrap: wrap; gap: .6rem; }
figure { margin: 0; }
img { display: block; image-rendering: pixelated; background: #000; border-radius: 4px; }
figcaption { font-size: .75rem; color: var(--quiet); text-align: center; }
figcaption span { opacity: .6; }
h3:target { outline: 2px solid rgb(var(--bar)); outline-offset: 4px; border-radius: 2px; }
details { margin-top: 2rem; }
.about { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.25rem; }
.about dt { color: var(--quiet); }
.about dd { margin: 0; overflow-wrap: anywhere; }
@media print { main { max-width: none; } h3, figure, tr { break-inside: avoid; } }
"""
