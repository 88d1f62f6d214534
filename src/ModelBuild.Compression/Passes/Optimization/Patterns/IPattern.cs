namespace ModelBuild.Compression.Passes.Optimization.Patterns;

/// <summary>A small subgraph that can be replaced by fewer or simpler nodes.</summary>
internal interface IPattern
{
    /// <summary>The name of the pattern's effect in receipts, in the plural, such as "transposes merged".</summary>
    string Effect { get; }

    /// <summary>The operators of the last node of the pattern. Matching begins at nodes with one of the operators.</summary>
    IReadOnlyList<string> Operators { get; }

    /// <summary>Rewrites the pattern that ends at the site's node; returns false if it does not match.</summary>
    bool TryApply(Site site);
}
