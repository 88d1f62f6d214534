namespace ModelBuild.Benchmarks.Compression;

/// <summary>
/// The best result of onnxruntime 1.21's Python quantizer (<c>quantize_static</c> with QDQ, uint8 activations and int8 weights) over its calibration methods.
/// It is fitted to the same calibration images in calls of 16 and measured on the same test images.
/// </summary>
/// <param name="SqnrDb">The SQNR of the logits against float32, in dB.</param>
/// <param name="Accuracy">The best top-1 accuracy on the test images, 0…1.</param>
/// <param name="BytesPerTensor">The size of the file with one weight scale for each tensor.</param>
/// <param name="BytesPerChannel">The size of the file with one weight scale for each channel.</param>
internal sealed record PythonStatic(double SqnrDb, double Accuracy, long BytesPerTensor, long BytesPerChannel)
{
    /// <summary>The figures by the name of the model.</summary>
    public static IReadOnlyDictionary<string, PythonStatic> ByModel { get; } =
        new Dictionary<string, PythonStatic>
        {
            ["litenet-conv"] = new(38.5, 0.9865, 29_442, 30_706),
            ["litenet-fc"] = new(39.9, 0.9750, 207_467, 210_981),
            ["fashion-mobilenet"] = new(34.2, 0.9185, 40_822, 48_349),
            ["fashion-resnet"] = new(37.3, 0.9373, 204_421, 212_244),
        };
}
