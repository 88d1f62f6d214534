namespace ModelBuild.Compression.Layers;

/// <summary>The values that weights can have, identified by codes: steps of a grid, or entries of a codebook.</summary>
internal interface IWeightCodes
{
    /// <summary>Returns the code of a weight whose value is nearest to a given value.</summary>
    int Code(int row, int column, double value);

    /// <summary>Returns the value that a code stands for at a weight.</summary>
    double Value(int row, int column, int code);
}
