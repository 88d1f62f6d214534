namespace ModelBuild.Compression.Layers;

/// <summary>The values that weights can have, identified by codes: steps of a grid, or entries of a codebook.</summary>
internal interface IWeightCodes
{
    /// <summary>Returns the code nearest to a value.</summary>
    int Code(int row, int column, double value);

    /// <summary>Returns the value of a code.</summary>
    double Value(int row, int column, int code);
}
