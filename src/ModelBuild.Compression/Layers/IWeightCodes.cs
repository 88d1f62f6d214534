namespace ModelBuild.Compression.Layers;

/// <summary>The values that weights can take, as codes: steps of a grid, or entries of a codebook.</summary>
internal interface IWeightCodes
{
    /// <summary>The code nearest to a value.</summary>
    int Code(int row, int column, double value);

    /// <summary>The value that a code stands for.</summary>
    double Value(int row, int column, int code);
}
