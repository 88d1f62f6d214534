namespace ModelBuild.Benchmarks.Real;

/// <summary>
/// The time and the results of ONNX Runtime 1.30's Python quantizer, measured on the same kind of machine. Processor seconds are those of
/// <c>quantize_static</c> with its preparation (QDQ, min-max, per channel). MiniLM is quantized by <c>quantize_dynamic</c>, per channel.
/// </summary>
internal static class PythonFigures
{
    private static readonly Dictionary<string, double> Seconds = new()
    {
        ["cnn11616"] = 0.2,
        ["resnet8"] = 0.9,
        ["fashion-resnet"] = 1.0,
        ["mobilenetv1_025"] = 2.2,
        ["squeezenet_fp32"] = 3.2,
        ["recognizer"] = 20,
        ["detector"] = 4.5,
    };

    private static readonly Dictionary<string, string> Figures = new() { ["minilm"] = "cosine 0.9926, 86.2 % of neighbours kept, time 0.41" };

    /// <summary>Returns the processor seconds for a model; null if they were not measured.</summary>
    public static double? ProcessorSeconds(string model) => Seconds.TryGetValue(model, out var seconds) ? seconds : null;

    /// <summary>Returns the fidelity of the result for a model; empty if it was not measured.</summary>
    public static string Fidelity(string model) => Figures.GetValueOrDefault(model, "");
}
