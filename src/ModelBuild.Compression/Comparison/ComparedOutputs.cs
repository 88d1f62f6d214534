using ModelBuild.Compression.Receipts;

namespace ModelBuild.Compression.Comparison;

/// <summary>The outputs of a model compared with those of the first model.</summary>
/// <param name="Verification">The samples of the comparison.</param>
/// <param name="Fidelity">The fidelity of each output.</param>
/// <param name="Passed">Whether every output is within its budget.</param>
/// <param name="Answers">The answers in each output with a row of scores for each sample.</param>
/// <param name="GraphErrors">The error at each value that both models have by name, in the order of the first model's nodes.</param>
internal sealed record ComparedOutputs(
    VerificationFacts Verification,
    IReadOnlyList<FidelityFacts> Fidelity,
    bool Passed,
    IReadOnlyList<AnswerFigures> Answers,
    IReadOnlyList<ValueError> GraphErrors
)
{
    private const int MaxSteps = 5;

    /// <summary>Returns the values where the relative error grows most, the largest growth first.</summary>
    public IReadOnlyList<ValueError> LargestSteps() => [.. GraphErrors.Where(value => value.Added > 0).OrderByDescending(value => value.Added).Take(MaxSteps)];
}
