using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Benchmarks.Models;

/// <summary>The sizes of an encoder (Devlin et al. 2019).</summary>
/// <param name="Vocabulary">The number of different tokens.</param>
/// <param name="Positions">The largest number of tokens in a row.</param>
/// <param name="Width">The size of the vector of a token.</param>
/// <param name="Heads">The number of heads of each attention.</param>
/// <param name="Inner">The size of the vectors inside the feed-forward part of a layer.</param>
/// <param name="Layers">The number of layers.</param>
internal sealed record BertShaped(int Vocabulary, int Positions, int Width, int Heads, int Inner, int Layers)
{
    /// <summary>The sizes of BERT-base: 109 million parameters, 435 MB.</summary>
    public static BertShaped Base { get; } = new(30522, 512, 768, 12, 3072, 12);

    /// <summary><c>input_ids</c> int64 [batch, sequence] to <c>hidden</c> float32 [batch, sequence, width].</summary>
    public OnnxModel Build()
    {
        var net = new NetBuilder("bert");
        var hidden = Encode(net);
        net.Input("input_ids", DataType.Int64, ("batch", 0), ("sequence", 0));
        net.Output(hidden, "hidden", ("batch", 0), ("sequence", 0), ("", Width));
        return net.Finish();
    }

    /// <summary>Adds the encoder of <c>input_ids</c>, as exporters write it.</summary>
    /// <returns>The name of its output, float32 [batch, sequence, width].</returns>
    public string Encode(NetBuilder net)
    {
        var length = net.Node("Slice", net.Node("Shape", "input_ids"), net.Longs(1), net.Longs(2));
        var positions = net.Node("Slice", net.Weight(0.1, Positions, Width), net.Longs(0), length, net.Longs(0));
        var x = Normalize(net, net.Node("Add", net.Node("Gather", net.Weight(1, Vocabulary, Width), "input_ids"), positions));
        for (var layer = 0; layer < Layers; layer++)
            x = Layer(net, x);
        return x;
    }

    private string Layer(NetBuilder net, string x)
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

    private string Split(NetBuilder net, string x, long[] perm) =>
        net.Node("Transpose", [("perm", perm)], net.Node("Reshape", net.Dense(x, Width, Width), net.Longs(0, 0, Heads, Width / Heads)));

    private string Normalize(NetBuilder net, string x) => net.Node("LayerNormalization", [("axis", -1L)], x, net.Ones(Width), net.Weight(0.1, Width));
}
