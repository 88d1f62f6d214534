namespace ModelBuild.Runtime.Tests.Sounds;

/// <summary>Recordings of tests.</summary>
internal static class TestSounds
{
    /// <summary>Noise and triangle waves whose loudness rises and falls, as in <c>fixtures.py</c>.</summary>
    public static float[] Source(int count) => [.. Enumerable.Range(0, count).Select(i => (float)Sample(i))];

    public static float[] Sine(double frequency, int rate, int count) =>
        [.. Enumerable.Range(0, count).Select(i => (float)Math.Sin(2 * Math.PI * frequency * i / rate))];

    /// <summary>The prepared recording.</summary>
    public static float[] Prepare(string description, ReadOnlySpan<float> samples, int rate, int channels = 1)
    {
        var preparation = new AudioPreparation(description, Layout(description));
        var tensor = new float[preparation.Size(samples.Length / channels, rate).Elements];
        preparation.Write(samples, rate, channels, tensor);
        return tensor;
    }

    /// <summary>Bands and frames for a description with a spectrum; samples for another one.</summary>
    public static AudioLayout Layout(string description) =>
        AudioDescriptionParser.Parse(description).Spectrum is null ? AudioLayout.Samples : AudioLayout.BandsFrames;

    private static double Sample(long i)
    {
        var noise = (((i * 7919) + (i * i * 31)) % 65_536 - 32_768) / 32_768.0;
        var low = (Math.Abs((i % 100) - 50) / 25.0) - 1;
        var high = (Math.Abs((i * 3 % 22) - 11) / 5.5) - 1;
        var loudness = (Math.Abs((i % 2400) - 1200) + 12) / 1300.0;
        return ((noise * 0.2) + (low * 0.5) + (high * 0.25)) * loudness;
    }
}
