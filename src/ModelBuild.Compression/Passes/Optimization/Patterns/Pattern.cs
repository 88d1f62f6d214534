namespace ModelBuild.Compression.Passes.Optimization.Patterns;

/// <summary>A pattern in its two parts: what matches, and what becomes of it.</summary>
/// <typeparam name="TMatch">What the rewrite needs to know.</typeparam>
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

    /// <summary>Looks, and changes nothing; null when the pattern is not there.</summary>
    protected abstract TMatch? Match(Site site);

    /// <summary>Rewrites what matched.</summary>
    protected abstract void Rewrite(Site site, TMatch match);
}
