namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>The collected rows and ranges of an activation in one call.</summary>
/// <param name="Rows">Some rows of the activation, padding excluded, [rows, columns].</param>
/// <param name="Least">The least value of each column over all positions of the call.</param>
/// <param name="Greatest">The greatest value of each column over all positions of the call.</param>
internal sealed record SeenCall(float[] Rows, float[] Least, float[] Greatest)
{
    /// <summary>Returns the data of the call after the subtraction of a constant from each column.</summary>
    public SeenCall Minus(double[] constants) =>
        new(
            [.. Rows.Select((value, i) => (float)(value - constants[i % constants.Length]))],
            [.. Least.Zip(constants, (value, constant) => (float)(value - constant))],
            [.. Greatest.Zip(constants, (value, constant) => (float)(value - constant))]
        );
}
