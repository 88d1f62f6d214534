namespace ModelBuild.Compression.Verification;

/// <summary>What verification found.</summary>
/// <param name="Inputs"><c>calibration</c> for real data, <c>made</c> for inputs made from the declared shapes, <c>none</c> when nothing was run.</param>
/// <param name="Calls">How often each model ran.</param>
/// <param name="Outputs">One entry for each output.</param>
public sealed record FidelityReport(string Inputs, int Calls, IReadOnlyList<OutputFidelity> Outputs)
{
    /// <summary>What stands in a receipt when nobody asked for verification.</summary>
    public static FidelityReport NotMeasured { get; } = new("none", 0, []);
}
