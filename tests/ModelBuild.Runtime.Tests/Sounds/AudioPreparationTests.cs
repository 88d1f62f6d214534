namespace ModelBuild.Runtime.Tests.Sounds;

/// <summary>The preparation of recordings as a whole.</summary>
public sealed class AudioPreparationTests
{
    [Fact]
    public void Samples_of_the_rate_of_the_model_stay_as_they_are()
    {
        var samples = TestSounds.Source(500);

        Assert.Equal(samples, TestSounds.Prepare("rate(16000)", samples, 16_000));
        Assert.Equal(samples.Select(sample => sample * 32_768), TestSounds.Prepare("rate(16000) scale(32768)", samples, 16_000));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public void Channels_are_averaged(int channels)
    {
        var samples = TestSounds.Source(100 * channels);

        var actual = TestSounds.Prepare("rate(16000)", samples, 16_000, channels);

        Assert.Equal(samples.Chunk(channels).Select(point => point.Average()), actual, (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    [Fact]
    public void A_length_cuts_and_pads()
    {
        var samples = TestSounds.Source(900);
        float[] padded = [.. samples, .. new float[100]];

        Assert.Equal(samples[..500], TestSounds.Prepare("rate(10000) length(0.05)", samples, 10_000));
        Assert.Equal(padded, TestSounds.Prepare("rate(10000) length(0.1)", samples, 10_000));
    }

    [Fact]
    public void A_normalized_recording_is_padded_with_zeros_behind_it()
    {
        var samples = TestSounds.Source(900);

        var actual = TestSounds.Prepare("rate(10000) mean-variance length(0.1)", samples, 10_000);

        Assert.Equal(TestSounds.Prepare("rate(10000) mean-variance", samples, 10_000), actual[..900]);
        Assert.Equal(new float[100], actual[900..]);
    }

    [Fact]
    public void A_converted_recording_that_is_cut_has_the_samples_of_the_whole_one()
    {
        var samples = TestSounds.Source(9000);

        var cut = TestSounds.Prepare("rate(16000) length(0.05)", samples, 44_100);

        Assert.Equal(TestSounds.Prepare("rate(16000)", samples, 44_100)[..800], cut);
    }

    [Fact]
    public void A_chunk_has_its_context_in_front()
    {
        var samples = TestSounds.Source(500);
        var preparation = new AudioPreparation("rate(16000) chunk(512) context(64)", AudioLayout.Samples, 0, 576);
        float[] expected = [.. new float[64], .. samples, .. new float[12]];

        Assert.Equal((512, 64, 16_000), (preparation.ChunkSamples, preparation.ContextSamples, preparation.Rate));
        Assert.Equal(expected, TestSounds.Prepare("rate(16000) chunk(512) context(64)", samples, 16_000));
    }

    [Fact]
    public void Frames_are_cut_and_padded_before_the_mean_is_subtracted()
    {
        const string Description = "rate(16000) mel(8, 64, 32) log";
        var samples = TestSounds.Source(640);
        var all = TestSounds.Prepare(Description, samples, 16_000);

        var cut = TestSounds.Prepare(Description + " frames(5)", samples, 16_000);
        var padded = TestSounds.Prepare(Description + " frames(30) mean(3)", samples, 16_000);

        Assert.Equal(8 * 21, all.Length);
        for (var band = 0; band < 8; band++)
        {
            Assert.Equal(all[(band * 21)..((band * 21) + 5)], cut[(band * 5)..((band * 5) + 5)]);
            Assert.Equal(
                [.. all[(band * 21)..((band * 21) + 21)].Select(value => value - 3), .. Enumerable.Repeat(-3f, 9)],
                padded[(band * 30)..((band * 30) + 30)]
            );
        }
    }

    [Theory]
    [InlineData("rate(16000) length(0.1)")]
    [InlineData("rate(16000) mel(8, 64, 32) log")]
    public void Halves_are_the_rounded_floats(string description)
    {
        var samples = TestSounds.Source(640);
        var floats = TestSounds.Prepare(description, samples, 22_050);
        var halves = new Half[floats.Length];

        new AudioPreparation(description, TestSounds.Layout(description)).Write(samples, 22_050, 1, halves);

        Assert.Equal(floats.Select(value => (Half)value), halves);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void A_very_short_recording_is_reflected_several_times(int count)
    {
        var samples = TestSounds.Source(count);
        var actual = TestSounds.Prepare("rate(16000) stft(16, 400, window=rectangular)", samples, 16_000);

        // The element 0 of the power spectrum is the square of the sum.
        var sum = Enumerable.Range(-8, 16).Sum(i => samples[Reflected(i, count)]);
        Assert.Equal(sum * sum, actual[0], 1e-4f);
    }

    [Fact]
    public void Silence_has_the_floor_of_the_logarithm()
    {
        Assert.All(TestSounds.Prepare("rate(16000) mel(8, 64, 32) log(0.001)", new float[640], 16_000), value => Assert.Equal(MathF.Log(0.001f), value, 1e-5f));
        Assert.All(TestSounds.Prepare("rate(16000) mel(8, 64, 32) log mean-variance", new float[640], 16_000), value => Assert.Equal(0, value, 1e-5f));
        Assert.All(TestSounds.Prepare("rate(16000) mean-variance", new float[640], 16_000), value => Assert.Equal(0, value));
    }

    [Fact]
    public void One_frame_has_no_deviation()
    {
        Assert.All(
            TestSounds.Prepare("rate(16000) mel(8, 64, 640, drop-last=true) log mean-variance", TestSounds.Source(640), 16_000),
            value => Assert.Equal(0, value)
        );
    }

    [Theory]
    [InlineData("rate(16000) mell(80,400,160)", "Did you mean 'mel'?")]
    [InlineData("rate(16000) length(1)", "gives 16000 samples, and the input of the model has 8000")]
    public void A_wrong_description_is_an_argument_exception(string description, string explanation)
    {
        var exception = Assert.Throws<ArgumentException>(() => new AudioPreparation(description, AudioLayout.Samples, 0, 8000));

        Assert.Equal("description", exception.ParamName);
        Assert.Contains(explanation, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_are_verified()
    {
        var preparation = new AudioPreparation("rate(16000) fbank(8, 400, 160)", AudioLayout.FramesBands);
        var tensor = new float[8];

        Assert.Throws<ArgumentNullException>(() => new AudioPreparation(null!, AudioLayout.Samples));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AudioPreparation("rate(16000)", (AudioLayout)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AudioPreparation("rate(16000)", AudioLayout.Samples, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AudioPreparation("rate(16000)", AudioLayout.Samples, 0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => preparation.Size(0, 16_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => preparation.Size(400, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => preparation.Size(400, 384_001));
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => preparation.Write([], 16_000, 1, tensor)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "399 samples at 16000 Hz, which is less than one frame",
            Assert.Throws<ArgumentException>(() => preparation.Write(new float[399], 16_000, 1, tensor)).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => preparation.Write(new float[400], 16_000, 0, tensor));
        Assert.Contains(
            "401 samples are not the samples of 2 channels",
            Assert.Throws<ArgumentException>(() => preparation.Write(new float[401], 16_000, 2, tensor)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "The tensor has 16 elements (8x2); the destination has 8.",
            Assert.Throws<ArgumentException>(() => preparation.Write(new float[560], 16_000, 1, tensor)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Use an AudioChunker",
            Assert.Throws<ArgumentException>(() => new AudioPreparation("rate(16000) chunk(512)", AudioLayout.Samples).Size(513, 16_000)).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentException>(() => new AudioPreparation("rate(16000) stft(8, 1)", AudioLayout.BandsFrames).Size(int.MaxValue / 4, 16_000));
        Assert.Throws<ArgumentException>(() => new AudioPreparation("rate(16000)", AudioLayout.Samples).Size(int.MaxValue, 8000));
    }

    private static int Reflected(int index, int count)
    {
        if (count == 1)
            return 0;
        while (index < 0 || index >= count)
            index = index < 0 ? -index : (2 * (count - 1)) - index;
        return index;
    }
}
