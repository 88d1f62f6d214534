using System.Text.Json.Serialization;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Comparison;

/// <summary>The error of a value that two models have by the same name.</summary>
/// <param name="Value">The name of the value.</param>
/// <param name="Node">The node of the first model that computes it.</param>
/// <param name="SqnrDb">The ratio of the value to the error in dB; 200 for identical values.</param>
/// <param name="BeforeDb">The smallest ratio of the values that the node reads, directly or through values that only one model has.</param>
/// <param name="IsRescaled">Whether the other model multiplies channels of this value by factors. The ratio leaves these factors out.</param>
internal sealed record ValueError(string Value, string Node, double SqnrDb, double BeforeDb, bool IsRescaled)
{
    /// <summary>The relative error that the node adds: the share of noise in its output minus that in its inputs.</summary>
    [JsonIgnore]
    public double Added => Noise(SqnrDb) - Noise(BeforeDb);

    private static double Noise(double decibels) => decibels >= OutputFidelity.IdenticalDb ? 0 : Math.Pow(10, -decibels / 10);
}
