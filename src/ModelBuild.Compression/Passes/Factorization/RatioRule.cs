namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>Chooses ranks that keep a given share of each layer's multiply-adds.</summary>
/// <param name="share">Returns the share of a layer.</param>
internal sealed class RatioRule(Func<FactorableLayer, double> share) : IRankRule
{
    /// <inheritdoc/>
    public string WhyNone(FactorableLayer layer) => share(layer) < 1 ? IRankRule.NoRank : "other layers lose less accuracy for the same saving";

    /// <inheritdoc/>
    public int Rank(FactorableLayer layer, FactorForm form, FactorTarget target, CancellationToken cancellationToken) =>
        share(layer) < 1 ? form.RankOfShare(share(layer)) : 0;
}
