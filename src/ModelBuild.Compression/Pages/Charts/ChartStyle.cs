namespace ModelBuild.Compression.Pages.Charts;

/// <summary>The style rules of all charts in HTML pages.</summary>
internal static class ChartStyle
{
    /// <summary>
    /// The style sheet of charts. Horizontal positions in charts are shares of the width, and texts have the size of the page, so that charts stay readable on
    /// narrow pages.
    /// </summary>
    public const string Text = """
        figure { margin: 1.2rem 0; } figcaption { font-size: .92rem; margin-bottom: .5rem; } figcaption b { color: var(--ink); display: block; }
        .key { display: inline-block; margin-right: 1rem; } .key::before { content: ""; display: inline-block; width: .8rem; height: .5rem; border-radius: 2px;
          margin-right: .4rem; background: var(--c, var(--bar)); }
        svg { display: block; width: 100%; overflow: visible; } svg text { font: 12px system-ui, "Segoe UI", Roboto, sans-serif; fill: var(--dim); }
        svg text.name { fill: var(--ink); } svg .grid { stroke: var(--line); } svg .past { fill: var(--past); } svg .now { fill: var(--bar); }
        .plot { display: flex; gap: .5rem; } .plot svg { flex: 1; min-width: 0; border: solid var(--line); border-width: 0 0 1px 1px; }
        .scale, .steps { display: flex; justify-content: space-between; gap: .6rem; font-size: .8rem; color: var(--dim); } .steps { padding-left: 4.5rem; }
        .scale { flex-direction: column; width: 4rem; text-align: right; flex: none; } .lines { height: 10rem; }
        polyline, .plot line { vector-effect: non-scaling-stroke; }
        .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 0 2rem; }

        """;
}
