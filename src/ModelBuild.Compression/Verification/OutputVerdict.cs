namespace ModelBuild.Compression.Verification;

/// <summary>One output held against the budget.</summary>
/// <param name="Fidelity">What was measured.</param>
/// <param name="Budget">What it was held against, such as <c>MinSqnr 30 dB</c>; null when the output is not judged.</param>
/// <param name="Measured">The measured figure in the budget's unit.</param>
/// <param name="Passed">Whether it is within the budget.</param>
public sealed record OutputVerdict(OutputFidelity Fidelity, string? Budget, string Measured, bool Passed)
{
    /// <summary>Whether nothing was compared that says anything: outputs there were, and none of them was held against the budget.</summary>
    public static bool ProveNothing(IReadOnlyList<OutputVerdict> verdicts) =>
        verdicts.Any(verdict => !verdict.Fidelity.IsMeasured) && !verdicts.Any(verdict => verdict.Fidelity.IsMeasured && verdict.Budget is not null);
}
