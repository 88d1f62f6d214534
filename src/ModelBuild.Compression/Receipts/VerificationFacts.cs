using System.Text.Json.Serialization;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Receipts;

/// <summary>How a result was verified.</summary>
/// <param name="Inputs"><c>calibration</c>: the project's data; <c>made</c>: inputs made from the declared shapes; <c>none</c>: it was not verified.</param>
/// <param name="Calls">How often each model ran for the comparison.</param>
/// <param name="Seed">The seed of made inputs; null for real data.</param>
[method: JsonConstructor]
public sealed record VerificationFacts(string Inputs, int Calls, int? Seed)
{
    /// <summary>The facts of a report.</summary>
    public VerificationFacts(FidelityReport report)
        : this(report.Inputs, report.Calls, report.Inputs == "made" ? MadeInputs.Seed : null) =>
        (Fitted, Judged, Samples) = (report.Fitted, report.Judged, report.Samples);

    /// <summary>How many samples steps were fitted to; 0 where nothing was fitted to any.</summary>
    public long Fitted { get; init; }

    /// <summary>How many samples both models were compared on.</summary>
    public long Judged { get; init; }

    /// <summary>How many samples there are in all; fewer than both other numbers together where the compared ones were also fitted to.</summary>
    public long Samples { get; init; }

    /// <summary>Where the inputs come from and what they were used for, after "on".</summary>
    [JsonIgnore]
    public string Used =>
        Inputs == "made" ? $"{Calls} made inputs (seed {Seed}), because no calibration data was given"
        : Fitted == 0 ? $"{Judged} real samples"
        : Fitted + Judged <= Samples ? $"{Judged} real samples that nothing was fitted to; {Fitted} others were fitted to"
        : $"{Judged} real samples that were also fitted to, which flatters the result: give {SampleDivision.JudgedApart} samples or more, and a quarter of them is only judged on";
}
