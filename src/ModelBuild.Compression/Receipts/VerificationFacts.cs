using System.Text.Json.Serialization;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Receipts;

/// <summary>How a result was verified.</summary>
/// <param name="Inputs"><c>calibration</c>: the project's data; <c>made</c>: inputs made from the declared shapes; <c>none</c>: it was not verified.</param>
/// <param name="Calls">How often each model ran.</param>
/// <param name="Seed">The seed of made inputs; null for real data.</param>
[method: JsonConstructor]
public sealed record VerificationFacts(string Inputs, int Calls, int? Seed)
{
    /// <summary>The facts of a report.</summary>
    public VerificationFacts(FidelityReport report)
        : this(report.Inputs, report.Calls, report.Inputs == "made" ? MadeInputs.Seed : null)
    {
    }
}
