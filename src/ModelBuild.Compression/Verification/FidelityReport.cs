using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Verification;

/// <summary>The result of the verification: the inputs, and the fidelity of each output.</summary>
/// <param name="Inputs">The source of the inputs.</param>
/// <param name="Calls">The number of runs of each model for the comparison.</param>
/// <param name="Outputs">One entry for each output.</param>
internal sealed record FidelityReport(InputKind Inputs, int Calls, IReadOnlyList<OutputFidelity> Outputs)
{
    /// <summary>The number of samples that steps were fitted to.</summary>
    public long Fitted { get; init; }

    /// <summary>The number of samples that both models were compared on.</summary>
    public long Judged { get; init; }

    /// <summary>The total number of samples.</summary>
    public long Samples { get; init; }

    /// <summary>The report for a receipt if no verification was requested.</summary>
    public static FidelityReport NotMeasured { get; } = new(InputKind.None, 0, []);
}
