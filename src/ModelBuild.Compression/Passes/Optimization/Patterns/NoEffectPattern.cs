namespace ModelBuild.Compression.Passes.Optimization.Patterns;

/// <summary>A node whose only output is a value that is there already.</summary>
internal abstract class NoEffectPattern(string effect, params string[] operators) : Pattern<string>(effect, operators)
{
    /// <summary>The value that the node's first output equals; null when it does something.</summary>
    protected abstract string? Same(Site site);

    protected sealed override string? Match(Site site) => Same(site);

    protected sealed override void Rewrite(Site site, string match) => site.Forward(match);
}
