using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Pruning.Sparsity;

public sealed class SparseStorageTests
{
    private static OnnxModel Model() => new Net().Input("x", 3, 64).Weight("w", 64, 128).Node("MatMul", "x w", "y").Output("y").Build();

    [Fact]
    public void Where_most_are_zero_places_and_values_are_smaller_and_ONNX_Runtime_reads_them()
    {
        using var folder = new TemporaryFolder();
        var dense = Steps.Run(Model(), "prune(0.9)");

        var sparse = Steps.Run(Model(), "prune(0.9, storage=sparse)", out var report);
        sparse.Save(folder.File("sparse.onnx"));
        var loaded = OnnxModel.Load(folder.File("sparse.onnx"));

        Assert.Equal(1, report.Changes["weights stored sparse"]);
        Assert.InRange(sparse.ToBytes().Length, 1, dense.ToBytes().Length / 3);
        Assert.Equal(sparse.ToBytes(), loaded.ToBytes());
        Assert.Equal(Ort.Run(dense), Ort.Run(loaded));
    }

    [Fact]
    public void Where_half_are_zero_weights_stay_dense()
    {
        var model = Steps.Run(Model(), "prune(0.5, storage=sparse)", out var report);

        Assert.Empty(model.Proto.Graph.SparseInitializer);
        Assert.Contains(report.Skipped, left => left.Why.StartsWith("sparse weights would be larger", StringComparison.Ordinal));
    }
}
