namespace ModelBuild.Compression.Passes.Optimization.Patterns;

/// <summary>A pattern of a node whose only output equals a value that already exists, so that the node can be removed.</summary>
internal abstract class NoEffectPattern(string effect, params string[] operators) : Pattern<string>(effect, operators)
{
    /// <summary>Returns the value that the node's first output equals; null if there is none.</summary>
    protected abstract string? Same(Site site);

    protected sealed override string? Match(Site site) => Same(site);

    protected sealed override void Rewrite(Site site, string match) => site.Forward(match);
}
