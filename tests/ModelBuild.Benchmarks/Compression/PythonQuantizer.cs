namespace ModelBuild.Benchmarks.Compression;

/// <summary>
/// The costs of the same jobs with onnxruntime 1.21's Python quantizer (float16: onnxconverter-common) on the same kind of machine, two cores of an x64
/// processor. The figures are for whole processes, of which the import needs 2.1 s and 304 MB. Python does not verify its results.
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

    /// <summary>Returns seconds and megabytes of a job; null if Python's quantizer does not support it.</summary>
    public static (double Seconds, double Megabytes)? Of(string model, string recipe) => Costs.TryGetValue((model, recipe), out var cost) ? cost : null;
}
