using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training;

public sealed class CompleteOpsetUpgradeTests
{
    private static readonly Dictionary<string, Func<Net, Net>> Nodes = new(StringComparer.Ordinal)
    {
        ["Squeeze"] = net => net.Node("Squeeze", "x", "y", ("axes", new[] { 0, 3 })),
        ["Squeeze of all"] = net => net.Node("Squeeze", "x", "y"),
        ["Unsqueeze"] = net => net.Node("Unsqueeze", "x", "y", ("axes", new[] { 1, 4 })),
        ["ReduceSum"] = net => net.Node("ReduceSum", "x", "y", ("axes", new[] { 1, 2 }), ("keepdims", 0)),
        ["ReduceSum of all"] = net => net.Node("ReduceSum", "x", "y"),
        ["ReduceMean"] = net => net.Node("ReduceMean", "x", "y", ("axes", new[] { 2 })),
        ["ReduceMax"] = net => net.Node("ReduceMax", "x", "y", ("axes", new[] { 1 }), ("keepdims", 0)),
        ["Split"] = net => net.Node("Split", "x", "a b", ("axis", 1), ("split", new[] { 2, 4 })).Node("Relu", "a", "y").Output("b"),
        ["Split in equal parts"] = net => net.Node("Split", "x", "a b c", ("axis", 1)).Node("Sub", "a c", "y").Output("b"),
        ["Slice"] = net => net.Node("Slice", "x", "y", ("starts", new[] { 1, 2 }), ("ends", new[] { 4, 100 }), ("axes", new[] { 1, 2 })),
        ["Clip"] = net => net.Node("Clip", "x", "y", ("min", -0.1f), ("max", 0.3f)),
        ["Pad"] = net => net.Node("Pad", "x", "y", ("pads", new[] { 0, 0, 1, 0, 0, 0, 2, 0 }), ("value", 0.5f)),
        ["Dropout"] = net => net.Node("Dropout", "x", "y", ("ratio", 0.5f)),
        ["BatchNormalization"] = net =>
            net.Weight("s", 6).Weight("b", 6).Weight("m", 6).Constant("v", [6], 1f, 2, 3, 4, 5, 6).Node("BatchNormalization", "x s b m v", "y"),
        ["Upsample"] = net => net.Node("Upsample", "x", "y", ("scales", new[] { 1f, 1, 2, 3 })),
        ["Upsample, linear"] = net => net.Node("Upsample", "x", "y", ("scales", new[] { 1f, 1, 2, 2 }), ("mode", "linear")),
        ["TopK"] = net => net.Node("TopK", "x", "y i", ("k", 2), ("axis", 1)).Output("i"),
        ["Scatter"] = net => net.Constant("i", [1, 1, 2, 1], 1L, 0).Weight("u", 1, 1, 2, 1).Node("Scatter", "x i u", "y", ("axis", 2)),
        ["Resize up"] = net => net.Constant("r", [4], 1f, 1, 2, 3).Node("Resize", "x r", "y"),
        ["Resize down"] = net => net.Constant("r", [4], 1f, 0.5f, 0.4f, 1).Node("Resize", "x r", "y"),
        ["Resize, linear"] = net => net.Constant("r", [4], 1f, 1, 0.7f, 2).Node("Resize", "x r", "y", ("mode", "linear")),
        ["ScatterElements"] = net => net.Constant("i", [1, 1, 2, 1], 1L, 0).Weight("u", 1, 1, 2, 1).Node("ScatterElements", "x i u", "y", ("axis", 2)),
        ["Gelu of parts"] = net => net.Node("Erf", "x", "e").Node("Mul", "e x", "y"),
    };

    private static readonly Dictionary<string, (long First, long Last)> Versions = new(StringComparer.Ordinal)
    {
        ["Slice"] = (7, 9),
        ["Clip"] = (7, 10),
        ["Pad"] = (7, 10),
        ["Dropout"] = (7, 11),
        ["Upsample"] = (7, 8),
        ["Upsample, linear"] = (7, 8),
        ["TopK"] = (7, 9),
        ["Scatter"] = (9, 10),
        ["Resize up"] = (10, 10),
        ["Resize down"] = (10, 10),
        ["Resize, linear"] = (10, 10),
        ["ScatterElements"] = (11, 12),
        ["Gelu of parts"] = (9, 12),
    };

    public static TheoryData<string, long> Operators { get; } =
    [
        .. from name in Nodes.Keys
        from opset in Enumerable.Range(7, 6)
        let versions = Versions.GetValueOrDefault(name, (7, 12))
        where opset >= versions.Item1 && opset <= versions.Item2
        select new TheoryDataRow<string, long>(name, opset),
    ];

    public static TheoryData<string, long, int, long[], bool> Normalizations { get; } =
    [
        .. from operation in new[] { "Softmax", "LogSoftmax", "Hardmax" }
        from opset in new[] { 7L, 11, 12 }
        from shape in new[] { new[] { 3L, 5 }, [2, 3, 4], [2, 3, 1, 1], [2, 3, 2, 5] }
        from axis in new[] { -1, -2, 0, 1, 2, int.MaxValue }
        from isOpen in new[] { false, true }
        where axis < shape.Length || axis == int.MaxValue
        where axis >= 0 || opset >= 11
        select new TheoryDataRow<string, long, int, long[], bool>(operation, opset, axis, shape, isOpen),
    ];

    [Theory]
    [MemberData(nameof(Operators))]
    public void Operators_give_the_same_outputs(string name, long opset) =>
        AssertSame(Nodes[name](new Net(opset, irVersion: 6).Input("x", 1, 6, 4, 1)).Output("y").Build());

    [Theory]
    [MemberData(nameof(Normalizations))]
    public void Normalizations_over_several_dimensions_give_the_same_outputs(string operation, long opset, int axis, long[] shape, bool isOpen)
    {
        var net = new Net(opset, irVersion: 6);
        if (isOpen)
            net.OpenInput("x", [.. shape.Select((size, i) => size == 3 ? $"d{i}" : $"{size}")]);
        else
            net.Input("x", shape);
        // The input of the operator is computed, so that only the other case declares its shape.
        net.Node("Neg", "x", "n");
        AssertSame(
            (axis == int.MaxValue ? net.Node(operation, isOpen ? "n" : "x", "y") : net.Node(operation, isOpen ? "n" : "x", "y", ("axis", axis)))
                .Output("y", "n")
                .Build()
        );
    }

    [Fact]
    public void Normalizations_of_one_dimension_stay_one_node()
    {
        var model = new Net(12).Input("x", 2, 3, 1).Node("Softmax", "x", "y").Output("y").Build();

        CompleteOpsetUpgrade.Apply(new Graph(model));

        Assert.Equal("Softmax", Assert.Single(model.Proto.Graph.Node).OpType);
        Assert.Equal(1, model.Proto.Graph.Node[0].GetInt("axis", 99));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(12)]
    [InlineData(13)]
    public void Branches_are_upgraded_too(long opset)
    {
        var then = new Net().Node("Softmax", "x", "t", ("axis", 1)).Output("t");
        var otherwise = new Net().Node("ReduceMax", "x", "m", ("axes", new[] { 1, 2 })).Node("Add", "x m", "e").Output("e");
        AssertSame(new Net(opset, irVersion: 7).Input("x", 2, 3, 4).Condition("x", "c").If("c", "y", then, otherwise).Output("y").Build());
    }

    [Theory]
    [InlineData(6, "Relu", "only models of opset 7 or later")]
    [InlineData(9, "Crop", "its operator Crop may mean something else")]
    [InlineData(12, "GridSample", "its operator GridSample may mean something else")]
    [InlineData(17, "GridSample", "its operator GridSample may mean something else")]
    public void What_cannot_be_upgraded_has_a_reason(long opset, string operation, string reason) =>
        Assert.Contains(
            reason,
            CompleteOpsetUpgrade.WhyNot(new Graph(new Net(opset).Input("x", 2, 6).Node(operation, "x", "y").Output("y").Build())),
            StringComparison.Ordinal
        );

    private static void AssertSame(OnnxModel model)
    {
        var upgraded = model.Clone();
        var graph = new Graph(upgraded);

        Assert.Null(CompleteOpsetUpgrade.WhyNot(graph));
        CompleteOpsetUpgrade.Apply(graph);

        Assert.Equal(21, upgraded.Opset());
        var (expected, actual) = (Ort.Run(model), Ort.Run(upgraded));
        Assert.Equal(expected.Keys, actual.Keys);
        Assert.NotEmpty(expected);
        foreach (var (name, values) in expected)
        {
            Assert.Equal(values.Length, actual[name].Length);
            Assert.All(values.Zip(actual[name]), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        }
    }
}
