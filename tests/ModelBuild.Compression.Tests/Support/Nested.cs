using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Support;

/// <summary>Creates models with a layer inside a branch or a loop. The weights of the layer are initializers of the main graph, or of the subgraph.</summary>
internal static class Nested
{
    /// <summary>Gets the operators of layers whose outputs have the shape of their inputs.</summary>
    public static string[] Operators { get; } = ["Conv", "ConvTranspose", "Gemm", "MatMul", "LSTM", "Gather"];

    /// <summary>Gets the scopes of the layer, with the other readers of its weights.</summary>
    public static string[] Places { get; } =
    ["branch", "both branches", "branch and main", "loop", "loop and main", "branch in loop", "own branch", "own loop"];

    /// <summary>Returns a model of a layer of the main graph, the nested layers, and one more layer of the main graph.</summary>
    public static OnnxModel Model(string op, string place)
    {
        var shape = Shape(op);
        var net = Weights(Weights(new Net().Input("x", shape).Condition("x", "holds"), op, "first"), op, "last");
        var isOwn = place.StartsWith("own", StringComparison.Ordinal);
        if (!isOwn)
            Weights(net, op, "w");
        Layer(net, op, "x", "a", "first").Node("Relu", "a", "b");
        if (place.Contains("loop", StringComparison.Ordinal))
            Loop(net, op, shape, place == "branch in loop", isOwn);
        else
            net.If(
                "holds",
                "c",
                Branch(isOwn ? Weights(new Net(), op, "w") : new Net(), op, shape, "t"),
                place == "both branches" ? Branch(new Net(), op, shape, "e") : Plain(shape)
            );
        if (place.EndsWith("and main", StringComparison.Ordinal))
            Layer(net, op, "c", "d", "w");
        else
            net.Node("Identity", "c", "d");
        return Layer(net.Node("Relu", "d", "r"), op, "r", "y", "last").Output("y").Build();
    }

    private static void Loop(Net net, string op, long[] shape, bool isInBranch, bool isOwn)
    {
        var body = new Net().Input("i", DataType.Int64).Input("go", DataType.Bool).Input("state", shape).Node("Identity", "go", "on");
        if (isOwn)
            Weights(body, op, "w");
        if (isInBranch)
            body.If(
                "holds",
                "m",
                Layer(new Net(), op, "state", "t", "w").Output("t", DataType.Float, shape),
                new Net().Node("Abs", "state", "e").Output("e", DataType.Float, shape)
            );
        else
            Layer(body, op, "state", "m", "w");
        body.Node("Tanh", "m", "next").Output("on", DataType.Bool).Output("next", DataType.Float, shape);
        net.Constant("rounds", [], 2L).Constant("yes", [], true).Node("Loop", "rounds yes b", "c", ("body", body.Build().Proto.Graph));
    }

    private static Net Branch(Net branch, string op, long[] shape, string output) => Layer(branch, op, "b", output, "w").Output(output, DataType.Float, shape);

    private static Net Plain(long[] shape) => new Net().Node("Abs", "b", "e").Output("e", DataType.Float, shape);

    private static long[] Shape(string op) =>
        op switch
        {
            "Conv" or "ConvTranspose" => [1, 16, 5, 5],
            "LSTM" => [3, 2, 32],
            _ => [4, 48],
        };

    private static Net Weights(Net net, string op, string name) =>
        op switch
        {
            "Conv" or "ConvTranspose" => net.Weight(name, 16, 16, 3, 3).Weight($"{name}_bias", 16),
            "LSTM" => net.Weight(name, 1, 128, 32).Weight($"{name}_state", 1, 128, 32).Weight($"{name}_bias", 1, 256),
            "Gather" => net.Weight(name, 80, 48).Constant($"{name}_rows", [4], 3L, 1, 79, 3),
            _ => net.Weight(name, 48, 48).Weight($"{name}_bias", 48),
        };

    private static Net Layer(Net net, string op, string input, string output, string name) =>
        op switch
        {
            "Conv" or "ConvTranspose" => net.Node(op, $"{input} {name} {name}_bias", output, ("pads", new long[] { 1, 1, 1, 1 })),
            "Gemm" => net.Node(op, $"{input} {name} {name}_bias", output),
            "MatMul" => net.Node(op, $"{input} {name}", output),
            "LSTM" => net.Node(op, $"{input} {name} {name}_state {name}_bias", $"{output}_all", ("hidden_size", 32L))
                .ConstantNode($"{output}_axis", Net.Tensor<long>([1], 1))
                .Node("Squeeze", $"{output}_all {output}_axis", output),
            _ => net.Node(op, $"{name} {name}_rows", $"{output}_rows").Node("Add", $"{input} {output}_rows", output),
        };
}
