namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>What the ratio of <c>low-rank</c> is a share of.</summary>
public enum LowRankSpread
{
    /// <summary>Of each layer's multiply-adds.</summary>
    Layer,

    /// <summary>Of all layers' multiply-adds: those that lose little give more.</summary>
    Model,
}
