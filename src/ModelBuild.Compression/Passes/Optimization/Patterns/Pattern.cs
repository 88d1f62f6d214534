namespace ModelBuild.Compression.Passes.Optimization.Patterns;

/// <summary>A pattern whose code has two parts: the match and the rewrite.</summary>
/// <typeparam name="TMatch">The facts that the rewrite needs.</typeparam>
internal abstract class Pattern<TMatch>(string effect, params string[] operators) : IPattern
    where TMatch : class
{
    public string Effect => effect;

    public IReadOnlyList<string> Operators => operators;

    public bool TryApply(Site site)
    {
        if (Match(site) is not { } match)
            return false;
        Rewrite(site, match);
        return true;
    }

    /// <summary>Matches the pattern without changing the graph. Returns null if the pattern does not match.</summary>
    protected abstract TMatch? Match(Site site);

    /// <summary>Rewrites the graph at a match of the pattern.</summary>
    protected abstract void Rewrite(Site site, TMatch match);
}
