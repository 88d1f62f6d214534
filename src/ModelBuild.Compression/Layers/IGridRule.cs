namespace ModelBuild.Compression.Layers;

/// <summary>Chooses the scales and zero points of a weight matrix.</summary>
internal interface IGridRule
{
    /// <summary>Whether all rows share one scale. Otherwise the scales of a row depend only on that row.</summary>
    bool Shared => false;

    /// <summary>Returns the grid for <paramref name="weights"/> [<paramref name="rows"/>, <paramref name="columns"/>].</summary>
    WeightGrid Fit(ReadOnlySpan<float> weights, int rows, int columns);

    /// <summary>Returns the rule for some of the rows.</summary>
    IGridRule ForRows(int firstRow, int rows) => this;
}
