namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>A share of the answers' variance remains, or of the squared weights where there are no answers; the form that costs least is kept.</summary>
/// <param name="energy">The share.</param>
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
