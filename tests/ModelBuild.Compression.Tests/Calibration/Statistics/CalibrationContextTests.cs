using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Calibration.Statistics;

public sealed class CalibrationContextTests
{
    [Theory]
    [InlineData(9, new[] { 0, 1, 2, 4, 5, 6, 8 }, new[] { 3, 7 })]
    [InlineData(4, new[] { 0, 1, 2 }, new[] { 3 })]
    [InlineData(3, new[] { 0, 1, 2 }, new[] { 0, 1, 2 })]
    public void Every_fourth_call_is_held_out_when_there_are_enough(int calls, int[] fit, int[] heldOut)
    {
        var context = new CalibrationContext(Counted(calls));

        Assert.Equal(fit, Numbers(context.Fit));
        Assert.Equal(heldOut, Numbers(context.HeldOut));
        Assert.Equal(InputKind.Calibration, context.HeldOut.Kind);
        Assert.Equal(Environment.ProcessorCount, context.Threads);
    }

    [Fact]
    public void Statistics_are_of_the_calls_to_fit_to()
    {
        var context = new CalibrationContext(Counted(8));

        Assert.Equal(6, context.Collect(Scaled(1), new StatisticsRequest(["y"], false, new Dictionary<string, int>()), CancellationToken.None)["y"].Max);
    }

    [Fact]
    public void What_was_collected_is_not_collected_again_until_the_computation_changes()
    {
        var context = new CalibrationContext(Counted(2));
        var request = new StatisticsRequest(["x", "y"], false, new Dictionary<string, int>());
        var first = context.Collect(Scaled(2), request, CancellationToken.None);
        var renamed = Scaled(2);
        new Graph(renamed).RenameValue("y", "z");

        Assert.Same(first["y"], context.Collect(renamed, request with { Tensors = ["z", "x"] }, CancellationToken.None)["z"]);
        var changed = context.Collect(Scaled(3), request, CancellationToken.None);
        Assert.Same(first["x"], changed["x"]);
        Assert.Equal((2, 3), (first["y"].Max, changed["y"].Max));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Histograms_are_the_same_whether_extremes_were_known_or_not(bool isKnown)
    {
        var context = new CalibrationContext(Counted(8));
        var request = new StatisticsRequest(["x", "y"], false, new Dictionary<string, int>());
        if (isKnown)
            Assert.Null(context.Collect(Scaled(1), request, CancellationToken.None)["y"].Histogram);

        var histogram = context.Collect(Scaled(1), request with { Histograms = true }, CancellationToken.None)["y"].Histogram!;

        // The values are 0, 1, 2, 4, 5 and 6. The largest value is the upper edge of the last bin.
        Assert.Equal(6, histogram.Sum());
        Assert.All(new[] { 0, 1, 2, 4, 5 }, value => Assert.Equal(1, histogram[value * TensorStatistics.Bins / 6]));
        Assert.Equal(1, histogram[^1]);
    }

    private static OnnxModel Scaled(float factor) => new Net().Input("x", -1).Constant("c", [], factor).Node("Mul", "x c", "y").Output("y").Build();

    private static ListedSamples Counted(int calls) => new(Enumerable.Range(0, calls).Select(i => ListedSamples.Call("x", [1], [i])));

    private static IEnumerable<int> Numbers(ISampleSource samples) =>
        samples.Read(CancellationToken.None).Select(sample => (int)BitConverter.ToSingle(sample.Inputs["x"].Data));
}
