using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Search;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Verification;

public sealed class JoinedPartsTests
{
    public static TheoryData<string, int> Heads()
    {
        var heads = new TheoryData<string, int>();
        foreach (var behind in new[] { "", "Transpose", "Reshape", "Identity", "Unsqueeze", "Unsqueeze Squeeze", "Cast", "Transpose Reshape" })
        foreach (var axis in new[] { 1, 2 })
            heads.Add(behind, axis);
        return heads;
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void Parts_are_found_through_what_moves_them(string behind, int axis)
    {
        var plan = Plan(Joined(behind, axis));

        Assert.Equal(["boxes", "scores"], plan.Parts.Select(part => part.Part));
        Assert.Equal([FidelityKind.Numbers, FidelityKind.Scores], plan.Parts.Select(part => part.Kind));
        Assert.Equal(plan.Parts[1].Ranges.Single().Axis, plan.Parts[1].ClassAxis);
        var ranges = plan.Parts.Select(part => Assert.Single(part.Ranges)).ToArray();
        Assert.Equal((0, 4, 4, 8, 12), (ranges[0].Start, ranges[0].Length, ranges[1].Start, ranges[1].Length, ranges[1].Total));
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void The_worst_part_is_what_searches_see(string behind, int axis)
    {
        var model = Joined(behind, axis).Build();
        var calibration = new CalibrationContext(new FixedSamples([.. Enumerable.Range(1, 4).Select(seed => Sample(seed))]));
        using var judge = new HeldOutEvaluator(new PassContext(model, new PassReport(), CancellationToken.None) { Calibration = calibration }, calls: 1);
        var harmed = model.Clone();
        var weight = harmed.Proto.Graph.Initializer.First(tensor => tensor.Name == "ws");
        new Graph(harmed).ReplaceConstant("ws", Tensors.Create("ws", [.. weight.Dims], Array.ConvertAll(weight.ToFloats(), value => value * 0.5f)));

        Assert.Equal(200, judge.SqnrDb(model));
        // The boxes are a thousand times as large as the scores, and would hide the error.
        Assert.InRange(judge.SqnrDb(harmed), 5, 30);
    }

    [Fact]
    public void A_row_of_scores_is_one_thing()
    {
        var net = new Net()
            .Input("x", 2, 8)
            .Weight("a", 8, 4)
            .Weight("b", 8, 6)
            .Node("MatMul", "x a", "u")
            .Node("MatMul", "x b", "v")
            .Node("Concat", "u v", "logits", ("axis", 1))
            .Output("logits", DataType.Float, 2, 10);

        Assert.Null(Assert.Single(Plan(net).Parts).Part);
        Assert.Null(Assert.Single(Plan(net, "logits:numbers").Parts).Part);
    }

    [Fact]
    public void Heads_of_several_sizes_are_parts_of_parts()
    {
        var net = new Net().Input("x", 2, 6, 8);
        foreach (var head in new[] { "p", "q" })
            net.Weight($"w{head}", 8, 12)
                .Node("MatMul", $"x w{head}", $"{head}0")
                .Node("Sigmoid", $"{head}0", $"{head}s")
                .Weight($"v{head}", 8, 12)
                .Node("MatMul", $"x v{head}", $"{head}b")
                .Node("Concat", $"{head}b {head}s", $"{head}", ("axis", 1));
        var plan = Plan(net.Node("Concat", "p q", "y", ("axis", 2)).Output("y", DataType.Float, 2, 12, 24));

        Assert.Equal(["pb", "ps", "qb", "qs"], plan.Parts.Select(part => part.Part));
        Assert.Equal([0L, 0, 12, 12], plan.Parts.Select(part => part.Ranges.Single(range => range.Axis == 2).Start));
        Assert.Equal([0L, 6, 0, 6], plan.Parts.Select(part => part.Ranges.Single(range => range.Axis == 1).Start));
    }

    [Theory]
    [InlineData(1, 1, FidelityKind.Probabilities, null)]
    [InlineData(1, 80, FidelityKind.Scores, 2)]
    [InlineData(2, 1, FidelityKind.Probabilities, null)]
    [InlineData(2, 80, FidelityKind.Scores, 1)]
    internal void Heads_of_probabilities_are_joined_along_anchors(int axis, int classes, FidelityKind kind, int? classAxis)
    {
        var net = new Net().Input("x", 2, 120, 8);
        foreach (var (head, anchors) in new[] { ("p", 120L), ("q", 90L) })
            net.Weight($"w{head}", 8, classes)
                .Node("MatMul", $"x w{head}", $"{head}0")
                .Constant($"s{head}", [1], 0L)
                .Constant($"e{head}", [1], anchors)
                .Constant($"a{head}", [1], 1L)
                .Node("Slice", $"{head}0 s{head} e{head} a{head}", $"{head}1")
                .Node("Sigmoid", $"{head}1", $"{head}2")
                .Node("Transpose", $"{head}2", head, ("perm", axis == 1 ? new long[] { 0, 1, 2 } : [0, 2, 1]));
        net.Node("Concat", "p q", "y", ("axis", axis));

        var plan = Plan(axis == 1 ? net.Output("y", DataType.Float, 2, 210, classes) : net.Output("y", DataType.Float, 2, classes, 210));

        Assert.Equal([kind, kind], plan.Parts.Select(part => part.Kind));
        if (classAxis is not null)
            Assert.All(plan.Parts, part => Assert.Equal(classAxis, part.ClassAxis));
    }

    [Theory]
    [InlineData(1, FidelityKind.Probabilities)]
    [InlineData(8, FidelityKind.Scores)]
    internal void Boxes_objectness_and_classes_of_several_heads_are_told_apart(int classes, FidelityKind ofClasses)
    {
        var net = new Net().Input("x", 2, 30, 8);
        foreach (var head in new[] { "p", "q" })
            net.Weight($"b{head}", 8, 4)
                .Weight($"o{head}", 8, 1)
                .Weight($"c{head}", 8, classes)
                .Node("MatMul", $"x b{head}", $"boxes{head}")
                .Node("MatMul", $"x o{head}", $"o0{head}")
                .Node("MatMul", $"x c{head}", $"c0{head}")
                .Node("Sigmoid", $"o0{head}", $"objects{head}")
                .Node("Sigmoid", $"c0{head}", $"classes{head}")
                .Node("Concat", $"boxes{head} objects{head} classes{head}", head, ("axis", 2));

        var plan = Plan(net.Node("Concat", "p q", "y", ("axis", 1)).Output("y", DataType.Float, 2, 60, 5 + classes));

        FidelityKind[] kinds = [FidelityKind.Numbers, FidelityKind.Probabilities, ofClasses];
        Assert.Equal([.. kinds, .. kinds], plan.Parts.Select(part => part.Kind));
    }

    private static OutputPlan Plan(Net net, string? fidelity = null)
    {
        var model = net.Build();
        return OutputPlan.Of(
            model,
            model.Proto.Graph.Input.ToDictionary(input => input.Name, input => input.Type.TensorType.Shape.Dim.Select(size => size.DimValue).ToArray()),
            new OutputHints(FidelityKinds.Parse(fidelity), 0)
        );
    }

    private static Compression.Execution.Sample Sample(int seed) =>
        new(
            new Dictionary<string, Compression.Execution.SampleArray>
            {
                ["x"] = new(DataType.Float, [2, 5, 16], System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(Noise.Floats(160, seed: seed)).ToArray()),
            },
            Labels: null
        );

    // The network outputs boxes of 4 numbers and scores of 8 classes for each of 5 anchors.
    private static Net Joined(string behind, int axis)
    {
        var net = new Net()
            .Input("x", 2, 5, 16)
            .Weight("wb", 16, 4)
            .Weight("ws", 16, 8)
            .Constant("scale", [], 1000f)
            .Node("MatMul", "x wb", "b")
            .Node("Mul", "b scale", "b2")
            .Node("MatMul", "x ws", "s")
            .Node("Sigmoid", "s", "s2");
        net =
            axis == 2
                ? net.Node("Identity", "b2", "boxes").Node("Identity", "s2", "scores")
                : net.Node("Transpose", "b2", "boxes", ("perm", new long[] { 0, 2, 1 })).Node("Transpose", "s2", "scores", ("perm", new long[] { 0, 2, 1 }));
        net.Node("Concat", "boxes scores", "j", ("axis", axis)).Constant("one", [1], 1L);
        var value = "j";
        long[] shape = axis == 2 ? [2, 5, 12] : [2, 12, 5];
        foreach (var (i, op) in behind.Split(' ', StringSplitOptions.RemoveEmptyEntries).Index())
        {
            var next = $"t{i}";
            switch (op)
            {
                case "Transpose":
                    long[] order = [0, 2, 1];
                    net.Node(op, value, next, ("perm", order));
                    shape = [.. order.Select(from => shape[from])];
                    break;
                case "Reshape":
                    shape = [1, .. shape];
                    net.Constant($"shape{i}", [shape.Length], shape).Node(op, $"{value} shape{i}", next);
                    break;
                case "Unsqueeze":
                    shape = [shape[0], 1, .. shape[1..]];
                    net.Node(op, $"{value} one", next);
                    break;
                case "Squeeze":
                    shape = [shape[0], .. shape[2..]];
                    net.Node(op, $"{value} one", next);
                    break;
                case "Cast":
                    net.Node(op, value, next, ("to", (long)DataType.Double));
                    break;
                default:
                    net.Node(op, value, next);
                    break;
            }

            value = next;
        }

        return net.Node("Identity", value, "y").Output("y", behind == "Cast" ? DataType.Double : DataType.Float, shape);
    }
}
