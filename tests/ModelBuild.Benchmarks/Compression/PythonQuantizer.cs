namespace ModelBuild.Benchmarks.Compression;

/// <summary>
/// What the same jobs cost with onnxruntime 1.21's Python quantizer (float16: its companion onnxconverter-common) on the same kind of machine: two cores of an
/// x64
/// processor, whole processes, 2.1 s and 304 MB of which are the import. Python verifies nothing.
/// </summary>
internal static class PythonQuantizer
{
    private static readonly Dictionary<(string Model, string Recipe), (double Seconds, double Megabytes)> Costs = new()
    {
        [("resnet50", "int8-dynamic")] = (2.9, 584),
        [("bert-base", "int8-dynamic")] = (9.8, 1540),
        [("bert-base", "int8-dynamic(per-channel=false)")] = (6.1, 1540),
        [("resnet50", "float16-weights")] = (1.1, 560),
        [("bert-base", "float16-weights")] = (4.5, 2190),
        [("resnet50", "int8(min-max)")] = (8.5, 915),
        [("resnet50", "int8(percentile)")] = (16.5, 4400),
    };

    /// <summary>Seconds and megabytes of a job; null for one that Python's quantizer has no form of.</summary>
    public static (double Seconds, double Megabytes)? Of(string model, string recipe) => Costs.TryGetValue((model, recipe), out var cost) ? cost : null;
}
