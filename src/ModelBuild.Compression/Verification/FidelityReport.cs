namespace ModelBuild.Compression.Verification;

/// <summary>The results of verification.</summary>
/// <param name="Inputs">
/// The origin of the inputs: <c>calibration</c> for real data, <c>made</c> for synthetic inputs, <c>none</c> when the models did not run.
/// </param>
/// <param name="Calls">The number of compared calls.</param>
/// <param name="Outputs">One entry for each output.</param>
public sealed record FidelityReport(string Inputs, int Calls, IReadOnlyList<OutputFidelity> Outputs)
{
    /// <summary>The number of samples that steps were fitted to.</summary>
    public long Fitted { get; init; }

    /// <summary>The number of samples that both models were compared on.</summary>
    public long Judged { get; init; }

    /// <summary>The total number of samples.</summary>
    public long Samples { get; init; }

    /// <summary>The report in receipts when verification is off.</summary>
    public static FidelityReport NotMeasured { get; } = new("none", 0, []);
}
