namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>Chooses the same rank for every layer, or the full rank where that is less.</summary>
/// <param name="terms">The rank.</param>
internal sealed class TermsRule(int terms) : IRankRule
{
    /// <inheritdoc/>
    public int Rank(FactorableLayer layer, FactorForm form, FactorTarget target, CancellationToken cancellationToken) => Math.Min(terms, form.FullRank);
}
