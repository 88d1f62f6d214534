using ModelBuild.Compression.Estimation;

namespace ModelBuild.Compression.Comparison;

/// <summary>Compares the answers of two models in an output that has a row of scores for each sample.</summary>
/// <param name="Output">The name of the output.</param>
/// <param name="Samples">The number of samples.</param>
/// <param name="Changed">The number of samples with different answers.</param>
/// <param name="Before">The accuracy of the first model; null without labels.</param>
/// <param name="After">The accuracy of the other model; null without labels.</param>
/// <param name="Difference">The difference of the accuracies; null without labels.</param>
/// <param name="Answers">Samples with different answers: those that only the first model gets right come first.</param>
internal sealed record AnswerFigures(
    string Output,
    long Samples,
    long Changed,
    ShareEstimate? Before,
    ShareEstimate? After,
    PairedDifference? Difference,
    IReadOnlyList<ChangedAnswer> Answers
);
