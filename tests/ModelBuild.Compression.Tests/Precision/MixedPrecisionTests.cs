using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Passes.Precision;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Precision;

/// <summary>Tests the step mixed-precision, which keeps the fewest layers in float32 that the fidelity needs.</summary>
public sealed class MixedPrecisionTests
{
    [Fact]
    public void Everything_is_float16_where_that_is_near_enough()
    {
        Narrow.Run(Chain(), "mixed-precision(sqnr=40)", out var report, samples: Samples());

        Assert.Empty(report.Ranking);
        Assert.True(Assert.Single(report.Trials).Kept);
        Assert.False(report.Changes.ContainsKey("nodes kept in float32 for fidelity"));
    }

    [Fact]
    public void The_node_that_loses_most_goes_back_and_is_ranked_first()
    {
        var model = Chain();

        var narrow = Narrow.Run(model, "mixed-precision(sqnr=40, format=bfloat16)", out var report, samples: Samples());

        var first = report.Ranking[0];
        Assert.True(first.Returned);
        Assert.Contains(first.Layer, (string[])["Add_big", "Sub_small"]);
        Assert.InRange(report.Changes["nodes kept in float32 for fidelity"], 2, 3);
        Assert.Equal(1, report.Trials.Count(trial => trial.Kept));
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(Narrow.Rounded(narrow))), 38, 80);
        Assert.Equal(narrow.ToBytes(), Narrow.Run(model, "mixed-precision(sqnr=40, format=bfloat16)", out _, samples: Samples()).ToBytes());
    }

    [Fact]
    public void What_cannot_be_reached_leaves_the_model_alone()
    {
        var model = Chain();

        var narrow = Narrow.Run(model, "mixed-precision(sqnr=500)", out var report, samples: Samples());

        Assert.Equal("its outputs do not reach 500 dB even with all layers in float32", Narrow.WhyNot(report, "the model"));
        Assert.Equal(model.ToBytes(), narrow.ToBytes());
    }

    [Fact]
    public void Without_data_it_is_an_error()
    {
        Assert.Equal(Codes.CalibrationMissing, Assert.Throws<CompressionException>(() => Narrow.Run(Chain(), "mixed-precision", out _)).Code);
    }

    [Fact]
    public void Of_thousands_of_nodes_the_few_are_found_with_few_measurements()
    {
        HashSet<int> guilty = [17, 1200, 1201];
        var measurements = 0;
        var search = new Float32Search(Measure, sqnr: 60);

        var found = search.Run([.. Enumerable.Range(0, 3000)]);

        Assert.Equal([17, 1200, 1201], found);
        Assert.InRange(measurements, 1, 160);

        double Measure(IReadOnlyCollection<int> converted, bool alone)
        {
            measurements++;
            return -10 * Math.Log10(converted.Sum(node => guilty.Contains(node) ? 1e-4 : 1e-10) + 1e-20);
        }
    }

    // The model adds a large number and subtracts it again, which loses digits.
    private static OnnxModel Chain() =>
        new Net()
            .Input("x", 2, 8)
            .Weight("w", 8, 8)
            .Weight("v", 8, 8)
            .Constant("k", [], 6f)
            .Node("MatMul", "x w", "a")
            .Node("Add", "a k", "big")
            .Node("Sub", "big k", "small")
            .Node("MatMul", "small v", "b")
            .Node("Tanh", "b", "c")
            .Node("MatMul", "c w", "y")
            .Output("y", DataType.Float, 2, 8)
            .Build();

    private static ListedSamples Samples() => ListedSamples.Of("x", [.. Enumerable.Range(0, 8).Select(i => (new long[] { 2, 8 }, Noise.Floats(16, 50 + i)))]);
}
