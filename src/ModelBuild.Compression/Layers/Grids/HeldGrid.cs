namespace ModelBuild.Compression.Layers.Grids;

/// <summary>A fixed grid that does not depend on the weights. It serves groups of one layer that share a scale.</summary>
/// <param name="Grid">The grid.</param>
internal sealed record HeldGrid(WeightGrid Grid) : IGridRule
{
    /// <inheritdoc/>
    public bool Shared => true;

    /// <inheritdoc/>
    public WeightGrid Fit(ReadOnlySpan<float> weights, int rows, int columns) => Grid;
}
