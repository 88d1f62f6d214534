using System.Text.Json.Serialization;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Samples;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Receipts;

/// <summary>The data and the figures of the verification of a result.</summary>
/// <param name="Inputs">The source of the inputs; none if the result was not verified.</param>
/// <param name="Calls">The number of runs of each model for the comparison.</param>
/// <param name="Seed">The seed of made inputs; null for real data.</param>
[method: JsonConstructor]
internal sealed record VerificationFacts([property: JsonConverter(typeof(CamelCaseEnum<InputKind>))] InputKind Inputs, int Calls, int? Seed)
{
    /// <summary>Creates the facts from a report of the verification.</summary>
    public VerificationFacts(FidelityReport report)
        : this(report.Inputs, report.Calls, report.Inputs == InputKind.Synthetic ? SyntheticInputs.Seed : null) =>
        (Fitted, Judged, Samples) = (report.Fitted, report.Judged, report.Samples);

    /// <summary>The number of samples that steps were fitted to.</summary>
    public long Fitted { get; init; }

    /// <summary>The number of samples that both models were compared on.</summary>
    public long Judged { get; init; }

    /// <summary>The total number of samples. It is smaller than the sum of the other two numbers if samples were used for both.</summary>
    public long Samples { get; init; }

    /// <summary>The text about the origin and use of the inputs, to follow the word "on".</summary>
    [JsonIgnore]
    public string Used =>
        Inputs == InputKind.Synthetic ? $"{Calls} synthetic inputs (seed {Seed}), because no calibration data was given"
        : Fitted == 0 ? $"{Judged} real samples"
        : Fitted + Judged <= Samples ? $"{Judged} held-out samples; the steps were fitted to {Fitted} others"
        : $"{Judged} real samples that the steps were also fitted to, so the figures are too good: "
            + $"give {SampleDivision.MinRowsToHoldOut} samples or more, so that a quarter of them is held out";
}
