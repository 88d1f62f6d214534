namespace ModelBuild.Compression.Passes.Quantization.Recovery;

/// <summary>The options of the step <c>gptq</c>.</summary>
/// <param name="Damping">The number added to the Hessian's diagonal, as a share of its mean.</param>
/// <param name="ActOrder">Whether the columns with the largest Hessian diagonal are rounded first.</param>
internal sealed record GptqOptions(double Damping = 0.01, bool ActOrder = true);
