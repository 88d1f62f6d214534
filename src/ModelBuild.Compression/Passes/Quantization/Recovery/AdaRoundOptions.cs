namespace ModelBuild.Compression.Passes.Quantization.Recovery;

/// <summary>The options of the step <c>adaround</c>.</summary>
/// <param name="Iterations">The number of gradient descent steps for each layer.</param>
internal sealed record AdaRoundOptions(int Iterations = 1000);
