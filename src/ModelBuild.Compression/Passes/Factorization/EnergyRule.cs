namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>
/// Chooses ranks that keep a share of the variance of a layer's outputs, or of its squared weights if there is no data. The form with the fewest multiply-adds
/// is chosen.
/// </summary>
/// <param name="energy">The share that is kept, 0 to 1.</param>
internal sealed class EnergyRule(double energy) : IRankRule
{
    /// <inheritdoc/>
    public int Rank(FactorableLayer layer, FactorForm form, FactorTarget target, CancellationToken cancellationToken)
    {
        var energies = form.Energies(target, cancellationToken);
        var missing = energies.Sum() * energy;
        var rank = 0;
        while (rank < energies.Length && missing > 0)
            missing -= energies[rank++];
        return rank;
    }

    /// <inheritdoc/>
    public double Cost(double share, double loss) => share;
}
