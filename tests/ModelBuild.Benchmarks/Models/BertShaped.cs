using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Benchmarks.Models;

/// <summary>An encoder with the shapes of BERT-base (Devlin et al. 2019), as exporters write it: 109 million parameters, 435 MB.</summary>
internal static class BertShaped
{
    private const int Vocabulary = 30522;
    private const int Positions = 512;
    private const int Width = 768;
    private const int Heads = 12;
    private const int Inner = 3072;
    private const int Layers = 12;

    /// <summary><c>input_ids</c> int64 [batch, sequence] to <c>hidden</c> float32 [batch, sequence, 768].</summary>
    /// <param name="layers">The number of layers.</param>
    public static OnnxModel Build(int layers = Layers)
    {
        var net = new NetBuilder("bert");
        var length = net.Node("Slice", net.Node("Shape", "input_ids"), net.Longs(1), net.Longs(2));
        var positions = net.Node("Slice", net.Weight(0.1, Positions, Width), net.Longs(0), length, net.Longs(0));
        var x = Normalize(net, net.Node("Add", net.Node("Gather", net.Weight(1, Vocabulary, Width), "input_ids"), positions));
        for (var layer = 0; layer < layers; layer++)
            x = Layer(net, x);
        net.Input("input_ids", DataType.Int64, ("batch", 0), ("sequence", 0));
        net.Output(x, "hidden", ("batch", 0), ("sequence", 0), ("", Width));
        return net.Finish();
    }

    private static string Layer(NetBuilder net, string x)
    {
        var (q, k, v) = (Split(net, x, [0, 2, 1, 3]), Split(net, x, [0, 2, 3, 1]), Split(net, x, [0, 2, 1, 3]));
        var scores = net.Node("Softmax", [("axis", -1L)], net.Node("Div", net.Node("MatMul", q, k), net.Scalar(MathF.Sqrt(Width / (float)Heads))));
        var mixed = net.Node("Reshape", net.Node("Transpose", [("perm", new long[] { 0, 2, 1, 3 })], net.Node("MatMul", scores, v)), net.Longs(0, 0, Width));
        x = Normalize(net, net.Node("Add", x, net.Dense(mixed, Width, Width)));
        var inner = net.Dense(x, Width, Inner);
        // Gelu is written by its definition, x · (1 + erf(x / √2)) / 2.
        var gelu = net.Node(
            "Mul",
            net.Node("Mul", inner, net.Node("Add", net.Node("Erf", net.Node("Div", inner, net.Scalar(MathF.Sqrt(2)))), net.Scalar(1))),
            net.Scalar(0.5f)
        );
        return Normalize(net, net.Node("Add", x, net.Dense(gelu, Inner, Width)));
    }

    private static string Split(NetBuilder net, string x, long[] perm) =>
        net.Node("Transpose", [("perm", perm)], net.Node("Reshape", net.Dense(x, Width, Width), net.Longs(0, 0, Heads, Width / Heads)));

    private static string Normalize(NetBuilder net, string x) => net.Node("LayerNormalization", [("axis", -1L)], x, net.Ones(Width), net.Weight(0.1, Width));
}
