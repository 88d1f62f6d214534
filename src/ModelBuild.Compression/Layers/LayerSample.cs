namespace ModelBuild.Compression.Layers;

/// <summary>Rows that a linear layer saw, and what it should have answered.</summary>
/// <param name="Inputs">K, the length of a row of inputs.</param>
/// <param name="Outputs">N, the length of a row of answers, bias included.</param>
/// <param name="X">The inputs as the compressed model computes them [rows, K].</param>
/// <param name="Y">The answers of the original layer [rows, N].</param>
internal sealed record LayerSample(int Inputs, int Outputs, float[] X, float[] Y)
{
    /// <summary>How many rows there are.</summary>
    public int Rows => X.Length / Inputs;
}
