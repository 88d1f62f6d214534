using ModelBuild.Onnx;

namespace ModelBuild.Integration.Tests.Building;

/// <summary>Models that are small, quick to compress, and gain from it.</summary>
internal static class TinyModels
{
    private const int Inputs = 64;
    private const int Outputs = 10;
    private const int Hidden = 256;

    /// <summary>Two layers: <c>pixels</c> float[batch,64] → <c>scores</c> float[batch,10]; the weights follow from the seed.</summary>
    public static OnnxModel Classifier(int seed)
    {
        var random = new Random(seed);
        return new Net()
            .OpenInput("pixels", "batch", "64")
            .Constant("w1", [Inputs, Hidden], Weights(random, Inputs * Hidden))
            .Constant("w2", [Hidden, Outputs], Weights(random, Hidden * Outputs))
            .Add(Nodes.Create("MatMul", ["pixels", "w1"], ["hidden"], name: "hidden"))
            .Add(Nodes.Create("Relu", ["hidden"], ["active"], name: "active"))
            .Add(Nodes.Create("MatMul", ["active", "w2"], ["scores"], name: "scores"))
            .OpenOutput("scores", "batch", "10")
            .Build();
    }

    private static float[] Weights(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) / 8)];
}
