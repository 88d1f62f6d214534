namespace ModelBuild.Runtime.Tests.Sounds;

/// <summary>One line of text describes the audio input of a model.</summary>
public sealed class AudioDescriptionTests
{
    [Fact]
    public void A_rate_alone_changes_nothing_else()
    {
        Assert.Equal(new AudioDescription { Rate = 16_000 }, AudioDescriptionParser.Parse("rate(16000)"));
    }

    [Fact]
    public void Steps_on_samples_are_read()
    {
        var description = AudioDescriptionParser.Parse("RATE(8000) scale(32768) mean-variance preemphasis(0.97) length(1/2)");

        Assert.Equal(
            (8000, 32_768.0, true, 0.97, (int?)4000),
            (description.Rate, description.Scale, description.IsNormalized, description.Preemphasis, description.Length)
        );
    }

    [Fact]
    public void A_chunk_has_a_context()
    {
        Assert.Equal(new AudioChunk(512, 64), AudioDescriptionParser.Parse("rate(16000) chunk(512) context(64)").Chunk);
        Assert.Equal(new AudioChunk(512, 0), AudioDescriptionParser.Parse("rate(16000) chunk(512)").Chunk);
    }

    public static TheoryData<string, string> Spectra() =>
        new()
        {
            { "stft(512, 160)", "512 512 160 Hann Reflect False 2 False 0 -" },
            { "stft(512,160,center=zero,drop-last=true,power=1,frame=400)", "512 400 160 Hann Zero True 1 False 0 -" },
            { "mel(80, 400, 160)", "400 400 160 Hann Reflect False 2 False 0 80 0 8000 Slaney True" },
            { "mel(64, 512, 160, scale=htk)", "512 512 160 Hann Reflect False 2 False 0 64 0 8000 Htk False" },
            { "mel(64, 512, 160, norm=none, fmin=20, fmax=7600)", "512 512 160 Hann Reflect False 2 False 0 64 20 7600 Slaney False" },
            { "mel(64, 512, 160, scale=kaldi, norm=slaney, center=false)", "512 512 160 Hann None False 2 False 0 64 0 8000 Kaldi True" },
            { "fbank(80, 400, 160)", "512 400 160 Povey None False 2 True 0.97 80 20 8000 Kaldi False" },
            { "fbank(23, 512, 128, window=hamming, fmin=0)", "512 512 128 Hamming None False 2 True 0.97 23 0 8000 Kaldi False" },
        };

    [Theory]
    [MemberData(nameof(Spectra))]
    public void Spectra_are_read_with_their_defaults(string text, string expected)
    {
        var (fft, frame, hop, window, centering, dropsLast, power, removesMean, preemphasis, mel) = AudioDescriptionParser
            .Parse("rate(16000) " + text)
            .Spectrum!;
        var bands = mel is null ? "-" : FormattableString.Invariant($"{mel.Bands} {mel.MinFrequency} {mel.MaxFrequency} {mel.Scale} {mel.HasUnitArea}");

        Assert.Equal(
            expected,
            FormattableString.Invariant($"{fft} {frame} {hop} {window} {centering} {dropsLast} {power} {removesMean} {preemphasis} {bands}")
        );
    }

    public static TheoryData<string, string> Logarithms() =>
        new()
        {
            { "stft(8,2) log", "Natural 1E-10 False " },
            { "stft(8,2) log10(1e-5)", "Base10 1E-05 False " },
            { "stft(8,2) log(add=0.001)", "Natural 0.001 True " },
            { "stft(8,2) db(1e-6, top=80)", "Decibels 1E-06 False 80" },
            { "stft(8,2) whisper", "Whisper 1E-10 False 8" },
            { "fbank(8,20,10) log", "Natural 1.1920928955078125E-07 False " },
        };

    [Theory]
    [MemberData(nameof(Logarithms))]
    public void Logarithms_are_read_with_their_defaults(string text, string expected)
    {
        var (kind, floor, isAdded, range) = AudioDescriptionParser.Parse("rate(16000) " + text).Log!;

        Assert.Equal(expected, FormattableString.Invariant($"{kind} {floor} {isAdded} {range}"));
    }

    [Fact]
    public void Steps_behind_the_spectrum_are_read()
    {
        var description = AudioDescriptionParser.Parse("rate(16000) mel(8,64,32) log mean-variance frames(10) mean(-4.5) std(2)");

        Assert.False(description.IsNormalized);
        Assert.Equal(BandNormalization.MeanAndVariance, description.Bands);
        Assert.Equal(((int?)10, -4.5, 2.0), (description.Frames, description.Mean, description.Std));
        Assert.Equal(BandNormalization.Mean, AudioDescriptionParser.Parse("rate(16000) mel(8,64,32) log cmn").Bands);
    }

    [Theory]
    [InlineData("rate(16000)", null)]
    [InlineData("rate(16000) length(2)", 32_000)]
    [InlineData("rate(16000) chunk(512) context(64)", 576)]
    [InlineData("rate(16000) mel(80,400,160)", null)]
    [InlineData("rate(16000) mel(80,400,160) frames(100)", 100)]
    [InlineData("rate(16000) length(30) mel(80,400,160)", 3001)]
    [InlineData("rate(16000) length(30) mel(80,400,160,drop-last=true)", 3000)]
    [InlineData("rate(16000) length(1) fbank(80,400,160)", 98)]
    public void The_length_follows_from_the_description(string text, int? expected)
    {
        Assert.Equal(expected, AudioDescriptionParser.Parse(text).FixedLength);
    }

    [Theory]
    [InlineData("", 1, "It is empty. It starts with the sample rate of the model, such as 'rate(16000)'.")]
    [InlineData("scale(2)", 1, "The sample rate of the model stands before 'scale', such as 'rate(16000)'.")]
    [InlineData("rate(16000) mell(80,400,160)", 13, "'mell' is not a step. Did you mean 'mel'? The steps are 'rate', 'scale', 'mean-variance'")]
    [InlineData("rate", 1, "'rate' has one number, which is the sample rate in hertz, such as 'rate(16000)'; here it has 0.")]
    [InlineData("rate(16)", 6, "'16' is not an integer from 4000 to 384000")]
    [InlineData("rate(16k)", 6, "'16k' is not a number")]
    [InlineData("rate(hz=16000)", 6, "'rate' has no argument with a name")]
    [InlineData("rate(16000) rate(8000)", 13, "'rate' is given twice")]
    [InlineData("rate(16000) length(1) scale(2)", 23, "'scale' stands before 'length'. The order is 'rate', 'scale',")]
    [InlineData("rate(16000) length(1) chunk(2)", 23, "'chunk' and 'length' exclude each other")]
    [InlineData("rate(16000) mean-variance chunk(2)", 27, "'mean-variance' normalizes a whole recording, and 'chunk' takes it in parts")]
    [InlineData("rate(16000) mean-variance(3)", 27, "'mean-variance' has no arguments")]
    [InlineData("rate(16000) context(64)", 13, "'context' is a part of a chunk")]
    [InlineData("rate(16000) length(0)", 20, "'0' is not greater than 0")]
    [InlineData("rate(16000) length(1e9)", 20, "'length' is a time in seconds with 1 to 268435456 samples")]
    [InlineData("rate(16000) length(1,2)", 13, "'length' has one number, such as 'length(30)'; here it has 2.")]
    [InlineData("rate(16000) chunk(0)", 19, "'0' is not an integer from 1 to 16777216")]
    [InlineData(
        "rate(16000) mel(80)",
        13,
        "the number of bands, the length of the transform and the hop in samples, such as 'mel(80, 400, 160)'; here it has 1."
    )]
    [InlineData("rate(16000) mel(80,401,160)", 20, "The length of the transform is even, not 401")]
    [InlineData("rate(16000) mel(80,400,160,frame=401)", 28, "'401' is not an integer from 2 to 400")]
    [InlineData("rate(16000) mel(80,400,160,window=han)", 28, "'window' is one of 'hann', 'hann-symmetric'")]
    [InlineData("rate(16000) mel(80,400,160,windows=hann)", 28, "'mel' has no argument 'windows'. Did you mean 'window'?")]
    [InlineData("rate(16000) mel(80,400,160,center=true)", 28, "'center' is one of 'reflect', 'zero', 'false', not 'true'")]
    [InlineData("rate(16000) mel(80,400,160,power=3)", 28, "'power' is one of '1', '2'")]
    [InlineData("rate(16000) mel(80,400,160,power=1,power=2)", 36, "'power' is given twice")]
    [InlineData("rate(16000) mel(80,400,power=1,160)", 32, "'160' stands before the arguments with names")]
    [InlineData("rate(16000) mel(80,400,160,fmax=9000)", 28, "'fmax' is at most half of the rate, which is 8000 hertz")]
    [InlineData("rate(16000) mel(80,400,160,fmin=-1)", 28, "'fmin' is a frequency in hertz, not -1")]
    [InlineData("rate(16000) mel(80,400,160,fmin=500,fmax=500)", 37, "The bands begin at 500 and end at 500 hertz")]
    [InlineData("rate(16000) stft(400,160,fmin=20)", 26, "'stft' has no argument 'fmin'")]
    [InlineData("rate(16000) stft(400,160) mel(80,400,160)", 27, "'mel' and 'stft' exclude each other")]
    [InlineData("rate(16000) fbank(80,400)", 13, "such as 'fbank(80, 400, 160)'; here it has 2.")]
    [InlineData("rate(16000) log", 13, "'log' changes a spectrum, so it stands behind one of 'stft', 'mel', 'fbank'")]
    [InlineData("rate(16000) stft(8,2) log(0)", 27, "'0' is not greater than 0")]
    [InlineData("rate(16000) stft(8,2) log(1,add=1)", 29, "A least value and 'add' exclude each other")]
    [InlineData("rate(16000) stft(8,2) log(top=1)", 27, "'log' has no argument 'top'")]
    [InlineData("rate(16000) stft(8,2) log db", 27, "'db' and 'log' exclude each other")]
    [InlineData("rate(16000) stft(8,2) whisper(8)", 31, "'whisper' has no arguments")]
    [InlineData("rate(16000) stft(8,2) cmn mean-variance", 27, "exclude each other")]
    [InlineData("rate(16000) cmn", 13, "'cmn' changes a spectrum")]
    [InlineData("rate(16000) frames(3)", 13, "'frames' changes a spectrum")]
    [InlineData("rate(16000) mean(3)", 13, "'mean' changes a spectrum")]
    [InlineData("rate(16000) stft(8,2) std(0)", 23, "'std' divides by its number, which is not 0")]
    [InlineData("rate(16000", 5, "not closed")]
    public void A_mistake_has_a_position_and_an_explanation(string text, int character, string explanation)
    {
        var mistake = Assert.Throws<DescriptionException>(() => AudioDescriptionParser.Parse(text));

        Assert.StartsWith($"The description '{text}' has a mistake at character {character}: ", mistake.Message, StringComparison.Ordinal);
        Assert.Contains(explanation, mistake.Message, StringComparison.Ordinal);
        Assert.Equal(character - 1, mistake.Position);
    }

    [Theory]
    [InlineData("rate(16000)", false, 0, 16_000, "Add 'length', or 'chunk' for a model that takes a stream.")]
    [InlineData("rate(16000) length(1)", false, 0, 8000, "The description gives 16000 samples, and the input of the model has 8000.")]
    [InlineData("rate(16000) length(1)", true, 0, 0, "Add 'stft', 'mel' or 'fbank'")]
    [InlineData("rate(16000) mel(80,400,160)", false, 0, 0, "The input of the model has samples")]
    [InlineData("rate(16000) mel(80,400,160)", true, 128, 0, "The description gives 80 bands, and the input of the model has 128.")]
    [InlineData("rate(16000) stft(400,160)", true, 200, 0, "The description gives 201 bands, and the input of the model has 200.")]
    [InlineData("rate(16000) mel(80,400,160)", true, 80, 3000, "Add 'length' or 'frames'.")]
    [InlineData("rate(16000) length(30) mel(80,400,160)", true, 80, 3000, "The description gives 3001 frames, and the input of the model has 3000.")]
    [InlineData("rate(16000) chunk(100) fbank(80,400,160)", true, 80, 0, "shorter than one frame")]
    [InlineData("rate(16000) chunk(512) context(64)", false, 0, 576, null)]
    [InlineData("rate(16000) length(30) mel(80,400,160,drop-last=true)", true, 80, 3000, null)]
    public void A_contradiction_is_explained(string text, bool takesFrames, int bands, int length, string? explanation)
    {
        var contradiction = AudioContradictions.Find(AudioDescriptionParser.Parse(text), takesFrames, bands, length);

        if (explanation is null)
            Assert.Null(contradiction);
        else
            Assert.Contains(explanation, contradiction, StringComparison.Ordinal);
    }
}
