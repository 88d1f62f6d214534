namespace ModelBuild.Compression.Passes.Optimization.Patterns;

/// <summary>A few nodes that can be fewer, or simpler.</summary>
internal interface IPattern
{
    /// <summary>What one application is called in receipts, in the plural: "transposes merged".</summary>
    string Effect { get; }

    /// <summary>The operators of the last node of the pattern: where matching begins.</summary>
    IReadOnlyList<string> Operators { get; }

    /// <summary>Rewrites what ends in the site's node; false when it does not match.</summary>
    bool TryApply(Site site);
}
