using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Verification;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Inspection;

/// <summary>Tests what receipts record of layers and graphs.</summary>
public sealed class ModelInspectionTests : IDisposable
{
    private const int Rows = 64;
    private const int Width = 64;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Layers_have_their_bytes_and_work_before_and_after()
    {
        var inspection = Inspect("int8-weights");

        Assert.Equal(["first", "second"], inspection.Layers.Select(layer => layer.Name));
        Assert.All(inspection.Layers, layer => Assert.Equal(NodeForm.StoredInt8, layer.RunsAs));
        Assert.Equal([(Width * Width + Width) * 4L, Width * Width * 4L], inspection.Layers.Select(layer => layer.BytesBefore));
        // The weights are stored as codes of one byte, with a scale for each channel.
        Assert.All(inspection.Layers, layer => Assert.InRange(layer.BytesAfter, Width * Width, (Width * Width) + (16 * Width)));
        Assert.All(inspection.Layers, layer => Assert.Equal((Width * Width, Width * Width), (layer.MultiplyAddsBefore, layer.MultiplyAddsAfter)));
        Assert.Equal(2 * Width * Width, inspection.MultiplyAdds["storedInt8"]);
    }

    [Fact]
    public void Errors_are_measured_at_the_outputs_of_layers()
    {
        var inspection = Inspect("int8-weights");

        Assert.InRange(inspection.MeasuredCalls, 1, 32);
        Assert.Equal(OutputFidelity.IdenticalDb, inspection.Layers[0].InputDb);
        Assert.All(inspection.Layers, layer => Assert.InRange(layer.SqnrDb!.Value, 25, 70));
        Assert.True(inspection.Layers[0].AddedNoise > 0);
    }

    [Fact]
    public void Distributions_are_those_of_the_weights_and_outputs_of_the_worst_layers()
    {
        var histograms = Inspect("int8-weights").Histograms;

        Assert.Contains(histograms, histogram => histogram.IsWeights);
        Assert.Contains(histograms, histogram => !histogram.IsWeights);
        Assert.All(
            histograms,
            histogram =>
            {
                Assert.True(histogram.Low < histogram.High);
                Assert.InRange(histogram.Before.Sum(), 980, 1020);
                Assert.InRange(histogram.After!.Sum(), 980, 1020);
            }
        );
    }

    [Fact]
    public void Layers_of_integers_are_measured_behind_their_activation_functions()
    {
        var inspection = Inspect("int8(calibration=min-max, everywhere=true)", hasData: true);

        Assert.All(inspection.Layers, layer => Assert.NotNull(layer.SqnrDb));
        Assert.Contains(inspection.Layers, layer => layer.RunsAs == NodeForm.Integer);
        Assert.Contains(inspection.Histograms, histogram => histogram is { IsWeights: false, CodeRange.Count: 2 });
    }

    [Fact]
    public void The_graph_is_in_topological_order_without_constants_and_conversions()
    {
        var inspection = Inspect("int8-weights");

        Assert.Equal(["Gemm", "Relu", "MatMul", "Add"], inspection.Graph.Select(node => node.Operator));
        Assert.Equal(0, inspection.OtherNodes);
        Assert.All(inspection.Graph, node => Assert.Equal(0, node.Level));
    }

    [Fact]
    public void A_branch_has_a_level_of_its_own()
    {
        var model = new Net()
            .Input("x", 1, 8)
            .Node("Relu", "x", "a")
            .Node("Exp", "a", "b")
            .Node("Sqrt", "b", "c")
            .Node("Neg", "a", "side")
            .Node("Add", "c side", "y")
            .Output("y", DataType.Float, 1, 8)
            .Save(_folder.File("model.onnx"));

        var graph = _folder.Compress(model, "none").Inspection!.Graph;

        Assert.Equal([("Relu", 0), ("Exp", 0), ("Sqrt", 0), ("Neg", 1), ("Add", 0)], graph.Select(node => (node.Operator, node.Level)));
    }

    [Fact]
    public void An_original_that_is_kept_has_layers_without_errors()
    {
        var inspection = Inspect("none");

        Assert.Equal(0, inspection.MeasuredCalls);
        Assert.All(inspection.Layers, layer => Assert.Equal((layer.BytesBefore, null), (layer.BytesAfter, layer.SqnrDb)));
        Assert.Equal(2 * Width * Width, inspection.MultiplyAdds["float"]);
    }

    [Fact]
    public void A_receipt_grows_by_a_few_kilobytes() => Assert.InRange(JsonText.Of(Inspect("int8-weights")).Length, 1000, 5000);

    [Fact]
    public void Attempts_have_their_sizes_and_fidelities()
    {
        var receipt = _folder.Compress(Network(), "int8-weights");

        var attempt = Assert.Single(receipt.Attempts);
        Assert.InRange(attempt.SqnrDb!.Value, 25, 70);
        Assert.InRange(attempt.Bytes!.Value, 1, receipt.Original.Bytes);
    }

    public void Dispose() => _folder.Dispose();

    private InspectionFacts Inspect(string recipe, bool hasData = false)
    {
        string[] data = hasData ? [Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([Rows, Width], Noise.Floats(Rows * Width))))] : [];
        return _folder.Compress(Network(), recipe, request => request with { CalibrationData = data, Budget = new FidelityBudget(MinSqnr: 10) }).Inspection!;
    }

    private string Network() =>
        new Net()
            .Input("x", -1, Width)
            .Weight("w", Width, Width)
            .Weight("b", Width)
            .Weight("v", Width, Width)
            .Node("Gemm", "x w b", "first")
            .Node("Relu", "first", "r")
            .Node("MatMul", "r v", "second")
            .Node("Add", "second x", "y")
            .Output("y", DataType.Float, -1, Width)
            .Save(_folder.File("model.onnx"));
}
