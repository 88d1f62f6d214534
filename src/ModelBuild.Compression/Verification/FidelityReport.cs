namespace ModelBuild.Compression.Verification;

/// <summary>What verification found.</summary>
/// <param name="Inputs"><c>calibration</c> for real data, <c>made</c> for inputs made from the declared shapes, <c>none</c> when nothing was run.</param>
/// <param name="Calls">How often each model ran for the comparison.</param>
/// <param name="Outputs">One entry for each output.</param>
public sealed record FidelityReport(string Inputs, int Calls, IReadOnlyList<OutputFidelity> Outputs)
{
    /// <summary>How many samples steps were fitted to; 0 where nothing was fitted to any.</summary>
    public long Fitted { get; init; }

    /// <summary>How many samples both models were compared on.</summary>
    public long Judged { get; init; }

    /// <summary>How many samples there are in all.</summary>
    public long Samples { get; init; }

    /// <summary>What stands in a receipt when nobody asked for verification.</summary>
    public static FidelityReport NotMeasured { get; } = new("none", 0, []);
}
