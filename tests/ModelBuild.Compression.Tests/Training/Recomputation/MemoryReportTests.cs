using ModelBuild.Compression.Options;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Tests.Training.Runs;
using ModelBuild.Compression.Work;

namespace ModelBuild.Compression.Tests.Training.Recomputation;

/// <summary>Tests that training says in its log and in its report if its memory was limited.</summary>
public sealed class MemoryReportTests
{
    [Fact]
    public void A_limit_that_is_too_small_is_reported_and_the_training_goes_on()
    {
        var (model, rows) = RecomputedNets.Of("layers");
        var lines = new List<string>();

        var result = MadeTraining.Run(model, "prune(0.5) fine-tune(steps=5, memory=1KB)", rows, progress: new Lines(lines));

        var memory = Assert.IsType<MemoryReport>(result.Training.Memory);
        Assert.Equal(1000, memory.Limit);
        Assert.InRange(memory.Bytes, memory.Limit + 1, memory.Undivided - 1);
        Assert.InRange(memory.Recomputed, 1, memory.Segments - 1);
        Assert.Contains(memory.Describe(), lines);
        Assert.EndsWith(" This is more than the limit of 0 MB: a smaller batch takes less.", memory.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_that_is_not_reached_is_not_reported()
    {
        var (model, rows) = RecomputedNets.Of("layers");

        Assert.Null(MadeTraining.Run(model, "prune(0.5) fine-tune(steps=5, memory=1GB)", rows).Training.Memory);
        Assert.Null(MadeTraining.Run(model, "prune(0.5) fine-tune(steps=5)", rows).Training.Memory);
    }

    [Theory]
    [InlineData(3, 2, 400, 800, 500, "Activations are computed again in 2 of 3 segments: 400 MB instead of 800 MB.")]
    [InlineData(3, 0, 400, 800, 500, "Gradients are computed in 3 segments one after another: 400 MB instead of 800 MB.")]
    [InlineData(1, 0, 800, 800, 500, "Training takes 800 MB. This is more than the limit of 500 MB: a smaller batch takes less.")]
    public void The_sentence_names_the_segments_and_the_sizes(int segments, int recomputed, long bytes, long undivided, long limit, string text) =>
        Assert.Equal(text, new MemoryReport(segments, recomputed, bytes * 1_000_000, undivided * 1_000_000, limit * 1_000_000).Describe());

    [Theory]
    [InlineData("0", null)]
    [InlineData("auto", null)]
    [InlineData("1.5GB", 1_500_000_000L)]
    [InlineData("800 kb", 800_000L)]
    [InlineData("12B", 12L)]
    public void A_size_is_auto_or_a_number_with_a_unit(string text, long? bytes)
    {
        Assert.True(MemorySize.TryParse(text, out var size));
        Assert.Equal(bytes, size.Bytes);
        Assert.True(MemorySize.TryParse(size.ToString(), out var again));
        Assert.Equal(size, again);
    }

    private sealed class Lines(List<string> lines) : IProgress<WorkLine>
    {
        public void Report(WorkLine value) => lines.Add(value.Text);
    }
}
