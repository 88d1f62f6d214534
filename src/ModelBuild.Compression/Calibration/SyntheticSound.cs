using ModelBuild.Compression.Randomness;

namespace ModelBuild.Compression.Calibration;

/// <summary>
/// Computes sound that resembles a voice: a tone with overtones whose loudness rises and falls a few times in a second, and noise. The samples lie in −1…1
/// before the description scales them. Only additions, multiplications and divisions are used, so that all processors compute equal values.
/// </summary>
internal static class SyntheticSound
{
    private const int Overtones = 12;
    private const double LowestVoice = 80;
    private const double HighestVoice = 300;
    private const double Syllables = 4;
    private const double LeastPeak = 0.2;
    private const double Noise = 0.02;

    /// <summary>Returns the samples of a synthetic sound in row-major order of the shape, whose last size is the number of samples.</summary>
    /// <param name="shape">The shape of the input.</param>
    /// <param name="description">The description of the input.</param>
    /// <param name="random">The generator of random numbers.</param>
    public static double[] Values(long[] shape, AudioDescription description, SplitMix64 random)
    {
        var length = (int)shape[^1];
        var values = new double[shape.Aggregate(1L, (product, size) => product * size)];
        for (var start = 0; start < values.Length; start += length)
            Fill(values.AsSpan(start, length), description, random);
        return values;
    }

    private static void Fill(Span<double> samples, AudioDescription description, SplitMix64 random)
    {
        var voice = LowestVoice + (HighestVoice - LowestVoice) * random.NextDouble();
        var count = Math.Min(Overtones, (int)(description.Rate / (2 * voice)));
        Span<Oscillator> tones = stackalloc Oscillator[count];
        for (var i = 0; i < count; i++)
            tones[i] = new Oscillator(voice * (i + 1) / description.Rate, random);
        var loudness = new Oscillator(Syllables / description.Rate, random);
        var largest = 0.0;
        foreach (ref var sample in samples)
        {
            sample = 0;
            for (var i = 0; i < count; i++)
                sample += tones[i].Next() / (i + 1);
            sample = sample * (1 + loudness.Next()) / 2 + Noise * random.NextNormal();
            largest = Math.Max(largest, Math.Abs(sample));
        }

        var factor = (LeastPeak + (1 - LeastPeak) * random.NextDouble()) / Math.Max(largest, Noise);
        foreach (ref var sample in samples)
            sample *= factor;
        Prepare(samples, description);
    }

    // Scales the samples of a synthetic sound, normalizes them if required, and applies preemphasis, in the order in which an audio description is applied.
    private static void Prepare(Span<double> samples, AudioDescription description)
    {
        foreach (ref var sample in samples)
            sample *= description.Scale;
        if (description.IsNormalized)
            Normalize(samples);
        for (var i = samples.Length - 1; i > 0; i--)
            samples[i] -= description.Preemphasis * samples[i - 1];
    }

    private static void Normalize(Span<double> samples)
    {
        var (mean, square) = (0.0, 0.0);
        foreach (var sample in samples)
            mean += sample / samples.Length;
        foreach (var sample in samples)
            square += (sample - mean) * (sample - mean) / samples.Length;
        foreach (ref var sample in samples)
            sample = square > 0 ? (sample - mean) / Math.Sqrt(square) : 0;
    }

    // Computes a tone as the coordinate of a point that rotates on the unit circle. Its angle for each step is 2·atan(π·frequency), which is 2π·frequency for
    // low frequencies.
    private struct Oscillator
    {
        private readonly double _cosine;
        private readonly double _sine;
        private double _x;
        private double _y;

        public Oscillator(double frequency, SplitMix64 random)
        {
            (_cosine, _sine) = Point(Math.PI * frequency);
            (_x, _y) = Point(2 * random.NextDouble() - 1);
        }

        public double Next()
        {
            (_x, _y) = (_x * _cosine - _y * _sine, _x * _sine + _y * _cosine);
            return _y;
        }

        private static (double X, double Y) Point(double tangent) => ((1 - tangent * tangent) / (1 + tangent * tangent), 2 * tangent / (1 + tangent * tangent));
    }
}
