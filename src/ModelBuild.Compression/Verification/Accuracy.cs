namespace ModelBuild.Compression.Verification;

/// <summary>The top-1 accuracy of both models: the share (0…1) of rows whose class with the highest score is the label.</summary>
/// <param name="Before">The accuracy of the original.</param>
/// <param name="After">The accuracy of the compressed model.</param>
internal sealed record Accuracy(double Before, double After)
{
    /// <summary>The loss of accuracy; negative when the compressed model is better.</summary>
    public double Loss => Before - After;
}
