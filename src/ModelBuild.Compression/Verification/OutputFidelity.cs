namespace ModelBuild.Compression.Verification;

/// <summary>How near one output of the compressed model is to the original's.</summary>
/// <param name="Output">The output's name.</param>
/// <param name="IsFloat">Whether it holds measurements rather than indices, flags or texts.</param>
/// <param name="SqnrDb">10 · log₁₀(Σx² / Σ(x − y)²) over all samples, in dB; 200 when identical, −200 when not comparable.</param>
/// <param name="Top1Agreement">Share of rows (0…1) whose highest score is the same class, or of elements that are equal where the output is not of scores; null when the output has no rows of scores.</param>
/// <param name="MaxAbsoluteError">The largest difference of two elements.</param>
/// <param name="Accuracy">Top-1 accuracy against the data's labels; null without labels.</param>
public sealed record OutputFidelity(string Output, bool IsFloat, double SqnrDb, double? Top1Agreement, double MaxAbsoluteError, Accuracy? Accuracy)
{
    /// <summary>What stands for an infinite ratio, in dB: identical outputs, beyond what float64 sums can tell apart.</summary>
    public const double IdenticalDb = 200;
}
