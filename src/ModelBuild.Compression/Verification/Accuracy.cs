namespace ModelBuild.Compression.Verification;

/// <summary>Top-1 accuracy, 0…1.</summary>
/// <param name="Before">The accuracy of the original.</param>
/// <param name="After">The accuracy of the compressed model.</param>
internal sealed record Accuracy(double Before, double After)
{
    /// <summary>The loss of accuracy; negative when the compressed model is better.</summary>
    public double Loss => Before - After;
}
