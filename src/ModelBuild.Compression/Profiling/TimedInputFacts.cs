using System.Text.Json.Serialization;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Profiling;

/// <summary>The facts about the inputs of calls whose time was measured.</summary>
/// <param name="Kind">The source of the inputs.</param>
/// <param name="Calls">The number of different calls, which repeat.</param>
/// <param name="Shapes">The shapes of the inputs of the first call.</param>
internal sealed record TimedInputFacts(
    [property: JsonConverter(typeof(CamelCaseEnum<InputKind>))] InputKind Kind,
    int Calls,
    IReadOnlyDictionary<string, long[]> Shapes
)
{
    public static TimedInputFacts Of(TimedInputs inputs) => new(inputs.Kind, inputs.Samples.Count, inputs.Samples[0].Shapes());

    /// <summary>The text about the inputs, to follow the word "with".</summary>
    [JsonIgnore]
    public string Text =>
        (Kind == InputKind.Synthetic ? "synthetic inputs" : "inputs of the data")
        + $" ({string.Join(", ", Shapes.Select(input => $"{input.Key} [{string.Join(", ", input.Value)}]"))})";
}
