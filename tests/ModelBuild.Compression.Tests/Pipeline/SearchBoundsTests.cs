using ModelBuild.Compression.Pipeline;

namespace ModelBuild.Compression.Tests.Pipeline;

/// <summary>Tests that the bounds of a search for mixed precision follow from the model's size.</summary>
public sealed class SearchBoundsTests
{
    [Theory]
    [InlineData(28, 10, 48, 1024, 8)]
    [InlineData(1000, 10, 7, 45, 6)]
    [InlineData(1000, 50, 7, 270, 1)]
    [InlineData(4000, 50, 6, 32, 1)]
    public void The_larger_the_work_the_fewer_evaluations_and_estimates(int size, int layers, int evaluations, int estimates, int rankingCalls)
    {
        // The convolution has 36,864 multiply-adds for each pixel.
        var model = new Net()
            .Input("x", 1, 64, size, size)
            .Weight("w", 64, 64, 3, 3)
            .Node("Conv", "x w", "y", ("pads", new long[] { 1, 1, 1, 1 }))
            .Output("y")
            .Build();
        var shapes = new Dictionary<string, long[]> { ["x"] = [1, 64, size, size] };

        Assert.Equal(new SearchBounds(evaluations, estimates, rankingCalls), SearchBounds.Of(model, shapes, layers, calls: 32, recovers: true));
        Assert.InRange(SearchBounds.Of(model, shapes, layers, calls: 32, recovers: false).Evaluations, evaluations, 48);
    }
}
