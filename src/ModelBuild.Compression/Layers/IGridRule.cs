namespace ModelBuild.Compression.Layers;

/// <summary>Chooses the scales and zero points of a weight matrix.</summary>
internal interface IGridRule
{
    /// <summary>Whether all rows of a weight matrix share one scale. Otherwise the scales of a row depend only on that row.</summary>
    bool Shared => false;

    /// <summary>Returns the grid for <paramref name="weights"/> [<paramref name="rows"/>, <paramref name="columns"/>].</summary>
    WeightGrid Fit(ReadOnlySpan<float> weights, int rows, int columns);

    /// <summary>Returns the rule that applies to some of the rows of the weight matrix.</summary>
    IGridRule ForRows(int firstRow, int rows) => this;
}
