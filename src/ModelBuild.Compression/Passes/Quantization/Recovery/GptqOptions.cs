namespace ModelBuild.Compression.Passes.Quantization.Recovery;

/// <summary>Options of <c>gptq</c>.</summary>
/// <param name="Damping">What is added to the Hessian's diagonal, as a share of its mean.</param>
/// <param name="ActOrder">Whether the columns that matter most are rounded first.</param>
internal sealed record GptqOptions(double Damping = 0.01, bool ActOrder = true);
