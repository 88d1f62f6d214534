namespace ModelBuild.Compression.Layers.Grids;

/// <summary>The grid that there is already, whatever the weights become: groups of one layer that share a scale cannot each choose another one.</summary>
/// <param name="Grid">The grid.</param>
internal sealed record HeldGrid(WeightGrid Grid) : IGridRule
{
    /// <inheritdoc/>
    public bool Shared => true;

    /// <inheritdoc/>
    public WeightGrid Fit(ReadOnlySpan<float> weights, int rows, int columns) => Grid;
}
