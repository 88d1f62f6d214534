using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Tests.Training.Runs;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Recomputation;

/// <summary>Creates deep networks of several kinds, with the shape of a row.</summary>
internal static class RecomputedNets
{
    // The number is a multiple of the channels of a block on all processors, so that convolutions are blocked.
    private const long Channels = 32;

    private static readonly Dictionary<string, (Func<OnnxModel> Build, long[] Row)> All = new(StringComparer.Ordinal)
    {
        ["layers"] = (Layers, [32]),
        ["residual convolutions"] = (() => Convolutions(groups: 1), [3, 12, 12]),
        ["depthwise convolutions"] = (() => Convolutions(groups: Channels), [3, 12, 12]),
        ["attention"] = (Attention, [6, 32]),
        ["recurrent layers"] = (Recurrent, [6, 24]),
        ["branches"] = (Branches, [32]),
        ["integers"] = (() => Compressed(Layers(), "int8(min-max, everywhere=true)", [32]), [32]),
        ["integers in convolutions"] = (() => Compressed(Convolutions(groups: 1), "int8(min-max, everywhere=true)", [3, 12, 12]), [3, 12, 12]),
    };

    public static IEnumerable<string> Names => All.Keys;

    /// <summary>Returns a network and inputs for it.</summary>
    public static (OnnxModel Model, ISampleSource Samples) Of(string name) => (All[name].Build(), MadeTraining.Rows(16, All[name].Row));

    private static OnnxModel Layers()
    {
        var net = new Net(opset: 21, irVersion: 10).OpenInput("x", "n", "32");
        var value = "x";
        for (var i = 0; i < 8; i++)
        {
            net.Weight($"w{i}", 32, 32).Node("MatMul", $"{value} w{i}", $"m{i}").Weight($"b{i}", 32).Node("Add", $"m{i} b{i}", $"a{i}");
            net.Node(i % 2 == 0 ? "Relu" : "Tanh", $"a{i}", $"r{i}");
            value = $"r{i}";
        }

        return net.Weight("v", 32, 4).Node("MatMul", $"{value} v", "y").Output("y").Build();
    }

    private static OnnxModel Convolutions(long groups)
    {
        (string, object)[] same = [("pads", new long[] { 1, 1, 1, 1 })];
        var net = new Net(opset: 21, irVersion: 10).OpenInput("x", "n", "3", "12", "12");
        net.Weight("first", Channels, 3, 3, 3).Weight("first bias", Channels);
        net.Add(Nodes.Create("Conv", ["x", "first", "first bias"], ["c"], attributes: same)).Node("Relu", "c", "h0");
        for (var i = 0; i < 5; i++)
        {
            net.Weight($"w{i}", Channels, Channels / groups, 3, 3).Weight($"b{i}", Channels);
            net.Node("Conv", $"h{i} w{i} b{i}", $"c{i}", [.. same, ("group", groups)]).Node("Relu", $"c{i}", $"r{i}");
            net.Weight($"v{i}", Channels, Channels, 1, 1).Node("Conv", $"r{i} v{i}", $"d{i}");
            net.Node("Add", $"d{i} h{i}", $"s{i}").Node(i == 2 ? "HardSwish" : "Relu", $"s{i}", $"h{i + 1}");
        }

        return net.Node("MaxPool", "h5", "p", ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }))
            .Node("GlobalAveragePool", "p", "q")
            .Node("Flatten", "q", "f")
            .Weight("u", Channels, 10)
            .Weight("z", 10)
            .Node("Gemm", "f u z", "y")
            .Output("y")
            .Build();
    }

    private static OnnxModel Attention()
    {
        var net = new Net(opset: 21, irVersion: 10).OpenInput("x", "n", "6", "32").Constant("heads", [4], 0L, 6, 4, 8).Constant("joined", [3], 0L, 6, 32);
        net.Constant("scale", [], 0.35f);
        var value = "x";
        for (var i = 0; i < 3; i++)
        {
            foreach (var part in (string[])["q", "k", "v"])
                net.Weight($"{part}{i}w", 32, 32)
                    .Node("MatMul", $"{value} {part}{i}w", $"{part}{i}m")
                    .Node("Reshape", $"{part}{i}m heads", $"{part}{i}r")
                    .Node("Transpose", $"{part}{i}r", $"{part}{i}", ("perm", part == "k" ? [0, 2, 3, 1] : new long[] { 0, 2, 1, 3 }));
            net.Node("MatMul", $"q{i} k{i}", $"s{i}").Node("Mul", $"s{i} scale", $"t{i}").Node("Softmax", $"t{i}", $"p{i}", ("axis", -1L));
            net.Node("MatMul", $"p{i} v{i}", $"o{i}").Node("Transpose", $"o{i}", $"u{i}", ("perm", new long[] { 0, 2, 1, 3 }));
            net.Node("Reshape", $"u{i} joined", $"j{i}").Weight($"n{i}w", 32, 32).Node("MatMul", $"j{i} n{i}w", $"n{i}").Node("Add", $"n{i} {value}", $"a{i}");
            net.Weight($"g{i}", 32).Weight($"l{i}", 32).Node("LayerNormalization", $"a{i} g{i} l{i}", $"e{i}", ("axis", -1L));
            net.Weight($"f{i}w", 32, 64).Node("MatMul", $"e{i} f{i}w", $"f{i}").Node("Gelu", $"f{i}", $"h{i}");
            net.Weight($"z{i}w", 64, 32).Node("MatMul", $"h{i} z{i}w", $"z{i}").Node("Add", $"z{i} e{i}", $"y{i}");
            value = $"y{i}";
        }

        return net.Output(value).Build();
    }

    private static OnnxModel Recurrent()
    {
        var net = new Net(opset: 21, irVersion: 10).OpenInput("x", "n", "6", "24").Node("Transpose", "x", "t0", ("perm", new long[] { 1, 0, 2 }));
        net.Constant("axis", [1], 1L);
        for (var i = 0; i < 3; i++)
            net.Weight($"w{i}", 1, 96, 24)
                .Weight($"r{i}", 1, 96, 24)
                .Weight($"b{i}", 1, 192)
                .Node("LSTM", $"t{i} w{i} r{i} b{i}", $"l{i}", ("hidden_size", 24L))
                .Node("Squeeze", $"l{i} axis", $"t{i + 1}");
        return net.Node("Transpose", "t3", "m", ("perm", new long[] { 1, 0, 2 })).Weight("v", 24, 4).Node("MatMul", "m v", "y").Output("y").Build();
    }

    private static OnnxModel Branches()
    {
        var net = new Net(opset: 21, irVersion: 10).OpenInput("x", "n", "32");
        var value = "x";
        for (var i = 0; i < 4; i++)
        {
            net.Weight($"w{i}", 32, 32).Node("MatMul", $"{value} w{i}", $"m{i}").Node("Tanh", $"m{i}", $"a{i}").Weight($"g{i}", 32).Condition($"a{i}", $"c{i}");
            net.If(
                $"c{i}",
                $"r{i}",
                new Net().Node("Mul", $"a{i} g{i}", $"then{i}").Output($"then{i}"),
                new Net().Node("Add", $"a{i} g{i}", $"else{i}").Output($"else{i}")
            );
            value = $"r{i}";
        }

        return net.Weight("v", 32, 4).Node("MatMul", $"{value} v", "y").Output("y").Build();
    }

    private static OnnxModel Compressed(OnnxModel model, string recipe, long[] row) => MadeTraining.Run(model, recipe, MadeTraining.Rows(16, row)).Model;
}
