namespace ModelBuild.Compression.Layers;

/// <summary>Sampled rows of the inputs and the target outputs of a linear layer. Each position of an image, a sequence or a batch has one row.</summary>
/// <param name="Inputs">K, the length of a row of inputs.</param>
/// <param name="Outputs">N, the length of a row of targets, which include the bias.</param>
/// <param name="X">The inputs as the compressed model computes them [rows, K].</param>
/// <param name="Y">The outputs of the original layer [rows, N].</param>
internal sealed record LayerSample(int Inputs, int Outputs, float[] X, float[] Y)
{
    /// <summary>The number of sampled rows.</summary>
    public int Rows => X.Length / Inputs;

    /// <summary>Returns all rows with the targets of only some of the outputs.</summary>
    /// <param name="first">The index of the first output.</param>
    /// <param name="count">The number of outputs.</param>
    public LayerSample ForOutputs(int first, int count)
    {
        var answers = new float[Rows * count];
        for (var row = 0; row < Rows; row++)
            Y.AsSpan(row * Outputs + first, count).CopyTo(answers.AsSpan(row * count));
        return this with { Outputs = count, Y = answers };
    }
}
