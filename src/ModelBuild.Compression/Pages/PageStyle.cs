namespace ModelBuild.Compression.Pages;

/// <summary>The style rules that all HTML pages share.</summary>
internal static class PageStyle
{
    /// <summary>The style sheet that all HTML pages begin with.</summary>
    public const string Text = """
        :root { color-scheme: light dark; --paper: #fff; --ink: #1b1f24; --dim: #5b6570; --line: #d9dee3; --soft: #f3f5f7; --bar: #2563eb; --past: #a9b4bf;
          --good: #15803d; --bad: #b91c1c; --warn: #a15c00; }
        @media (prefers-color-scheme: dark) { :root { --paper: #14171a; --ink: #e4e7ea; --dim: #98a3ad; --line: #333a41; --soft: #1d2226; --bar: #60a5fa;
          --past: #66717c; --good: #4ade80; --bad: #f87171; --warn: #fbbf24; } }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body { font: 16px/1.55 system-ui, "Segoe UI", Roboto, sans-serif; color: var(--ink); background: var(--paper); max-width: 58rem; margin: 0 auto;
          padding: 3rem 1.5rem 5rem; }
        h1 { font-size: 1.9rem; line-height: 1.2; margin: 0; letter-spacing: -.01em; }
        h2 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 .8rem; letter-spacing: -.005em; }
        h3 { font-size: 1rem; margin: 2rem 0 .5rem; }
        h1, h2, h3, p, li, summary, dd, figcaption, th, td:not(.n) { overflow-wrap: anywhere; }
        p { margin: .5rem 0; max-width: 46rem; }
        section { margin-top: 3.2rem; padding-top: 1.6rem; border-top: 1px solid var(--line); }
        .sub, figcaption, small { color: var(--dim); } .sub { font-size: .92rem; }
        a { color: var(--bar); }
        code, pre { font: .9em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
        ul { padding-left: 1.2rem; } li { margin: .2rem 0; }
        summary { cursor: pointer; color: var(--dim); } summary:hover { color: var(--ink); } details { margin: .7rem 0; }
        table { border-collapse: collapse; width: 100%; margin: .7rem 0; font-size: .92rem; }
        th { text-align: left; font-weight: 600; color: var(--dim); }
        th, td { padding: .4rem .9rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
        td:last-child, th:last-child { padding-right: 0; }
        td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; } td.n { white-space: nowrap; }
        .n + td:not(.n), .n + th:not(.n) { padding-left: .9rem; }
        table.narrow { width: auto; min-width: min(100%, 28rem); }
        td:has(.bar) { vertical-align: middle; } .bar { background: var(--soft); border-radius: 3px; height: .6rem; min-width: 9rem; }
        .bar i { display: block; height: 100%; background: var(--bar); border-radius: 3px; }
        .good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
        @media (max-width: 40rem) { body { padding: 1.5rem 1rem 3rem; } h1 { font-size: 1.5rem; } section { margin-top: 2.2rem; }
          th, td { padding-right: .6rem; } table { display: block; overflow-x: auto; } }
        @media print { body { max-width: none; padding: 0; font-size: 11pt; } h2, h3 { break-after: avoid; } tr, figure, li { break-inside: avoid; }
          section { break-inside: auto; margin-top: 1.5rem; } table { display: table; overflow: visible; } nav { display: none; } }

        """;
}
