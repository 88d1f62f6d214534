namespace ModelBuild.Compression.Pipeline;

/// <summary>The evaluation of a recipe that was run as a whole: whether its result is within the budget, whether it is smaller, and its score.</summary>
/// <param name="IsGood">Whether the result is within the budget.</param>
/// <param name="IsSmaller">Whether the result is smaller than the original.</param>
/// <param name="Score">The figure of the worst output, in dB; negative infinity where ONNX Runtime refuses the result.</param>
internal readonly record struct MixedEvaluation(bool IsGood, bool IsSmaller, double Score);
