using System.Numerics.Tensors;

namespace ModelBuild.Runtime.Sounds;

/// <summary>
/// Represents the filter that converts a sample rate to another one: a sinc function under a Kaiser window, for each position of a new sample between two old
/// ones. It is 64 periods of the lower rate wide on each side, passes frequencies up to 91 % of half of the lower rate, and attenuates those above that half by
/// 90 dB.
/// </summary>
/// <remarks>
/// J. O. Smith, "Digital Audio Resampling Home Page", describes the method. With a ratio of more than 1024 places, such as 44 101 : 16 000, the filter of a
/// place is interpolated linearly between two of 512.
/// </remarks>
internal sealed class RateFilter
{
    /// <summary>The number of zero crossings of the sinc function on each side.</summary>
    private const int Crossings = 64;

    /// <summary>The frequency at which the filter has half of the amplitude, as a part of half of the lower rate.</summary>
    private const double Cutoff = 0.955;

    /// <summary>The parameter of the Kaiser window for 90 dB, by Kaiser's formula 0.1102 · (A − 8.7).</summary>
    private const double Beta = 8.96;

    private const int MaxPlaces = 1024;
    private const int InterpolatedPlaces = 512;

    private readonly float[] _weights;
    private readonly int _places;

    private RateFilter(int from, int to)
    {
        (From, To) = (from, to);
        var divisor = Divisor(from, to);
        (Up, Down) = (to / divisor, from / divisor);
        Half = (int)Math.Ceiling(Crossings * Math.Max(1.0, (double)from / to));
        _places = Up <= MaxPlaces ? Up : InterpolatedPlaces;
        // The table of an interpolated filter has one row more than it has positions, because the interpolation reads the row of a position and the row after
        // it.
        var rows = _places == Up ? Up : _places + 1;
        _weights = new float[checked(rows * Taps)];
        for (var place = 0; place < rows; place++)
            Fill(_weights.AsSpan(place * Taps, Taps), (double)place / _places);
    }

    /// <summary>Gets the sample rate before the conversion in hertz.</summary>
    public int From { get; }

    /// <summary>Gets the sample rate after the conversion in hertz.</summary>
    public int To { get; }

    /// <summary>
    /// Gets the rate after the conversion divided by the common divisor of both rates. This is also the number of places that a new sample can have between two
    /// old ones.
    /// </summary>
    public int Up { get; }

    /// <summary>Gets the rate before the conversion divided by the common divisor of both rates.</summary>
    public int Down { get; }

    /// <summary>Gets the number of old samples on each side of a new one that have an effect on it.</summary>
    public int Half { get; }

    /// <summary>Gets the number of old samples that have an effect on a new one.</summary>
    public int Taps => 2 * Half;

    /// <summary>Creates the filter for two sample rates in hertz; null if the rates are equal.</summary>
    public static RateFilter? Create(int from, int to) => from == to ? null : new RateFilter(from, to);

    /// <summary>Gets the number of samples after the conversion of a number of samples.</summary>
    public static long Count(long samples, int from, int to)
    {
        var divisor = Divisor(from, to);
        var (up, down) = (to / divisor, from / divisor);
        return ((samples * up) + down - 1) / down;
    }

    /// <summary>Computes one new sample.</summary>
    /// <param name="samples">The old samples, <see cref="Taps"/> of them. The new one is at or behind the one with the index <see cref="Half"/> − 1.</param>
    /// <param name="place">The place between two old samples, less than <see cref="Up"/>.</param>
    public float Apply(ReadOnlySpan<float> samples, int place)
    {
        if (_places == Up)
            return TensorPrimitives.Dot(samples, Weights(place));
        var exact = (double)place * _places / Up;
        var lower = (int)exact;
        var part = (float)(exact - lower);
        var (first, second) = (TensorPrimitives.Dot(samples, Weights(lower)), TensorPrimitives.Dot(samples, Weights(lower + 1)));
        return first + (part * (second - first));
    }

    private ReadOnlySpan<float> Weights(int place) => _weights.AsSpan(place * Taps, Taps);

    private void Fill(Span<float> weights, double place)
    {
        var cutoff = Cutoff * Math.Min(1.0, (double)To / From);
        var values = new double[weights.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var distance = i - (Half - 1) - place;
            values[i] = Sinc(cutoff * distance) * Kaiser(distance / Half);
        }

        // The weights of each position are scaled so that their sum is 1, and a constant signal keeps its value.
        var sum = values.Sum();
        for (var i = 0; i < values.Length; i++)
            weights[i] = (float)(values[i] / sum);
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);

    private static double Kaiser(double x) => Math.Abs(x) > 1 ? 0 : Bessel(Beta * Math.Sqrt(1 - (x * x))) / Bessel(Beta);

    /// <summary>Returns the modified Bessel function of the first kind and the order 0, computed by its power series.</summary>
    private static double Bessel(double x)
    {
        var (sum, term) = (1.0, 1.0);
        for (var k = 1; term > sum * 1e-17; k++)
        {
            term *= x / (2 * k) * (x / (2 * k));
            sum += term;
        }

        return sum;
    }

    private static int Divisor(int a, int b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }
}
