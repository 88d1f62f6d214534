namespace ModelBuild.Runtime.Tests.Support;

/// <summary>The files that a build would make of one model cut into three stages.</summary>
internal static class StagedModels
{
    /// <summary>The hash in the signature of the generated class.</summary>
    private const string Signature = "57a6ed0000000000000000000000000000000000000000000000000000000000";

    public static byte[] Whole() =>
        Third(Second(First(new TinyModel().Input("features: float32[batch, 64]", "gain: float32[]"))))
            .Output("scores: float32[batch, 10]", "hidden: float32[batch, 128]")
            .ToBytes();

    /// <summary>Writes the stages beside where the whole model would be.</summary>
    /// <returns>The whole model's path, at which there is no file.</returns>
    public static string Write(TemporaryFolder folder, string name = "model", string build = "one", string signature = Signature)
    {
        foreach (var stage in new[] { 1, 2, 3 })
            folder.Write($"{name}.{stage}.onnx", Stage(stage, build, signature));
        return folder.File($"{name}.onnx");
    }

    /// <summary>A stage: the second skips nothing, the third takes what the first two made, and an input of the whole that nobody took before.</summary>
    public static byte[] Stage(int stage, string build = "one", string signature = Signature) =>
        (
            stage switch
            {
                1 => First(new TinyModel().Input("features: float32[batch, 64]")).Output("hidden: float32[batch, 128]"),
                2 => Second(new TinyModel().Input("hidden: float32[batch, 128]")).Output("more: float32[batch, 128]"),
                _ => Third(new TinyModel().Input("gain: float32[]", "hidden: float32[batch, 128]", "more: float32[batch, 128]"))
                    .Output("scores: float32[batch, 10]"),
            }
        )
            .Metadata("modelbuild.stage", $"{stage}/3")
            .Metadata("modelbuild.stage.signature", signature)
            .Metadata("modelbuild.stage.whole", build)
            .ToBytes();

    private static TinyModel First(TinyModel model) =>
        model.Weight("w1", 64, 128).Weight("bias1", 128).Node("Gemm(features, w1, bias1) -> h1").Node("Relu(h1) -> hidden");

    private static TinyModel Second(TinyModel model) =>
        model.Weight("weight2", 128, 128).Weight("b2", 128).Node("Gemm(hidden, weight2, b2) -> h2").Node("Relu(h2) -> more");

    private static TinyModel Third(TinyModel model) =>
        model
            .Weight("last", 128, 10)
            .Weight("lastbias", 10)
            .Node("Add(hidden, more) -> sum")
            .Node("Mul(sum, gain) -> louder")
            .Node("Gemm(louder, last, lastbias) -> scores");
}
