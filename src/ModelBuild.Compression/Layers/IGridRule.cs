namespace ModelBuild.Compression.Layers;

/// <summary>How scales and zero points are chosen for a matrix of weights.</summary>
internal interface IGridRule
{
    /// <summary>The grid for <paramref name="weights"/> [<paramref name="rows"/>, <paramref name="columns"/>]; each row's depends on that row alone.</summary>
    WeightGrid Fit(ReadOnlySpan<float> weights, int rows, int columns);

    /// <summary>The rule for some of the rows.</summary>
    IGridRule ForRows(int firstRow, int rows) => this;
}
