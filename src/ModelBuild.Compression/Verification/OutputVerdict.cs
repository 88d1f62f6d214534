namespace ModelBuild.Compression.Verification;

/// <summary>The result of applying the budget to one output.</summary>
/// <param name="Fidelity">The measured figures.</param>
/// <param name="Budget">The limit, such as <c>MinSqnr 30 dB</c>; null when no limit applies.</param>
/// <param name="Measured">The measured figure in the unit of the limit.</param>
/// <param name="Passed">Whether the figure is within the limit.</param>
internal sealed record OutputVerdict(OutputFidelity Fidelity, string? Budget, string Measured, bool Passed)
{
    /// <summary>Whether the limit of the output is the loss of accuracy, or the share of decisions that differ.</summary>
    public bool IsOfAccuracy => Budget?.StartsWith(nameof(FidelityBudget.MaxAccuracyLoss), StringComparison.Ordinal) == true;

    /// <summary>Returns whether the verification has no meaning: some output could not be measured, and no measured output has a limit.</summary>
    public static bool ProveNothing(IReadOnlyList<OutputVerdict> verdicts) =>
        verdicts.Any(verdict => !verdict.Fidelity.IsMeasured) && !verdicts.Any(verdict => verdict.Fidelity.IsMeasured && verdict.Budget is not null);
}
