using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Work;

namespace ModelBuild.Compression.Tests.Pipeline;

public sealed class WorkWordsTests
{
    private static readonly WorkPlace Place = new("int8")
    {
        Candidate = 1,
        Candidates = 4,
        Number = 2,
        Count = 4,
        Trial = "combination 2 of 6",
        BestDb = 43.21,
        Left = ["gptq", "verifying"],
    };

    [Theory]
    [InlineData(200, "recipe 1 of 4, step 2 of 4 int8, combination 2 of 6, best 43.2 dB, then gptq, verifying")]
    [InlineData(80, "recipe 1 of 4, step 2 of 4 int8, combination 2 of 6, best 43.2 dB, 2 left")]
    [InlineData(60, "step 2 of 4 int8, combination 2 of 6, best 43.2 dB, 2 left")]
    [InlineData(45, "step 2 of 4 int8, best 43.2 dB, 2 left")]
    [InlineData(30, "step 2 of 4 int8, best 43.2 dB")]
    [InlineData(20, "step 2 of 4 int8")]
    [InlineData(10, "step 2 of…")]
    public void The_line_tells_as_much_as_fits(int width, string expected) => Assert.Equal(expected, WorkWords.Of(Place, width));

    [Theory]
    [InlineData(120, "step 2 of 4 fine-tune, step 120 of 600, loss 0.0312, held-out loss 0.0290, rate 9.0e-4, 1:05 left, then int8, verifying")]
    [InlineData(110, "step 2 of 4 fine-tune, step 120 of 600, loss 0.0312, held-out loss 0.0290, rate 9.0e-4, 1:05 left, 2 left")]
    [InlineData(80, "step 2 of 4 fine-tune, 120 of 600, loss 0.0312, 1:05 left, 2 left")]
    [InlineData(60, "step 2 of 4 fine-tune, 120 of 600, loss 0.0312, 1:05 left")]
    [InlineData(40, "step 2 of 4 fine-tune, 1:05 left, 2 left")]
    public void A_training_tells_its_loss_and_the_time_that_is_left(int width, string expected)
    {
        var place = new WorkPlace("fine-tune")
        {
            Number = 2,
            Count = 4,
            Trial = "step 120 of 600, loss 0.0312, held-out loss 0.0290, rate 9.0e-4",
            ShortTrial = "120 of 600, loss 0.0312",
            Left = ["int8", "verifying"],
        };

        Assert.Equal(expected, WorkWords.Of(place, width, TimeSpan.FromSeconds(65)));
    }

    [Fact]
    public void What_is_not_known_is_left_out() => Assert.Equal("running the original", WorkWords.Of(new WorkPlace("running the original"), 80));
}
