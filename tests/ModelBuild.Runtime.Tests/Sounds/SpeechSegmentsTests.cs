namespace ModelBuild.Runtime.Tests.Sounds;

/// <summary>Segments of speech follow from probabilities by the published rules of Silero VAD.</summary>
public sealed class SpeechSegmentsTests
{
    private const double Chunk = 0.1;

    private static readonly SpeechSegmentOptions Plain = new()
    {
        MinSpeech = 0,
        MinSilence = 0,
        Padding = 0,
    };

    public static TheoryData<string, string> Cases() =>
        new()
        {
            { "", "" },
            { "000", "" },
            { "0990", "0.1-0.3" },
            { "999", "0.0-0.3" },
            // At least 0.5 begins a segment, and less than 0.35 ends it.
            { "0499", "0.2-0.4" },
            { "0944940", "0.1-0.6" },
            { "09300", "0.1-0.2" },
            { "0903090", "0.1-0.2 0.5-0.6" },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Segments_have_two_thresholds(string digits, string expected)
    {
        Assert.Equal(expected, Find(digits, Plain));
    }

    [Theory]
    [InlineData("099000", 0.15, "0.1-0.3")]
    [InlineData("099099000", 0.15, "0.1-0.6")]
    [InlineData("09900099000", 0.15, "0.1-0.3 0.6-0.8")]
    [InlineData("099099", 0.15, "0.1-0.6")]
    [InlineData("0990", 0.15, "0.1-0.4")]
    [InlineData("0994000", 0.15, "0.1-0.4")]
    public void A_short_silence_does_not_end_a_segment(string digits, double silence, string expected)
    {
        Assert.Equal(expected, Find(digits, Plain with { MinSilence = silence }));
    }

    [Fact]
    public void A_short_segment_is_left_out()
    {
        Assert.Equal("0.4-0.7", Find("0990999000", Plain with { MinSpeech = 0.25 }));
        Assert.Equal("", Find("00099", Plain with { MinSpeech = 0.25 }));
    }

    [Fact]
    public void Padding_extends_segments_and_neighbours_share_a_short_silence()
    {
        Assert.Equal("0.0-0.6", Find("0099000", Plain with { Padding = 0.2 }, 1));
        Assert.Equal("0.00-0.35 0.35-0.70", Find("0990990", Plain with { Padding = 0.2 }, 2));
        Assert.Equal("0.0-0.3", Find("999", Plain with { Padding = 0.2 }));
    }

    [Fact]
    public void Thresholds_can_be_set()
    {
        Assert.Equal("0.1-0.3", Find("076500", Plain with { Threshold = 0.65f, EndThreshold = 0.55f }));
        Assert.Equal("0.0-0.3", Find("111", Plain with { Threshold = 0.1f }));
    }

    [Fact]
    public void The_defaults_are_those_of_Silero()
    {
        var options = new SpeechSegmentOptions();

        Assert.Equal((0.5f, null, 0.25, 0.1, 0.03), (options.Threshold, options.EndThreshold, options.MinSpeech, options.MinSilence, options.Padding));
    }

    [Fact]
    public void The_duration_of_a_chunk_is_positive()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SpeechSegments.Find([1], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SpeechSegments.Find([1], double.NaN));
    }

    [Fact]
    public void A_segment_has_a_duration_and_a_text()
    {
        var segment = new SpeechSegment(1.5, 3.25);

        Assert.Equal(1.75, segment.Duration);
        Assert.Equal("1.50 s to 3.25 s", segment.ToString());
    }

    private static string Find(string digits, SpeechSegmentOptions options, int decimals = 1)
    {
        var probabilities = digits.Select(digit => (digit - '0') / 10f).ToArray();
        var format = "F" + decimals;
        return string.Join(' ', SpeechSegments.Find(probabilities, Chunk, options).Select(segment => $"{Text(segment.Start)}-{Text(segment.End)}"));

        string Text(double seconds) => seconds.ToString(format, System.Globalization.CultureInfo.InvariantCulture);
    }
}
