using ModelBuild.Compression.Calibration;

namespace ModelBuild.Compression.Tests.Calibration;

public sealed class FewSamplesTests
{
    [Theory]
    [InlineData(1, "holds 1 sample, which is too few to hold some out")]
    [InlineData(15, "holds 15 samples, which is too few to hold some out")]
    public void Too_few_samples_are_a_warning(long samples, string text)
    {
        var warning = FewSamples.Warn(samples)!;

        Assert.Equal(Codes.FewSamples, warning.Code);
        Assert.Contains(text, warning.Text, StringComparison.Ordinal);
        Assert.Contains("Give 16 or more", warning.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    public void No_data_and_enough_data_are_none(long samples) => Assert.Null(FewSamples.Warn(samples));
}
