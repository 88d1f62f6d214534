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

    /// <summary>The same rows with the answers of some of the outputs.</summary>
    /// <param name="first">The first of the outputs.</param>
    /// <param name="count">How many.</param>
    public LayerSample ForOutputs(int first, int count)
    {
        var answers = new float[Rows * count];
        for (var row = 0; row < Rows; row++)
            Y.AsSpan(row * Outputs + first, count).CopyTo(answers.AsSpan(row * count));
        return this with { Outputs = count, Y = answers };
    }
}
