using System.Globalization;

namespace ModelBuild.Compression.Verification;

/// <summary>One output held against the budget.</summary>
/// <param name="Fidelity">What was measured.</param>
/// <param name="Budget">What it was held against, such as <c>MinSqnr 30 dB</c>; null when the output is not judged.</param>
/// <param name="Measured">The measured figure in the budget's unit.</param>
/// <param name="Passed">Whether it is within the budget.</param>
public sealed record OutputVerdict(OutputFidelity Fidelity, string? Budget, string Measured, bool Passed)
{
    /// <summary>
    /// Judges an output: class scores on real data by accuracy (with labels) or agreement (without), everything else by SQNR. Indices and texts on made
    /// inputs are not judged: the argmax of noise says nothing about the model.
    /// </summary>
    internal static OutputVerdict Judge(OutputFidelity fidelity, FidelityBudget budget, bool realData, bool isClassScores)
    {
        if (realData && (isClassScores || fidelity.Accuracy is not null || !fidelity.IsFloat) && fidelity.Top1Agreement is { } agreement)
        {
            var loss = fidelity.Accuracy?.Loss ?? 1 - agreement;
            var what = fidelity.Accuracy is null ? "answers that differ" : "accuracy lost";
            // Shares of a sample count are not exact in binary.
            return new OutputVerdict(fidelity, $"MaxAccuracyLoss {Percent(budget.MaxAccuracyLoss)}", $"{Percent(loss)} {what}", loss <= budget.MaxAccuracyLoss + 1e-9);
        }

        if (!realData && !fidelity.IsFloat)
            return new OutputVerdict(fidelity, null, "", true);
        return new OutputVerdict(
            fidelity,
            string.Create(CultureInfo.InvariantCulture, $"MinSqnr {budget.MinSqnr:0.##} dB"),
            string.Create(CultureInfo.InvariantCulture, $"{fidelity.SqnrDb:0.0} dB"),
            fidelity.SqnrDb >= budget.MinSqnr);
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##}%");
}
