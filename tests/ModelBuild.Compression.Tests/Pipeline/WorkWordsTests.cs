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

    [Fact]
    public void What_is_not_known_is_left_out() => Assert.Equal("running the original", WorkWords.Of(new WorkPlace("running the original"), 80));
}
