using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Tests.Quantization.Static;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Pruning.Channels;

/// <summary>Tests a layer with one channel behind a layer with many channels, and operators that remove, move or extend its axis.</summary>
public sealed class SingleChannelTests
{
    // Each list has operators that follow a value of the shape [batch, 1, 4, 4], with their shapes or axes.
    private static readonly (string Operator, long[] Numbers)[][] Takers =
    [
        [("Squeeze", [1])],
        [("Squeeze", [-3])],
        [("Reshape", [-1, 4, 4])],
        [("Reshape", [-1, 16])],
        [("Reshape", [-1, 1, 16])],
        [("Reshape", [-1, 16, 1])],
        [("Reshape", [0, 2, 2, 4])],
        [("Reshape", [0, 4, 1, 4])],
        [("Reshape", [0, 1, 1, 16])],
        [("Reshape", [-1])],
        [("Flatten", [1])],
        [("Flatten", [2])],
        [("Flatten", [0])],
        [("Unsqueeze", [0])],
        [("Unsqueeze", [1])],
        [("Unsqueeze", [2])],
        [("Unsqueeze", [4])],
        [("Unsqueeze", [0, 5])],
        [("Transpose", [0, 2, 3, 1]), ("Squeeze", [3])],
        [("Transpose", [1, 0, 2, 3]), ("Squeeze", [0])],
        [("Transpose", [0, 2, 1, 3]), ("Reshape", [-1, 16])],
        [("Squeeze", [1]), ("Unsqueeze", [3])],
        [("Squeeze", [1]), ("Transpose", [0, 2, 1]), ("Unsqueeze", [1])],
        [("ReduceMean", [2]), ("Squeeze", [1, 2])],
        [("ReduceMean", [2, 3]), ("Flatten", [1])],
        [("ReduceMean", [2, 3]), ("Reshape", [-1])],
    ];

    public static TheoryData<int, int, bool> Cases()
    {
        var cases = new TheoryData<int, int, bool>();
        foreach (var taker in Enumerable.Range(0, Takers.Length))
        foreach (var batch in new[] { 1, 2, -1 })
        foreach (var hasData in new[] { false, true })
            cases.Add(taker, batch, hasData);
        return cases;
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Cases))]
    public void The_single_channel_stays_and_the_others_go(int taker, int batch, bool hasData)
    {
        var net = new Net()
            .Input("x", batch, 3, 4, 4)
            .Weight("w1", 8, 3, 1, 1)
            .Weight("b1", 8)
            .Weight("w2", 1, 8, 1, 1)
            .Weight("b2", 1)
            .Node("Conv", "x w1 b1", "c")
            .Node("Relu", "c", "r")
            .Node("Conv", "r w2 b2", "v0");
        foreach (var (i, (op, numbers)) in Takers[taker].Index())
            Take(net, op, numbers, $"v{i}", $"v{i + 1}");
        net.Node("Tanh", $"v{Takers[taker].Length}", "y").Output("y");

        Check(net.Build(), hasData);
    }

    [Theory]
    [InlineData("Linear", false)]
    [InlineData("Linear", true)]
    [InlineData("MatMul", false)]
    [InlineData("MatMul", true)]
    public void So_does_the_only_output_of_a_regressor(string kind, bool hasData)
    {
        var net = new Net().Input("x", 5, 6).Weight("w1", 6, 8).Weight("b1", 8).Weight("w2", 8, 1).Constant("axis", [1], 1L);
        if (kind == "Linear")
            net.Weight("b2", 1).Node("Gemm", "x w1 b1", "c").Node("Relu", "c", "r").Node("Gemm", "r w2 b2", "s");
        else
            net.Node("MatMul", "x w1", "m").Node("Add", "m b1", "c").Node("Relu", "c", "r").Node("MatMul", "r w2", "s");

        Check(net.Node("Squeeze", "s axis", "y").Output("y").Build(), hasData);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public void Heads_that_predict_distributions_keep_their_bins(int batch, bool hasData)
    {
        // The network has the distribution focal loss of YOLO. Each of the four sides of a box has 16 bins, and a convolution computes their expectation.
        var net = new Net()
            .Input("x", batch, 3, 4, 4)
            .Weight("w1", 8, 3, 3, 3)
            .Weight("b1", 8)
            .Weight("w2", 64, 8, 1, 1)
            .Weight("bins", 1, 16, 1, 1)
            .Constant("flat", [3], 0L, 64, -1)
            .Constant("sides", [4], 0L, 4, 16, -1)
            .Constant("boxes", [3], 0L, 4, -1)
            .Node("Conv", "x w1 b1", "c", ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("Relu", "c", "r")
            .Node("Conv", "r w2", "d")
            .Node("Reshape", "d flat", "e")
            .Node("Reshape", "e sides", "f")
            .Node("Transpose", "f", "g", ("perm", new long[] { 0, 2, 1, 3 }))
            .Node("Softmax", "g", "h", ("axis", 1L))
            .Node("Conv", "h bins", "i")
            .Node("Reshape", "i boxes", "y")
            .Output("y");

        Check(net.Build(), hasData);
    }

    [Theory]
    [InlineData("Add")]
    [InlineData("Mul")]
    public void One_channel_that_is_broadcast_over_many_stays(string op)
    {
        var net = new Net()
            .Input("x", 1, 3, 4, 4)
            .Weight("w1", 8, 3, 1, 1)
            .Weight("w2", 1, 8, 1, 1)
            .Weight("w3", 6, 3, 1, 1)
            .Weight("w4", 2, 6, 1, 1)
            .Node("Conv", "x w1", "c")
            .Node("Relu", "c", "r")
            .Node("Conv", "r w2", "gate")
            .Node("Conv", "x w3", "d")
            .Node(op, "gate d", "e")
            .Node("Conv", "e w4", "y")
            .Output("y");

        var pruned = Check(net.Build(), hasData: false);

        Assert.InRange(pruned.Constant("w4").Dims[1], 1, 5);
    }

    [Theory]
    [InlineData("Expand", "", 2)]
    [InlineData("Expand", "", 4)]
    [InlineData("Resize", "2,3", 2)]
    [InlineData("Resize", "1,2,3", 3)]
    public void Lists_of_sizes_may_be_shorter_than_the_rank(string op, string axes, int length)
    {
        var net = new Net(opset: 18)
            .Input("x", 1, 3, 4, 4)
            .Weight("w1", 8, 3, 1, 1)
            .Weight("w2", 2, 8, 1, 1)
            .Constant("sizes", [length], new long[] { 1, 8, 4, 4 }[^length..])
            .Node("Conv", "x w1", "c");
        if (op == "Expand")
            net.Node("Expand", "c sizes", "e");
        else
            net.Node("Resize", "c _ _ sizes", "e", ("axes", axes.Split(',').Select(long.Parse).ToArray()));

        var model = net.Node("Conv", "e w2", "y").Output("y").Build();
        var pruned = Steps.Run(model, "prune-channels(layers=Conv:0.25, multiple=1)", out _);

        Assert.Equal([6, 3, 1, 1], new Graph(pruned).Constant("w1").Dims);
        Assert.Equal(Ort.Run(model)["y"].Length, Ort.Run(pruned)["y"].Length);
    }

    // Dead channels are removed first, so that the outputs stay the same.
    private static Graph Check(OnnxModel model, bool hasData)
    {
        var graph = new Graph(model);
        var axis = graph.Constant("w1").Dims[0] == 8 ? 0 : 1;
        foreach (var (name, channels) in new[] { ("w1", axis), ("b1", 0), ("w4", 1) })
            Clear(graph, name, channels);

        const string Recipe = "prune-channels(layers=*:0.25, multiple=1)";
        var pruned = hasData ? Steps.Run(model, Recipe, Int8Run.Samples(model), out _) : Steps.Run(model, Recipe, out _);

        var after = new Graph(pruned);
        Assert.Equal(6, after.Constant("w1").Dims[axis]);
        Assert.Equal(graph.Constant("w2").Dims[axis], after.Constant("w2").Dims[axis]);
        Assert.Equal(6, after.Constant("w2").Dims[1 - axis]);
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(pruned)), 50, double.PositiveInfinity);
        return after;
    }

    private static void Clear(Graph graph, string name, int axis)
    {
        if (!graph.TryGetConstant(name, out var tensor))
            return;
        var values = tensor.ToFloats();
        var inner = tensor.Dims.Skip(axis + 1).Aggregate(1L, (a, b) => a * b);
        for (var i = 0; i < values.Length; i++)
            if (i / inner % tensor.Dims[axis] is 2 or 5)
                values[i] = 0;
        graph.ReplaceConstant(name, Tensors.Create(name, [.. tensor.Dims], values));
    }

    private static void Take(Net net, string op, long[] numbers, string input, string output)
    {
        if (op == "Transpose")
            net.Node(op, input, output, ("perm", numbers));
        else if (op == "Flatten")
            net.Node(op, input, output, ("axis", numbers[0]));
        else if (op == "ReduceMean")
            net.Node(op, input, output, ("axes", numbers));
        else
            net.Constant($"{output}_numbers", [numbers.Length], numbers).Node(op, $"{input} {output}_numbers", output);
    }
}
