namespace ModelBuild.Compression.Verification;

/// <summary>Top-1 accuracy, 0…1.</summary>
/// <param name="Before">Of the original.</param>
/// <param name="After">Of the compressed model.</param>
public sealed record Accuracy(double Before, double After)
{
    /// <summary>What was lost; negative when the compressed model is better.</summary>
    public double Loss => Before - After;
}
