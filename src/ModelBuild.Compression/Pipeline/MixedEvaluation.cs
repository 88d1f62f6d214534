namespace ModelBuild.Compression.Pipeline;

/// <summary>What came of a recipe that was run in full.</summary>
/// <param name="IsGood">Whether it is within the budget.</param>
/// <param name="IsSmaller">Whether the result is smaller than the original.</param>
/// <param name="Score">A figure that is greater for better answers.</param>
internal readonly record struct MixedEvaluation(bool IsGood, bool IsSmaller, double Score);
