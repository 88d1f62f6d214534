using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Training.Preparation;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Preparation;

public sealed class BatchOpeningTests
{
    private static readonly Dictionary<string, Func<Net>> Openable = new(StringComparer.Ordinal)
    {
        ["nothing to open"] = () => new Net().Input("x", 1, 4).Weight("w", 4, 3).Node("MatMul", "x w", "y"),
        ["flattening"] = () => Reshape([1, 2, 3, 4], [1, 24]),
        ["flattening with the rest"] = () => Reshape([1, 2, 3, 4], [1, -1]),
        ["flattening behind the rest"] = () => Reshape([1, 2, 3, 4], [-1, 24]),
        ["flattening with copies"] = () => Reshape([1, 2, 3, 4], [0, -1]),
        ["flattening with a copy of another size"] = () => Reshape([1, 1, 3, 4], [1, 0, 12]),
        ["heads joined with the batch"] = () =>
            Reshape([1, 2, 3, 4], [2, 3, 4]).Node("Relu", "y", "r").Constant("b", [4], 1L, 2, 3, 4).Node("Reshape", "r b", "z"),
        ["groups"] = () =>
            Reshape([1, 6, 3, 3], [1, 2, 3, 3, 3])
                .Node("Transpose", "y", "t", ("perm", new[] { 0, 2, 1, 3, 4 }))
                .Constant("b", [4], 1L, 6, 3, 3)
                .Node("Reshape", "t b", "z"),
        ["a new dimension before the batch"] = () =>
            Reshape([1, 3, 4], [1, 1, 3, 4]).Node("Relu", "y", "r").Constant("b", [2], 1L, -1).Node("Reshape", "r b", "z"),
        ["a batch behind the time"] = () =>
            Transposed()
                .Constant("a", [2], 5L, 3)
                .Node("Reshape", "t a", "f")
                .Weight("w", 3, 2)
                .Node("MatMul", "f w", "m")
                .Constant("b", [3], 5L, 1, 2)
                .Node("Reshape", "m b", "y")
                .Node("Transpose", "y", "z", ("perm", new[] { 1, 0, 2 })),
        ["a class token"] = () => new Net().Input("x", 1, 4, 8).Weight("c", 1, 1, 8).Node("Concat", "c x", "y", ("axis", 1)),
        ["positions"] = () => new Net().Input("x", 1, 4, 8).Weight("p", 1, 4, 8).Node("Add", "x p", "y"),
        ["a shape of Expand"] = () => new Net().Input("x", 1, 1, 8).Constant("s", [3], 1L, 4, 8).Node("Expand", "x s", "y"),
        ["sizes of Resize"] = () => new Net().Input("x", 1, 2, 3, 4).Constant("s", [4], 1L, 2, 6, 8).Node("Resize", "x _ _ s", "y", ("mode", "nearest")),
        ["a computed shape with a constant row"] = () =>
            new Net()
                .Input("x", 1, 2, 3, 4)
                .Constant("one", [1], 1L)
                .Node("Shape", "x", "s")
                .Constant("i", [1], 1L)
                .Node("Gather", "s i", "c")
                .Constant("rest", [1], 12L)
                .Node("Concat", "one c rest", "t", ("axis", 0))
                .Node("Reshape", "x t", "y"),
        ["a GRU"] = () => Recurrent("GRU", 3, [], "h _"),
        ["a GRU with a state"] = () => Recurrent("GRU", 3, ["_", "_", "h0"], "h _"),
        ["an LSTM with a state and a cell"] = () => Recurrent("LSTM", 4, ["_", "_", "h0", "c0"], "h _ _"),
        ["an LSTM with lengths"] = () => Recurrent("LSTM", 4, ["_", "length", "h0"], "h _ _"),
        ["an RNN with a state"] = () => Recurrent("RNN", 1, ["_", "_", "h0"], "h _"),
        ["a state as an input"] = () => new Net().Input("x", 1, 3).Input("state", 2, 1, 3).Node("Add", "x state", "y"),
        ["an open batch"] = () => new Net().OpenInput("x", "n", "4").Weight("w", 4, 3).Node("MatMul", "x w", "y"),
        ["an open batch that a reshape fixes"] = () => new Net().OpenInput("x", "n", "4").Constant("s", [3], 1L, 2, 2).Node("Reshape", "x s", "y"),
        ["an old opset"] = () => new Net(9).Input("x", 1, 4, 1, 1).Constant("s", [2], 1L, 4).Node("Reshape", "x s", "r").Node("Softmax", "r", "y"),
    };

    private static readonly Dictionary<string, (Func<Net> Net, BatchFault Fault)> Closed = new(StringComparer.Ordinal)
    {
        ["Squeeze"] = (() => new Net().Input("x", 1, 4).Constant("a", [1], 0L).Node("Squeeze", "x a", "y"), BatchFault.DoesNotRun),
        ["Gather"] = (() => new Net().Input("x", 1, 4).Constant("i", [], 0L).Node("Gather", "x i", "y"), BatchFault.OutputWithoutBatch),
        ["ReduceMean"] = (() => new Net().Input("x", 1, 4).Node("ReduceMean", "x", "y", ("axes", new[] { 0 })), BatchFault.OutputWithoutBatch),
        ["Softmax"] = (() => new Net().Input("x", 1, 4).Node("Softmax", "x", "y", ("axis", 0)), BatchFault.DifferentOutputs),
        ["Flatten"] = (() => new Net().Input("x", 1, 4).Node("Flatten", "x", "y", ("axis", 0)), BatchFault.OutputWithoutBatch),
        ["Gemm of rows"] = (() => new Net().Input("x", 1, 4).Weight("w", 3, 1).Node("MatMul", "w x", "y"), BatchFault.DoesNotRun),
        ["a batch of four"] = (() => new Net().Input("x", 4, 4).Node("Relu", "x", "y"), BatchFault.FixedBatchOfSeveral),
        ["a vector"] = (() => new Net().Input("x", 4).Node("Relu", "x", "y"), BatchFault.NoBatchInput),
        ["a scalar"] = (() => new Net().Input("x").Node("Relu", "x", "y"), BatchFault.NoBatchInput),
    };

    public static TheoryData<string> OpenableNames { get; } = [.. Openable.Keys];

    public static TheoryData<string> ClosedNames { get; } = [.. Closed.Keys];

    [Theory]
    [MemberData(nameof(OpenableNames))]
    public void A_batch_gives_the_outputs_of_its_rows(string name)
    {
        var model = WithOutput(Openable[name]());
        var before = model.ToBytes();

        Assert.Null(TrainableModel.WhyNot(model));
        var opened = TrainableModel.Open(model, RandomRows.Of(model, 3), keepsZeros: false, CancellationToken.None);

        Assert.Null(opened.Obstacle);
        Assert.Equal(21, opened.Model.Opset());
        Assert.Equal(before, model.ToBytes());
        // The rows and their number differ from those of the comparison that the engine makes.
        Sample[] rows = [.. Enumerable.Range(50, 5).Select(seed => RandomRows.Row(model, seed))];
        Assert.Null(new BatchCheck(model, rows, opened.BatchAxes, CancellationToken.None).WhyNot(opened.Model, CancellationToken.None));
    }

    [Theory]
    [MemberData(nameof(ClosedNames))]
    public void A_model_that_cannot_be_opened_keeps_its_batch(string name)
    {
        var (net, fault) = Closed[name];
        var model = WithOutput(net());

        var opened = TrainableModel.Open(model, RandomRows.Of(model, 3), keepsZeros: false, CancellationToken.None);

        Assert.Equal(fault, opened.Obstacle?.Fault);
        var (expected, actual) = (Ort.Run(model), Ort.Run(opened.Model));
        Assert.Equal(expected["y"], actual["y"]);
    }

    [Fact]
    public void Without_samples_nothing_is_opened()
    {
        var model = WithOutput(Openable["flattening"]());

        Assert.Equal(BatchFault.NoSamples, TrainableModel.Open(model, new FixedSamples(), keepsZeros: false, CancellationToken.None).Obstacle?.Fault);
    }

    private static OnnxModel WithOutput(Net net)
    {
        var model = net.Build();
        model.Proto.Graph.Output.Add(new ValueInfoProto { Name = model.Proto.Graph.Node[^1].Output[0] });
        return model;
    }

    private static Net Reshape(long[] input, long[] target) => new Net().Input("x", input).Constant("s", [target.Length], target).Node("Reshape", "x s", "y");

    private static Net Transposed() => new Net().Input("x", 1, 5, 3).Node("Transpose", "x", "t", ("perm", new[] { 1, 0, 2 }));

    private static Net Recurrent(string operation, int gates, string[] rest, string outputs) =>
        Transposed()
            .Weight("w", 1, gates * 2, 3)
            .Weight("r", 1, gates * 2, 2)
            .Weight("h0", 1, 1, 2)
            .Weight("c0", 1, 1, 2)
            .Constant("length", [1], 4)
            .Node(operation, $"t w r {string.Join(' ', rest)}", outputs, ("hidden_size", 2))
            .Constant("a", [1], 1L)
            .Node("Squeeze", "h a", "q")
            .Node("Transpose", "q", "y", ("perm", new[] { 1, 0, 2 }));
}
