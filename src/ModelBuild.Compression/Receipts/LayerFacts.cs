using System.Text.Json.Serialization;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Receipts;

/// <summary>One layer, or another node with constants, before and after compression.</summary>
/// <param name="Name">The name of the node.</param>
/// <param name="Operator">The operator in the original; that of the result for a node that only the result has.</param>
/// <param name="RunsAs">The form in which the node computes after compression.</param>
/// <param name="BytesBefore">The bytes of its constants in the original. A shared constant counts for its first reader.</param>
/// <param name="BytesAfter">The bytes of its constants in the result, including those of nodes that replace it.</param>
/// <param name="MultiplyAddsBefore">The multiply-adds in the original.</param>
/// <param name="MultiplyAddsAfter">The multiply-adds in the result.</param>
internal sealed record LayerFacts(
    string Name,
    string Operator,
    [property: JsonConverter(typeof(CamelCaseEnum<NodeForm>))] NodeForm RunsAs,
    long BytesBefore,
    long BytesAfter,
    long MultiplyAddsBefore,
    long MultiplyAddsAfter
)
{
    /// <summary>The SQNR at the layer's output in dB; 200 for identical outputs; null where it was not measured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? SqnrDb { get; init; }

    /// <summary>The lowest SQNR in dB of the measured values that the layer reads, directly or through other nodes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? InputDb { get; init; }

    /// <summary>The relative error that the layer adds: the share of noise in its output minus that in its inputs; null where it was not measured.</summary>
    [JsonIgnore]
    public double? AddedNoise => SqnrDb is { } output && InputDb is { } input ? Noise(output) - Noise(input) : null;

    private static double Noise(double decibels) => decibels >= Verification.OutputFidelity.IdenticalDb ? 0 : Math.Pow(10, -decibels / 10);
}
