namespace ModelBuild.Compression.Layers;

/// <summary>How scales and zero points are chosen for a matrix of weights.</summary>
internal interface IGridRule
{
    /// <summary>Whether all rows share one scale. Otherwise each row's scales depend on that row alone.</summary>
    bool Shared => false;

    /// <summary>The grid for <paramref name="weights"/> [<paramref name="rows"/>, <paramref name="columns"/>].</summary>
    WeightGrid Fit(ReadOnlySpan<float> weights, int rows, int columns);

    /// <summary>The rule for some of the rows.</summary>
    IGridRule ForRows(int firstRow, int rows) => this;
}
