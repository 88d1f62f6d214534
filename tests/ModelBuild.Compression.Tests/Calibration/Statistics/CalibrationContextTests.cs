using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Statistics;
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
        Assert.Equal("calibration", context.HeldOut.Kind);
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
        var reads = 0;
        var context = new CalibrationContext(new ListedSamples(Enumerable.Range(0, 2).Select(i =>
        {
            reads += i;
            return ListedSamples.Call("x", [1], [i]);
        })));
        var request = new StatisticsRequest(["x", "y"], false, new Dictionary<string, int>());
        reads = 0;

        var first = context.Collect(Scaled(2), request, CancellationToken.None);
        Assert.True(reads > 0);
        reads = 0;
        var renamed = Scaled(2);
        new Graph(renamed).RenameValue("y", "z");
        Assert.Equal(first["y"], context.Collect(renamed, request with { Tensors = ["z", "x"] }, CancellationToken.None)["z"]);
        Assert.Equal(0, reads);
        Assert.Equal(3, context.Collect(Scaled(3), request, CancellationToken.None)["y"].Max);
        Assert.True(reads > 0);
        reads = 0;
        Assert.NotNull(context.Collect(Scaled(3), request with { Histograms = true }, CancellationToken.None)["y"].Histogram);
        Assert.True(reads > 0);
    }

    private static OnnxModel Scaled(float factor) => new Net().Input("x", -1).Constant("c", [], factor).Node("Mul", "x c", "y").Output("y").Build();

    private static ListedSamples Counted(int calls) => new(Enumerable.Range(0, calls).Select(i => ListedSamples.Call("x", [1], [i])));

    private static IEnumerable<int> Numbers(ISampleSource samples) =>
        samples.Read(CancellationToken.None).Select(sample => (int)BitConverter.ToSingle(sample.Inputs["x"].Data));
}
