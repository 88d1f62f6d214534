namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>Specifies the multiply-adds that the ratio of <c>low-rank</c> is a share of.</summary>
internal enum LowRankSpread
{
    /// <summary>The ratio is a share of the multiply-adds of each layer.</summary>
    Layer,

    /// <summary>The ratio is a share of the multiply-adds of all layers together: layers whose error increases little are reduced more.</summary>
    Model,
}
