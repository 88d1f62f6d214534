using ModelBuild.Compression.Profiling;

namespace ModelBuild.Compression.Comparison;

/// <summary>The JSON document that <c>compare --json</c> prints.</summary>
/// <param name="Models">The models. The others are compared with the first one.</param>
/// <param name="Latencies">One entry for each number of threads and of rows.</param>
/// <param name="Machine">The machine and the ONNX Runtime that the models ran on.</param>
/// <param name="Inputs">The inputs of the timed calls.</param>
internal sealed record ComparisonDocument(
    IReadOnlyList<ComparedModel> Models,
    IReadOnlyList<LatencyComparison> Latencies,
    MachineFacts Machine,
    TimedInputFacts Inputs
)
{
    /// <summary>Returns short names of the models: those of their files if these differ, and their paths otherwise.</summary>
    public IReadOnlyList<string> Names()
    {
        string[] files = [.. Models.Select(model => Path.GetFileName(model.Model))];
        return files.Distinct(StringComparer.Ordinal).Count() == files.Length ? files : [.. Models.Select(model => model.Model)];
    }
}
