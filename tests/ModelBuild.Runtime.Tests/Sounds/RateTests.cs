using ModelBuild.Runtime.Sounds;

namespace ModelBuild.Runtime.Tests.Sounds;

/// <summary>The conversion of sample rates passes what both rates can contain, and nothing else.</summary>
public sealed class RateTests
{
    // −80 dB; the filter is designed for −90 dB.
    private const float Attenuated = 1e-4f;

    [Theory]
    [InlineData(44_100, 16_000, 7200)]
    [InlineData(48_000, 16_000, 7200)]
    [InlineData(8000, 16_000, 3500)]
    [InlineData(22_050, 16_000, 1000)]
    [InlineData(16_000, 44_100, 7200)]
    [InlineData(44_101, 16_000, 7200)]
    [InlineData(192_000, 16_000, 440)]
    public void A_tone_that_both_rates_contain_stays_the_same(int from, int to, double frequency)
    {
        var actual = TestSounds.Prepare($"rate({to})", TestSounds.Sine(frequency, from, from / 4), from);

        var expected = TestSounds.Sine(frequency, to, actual.Length);
        // The recording is cut off at its ends, where a tone is not a tone.
        var edge = 64 * to / Math.Min(from, to) + 1;
        Assert.True(actual.Length > 4 * edge);
        Assert.Equal(expected[edge..^edge], actual[edge..^edge], (a, b) => Math.Abs(a - b) < Attenuated);
    }

    [Theory]
    [InlineData(44_100, 16_000, 8100)]
    [InlineData(48_000, 16_000, 12_000)]
    [InlineData(44_101, 16_000, 15_900)]
    [InlineData(96_000, 8000, 4100)]
    public void A_tone_above_half_of_the_lower_rate_disappears(int from, int to, double frequency)
    {
        var actual = TestSounds.Prepare($"rate({to})", TestSounds.Sine(frequency, from, from / 4), from);

        Assert.All(actual[65..^65], sample => Assert.InRange(sample, -Attenuated, Attenuated));
    }

    [Fact]
    public void A_constant_stays_the_same_constant()
    {
        var constant = new float[3000];
        Array.Fill(constant, 0.5f);

        var actual = TestSounds.Prepare("rate(16000)", constant, 44_100);

        Assert.All(actual[65..^65], sample => Assert.Equal(0.5f, sample, 1e-6f));
    }

    [Theory]
    [InlineData(1, 384_000, 16_000, 1)]
    [InlineData(25, 384_000, 16_000, 2)]
    [InlineData(3, 1, 4000, 12_000)]
    [InlineData(441, 44_100, 16_000, 160)]
    [InlineData(442, 44_100, 16_000, 161)]
    public void The_number_of_samples_is_rounded_up(int samples, int from, int to, int expected)
    {
        Assert.Equal(expected, RateFilter.Count(samples, from, to));
        Assert.Equal(expected, TestSounds.Prepare($"rate({to})", new float[samples], from).Length);
    }
}
