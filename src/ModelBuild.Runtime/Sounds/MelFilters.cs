using System.Numerics;

namespace ModelBuild.Runtime.Sounds;

/// <summary>Contains the triangular filters that convert a spectrum to mel bands.</summary>
internal sealed class MelFilters
{
    /// <summary>The frequency in hertz from which Slaney's scale is logarithmic.</summary>
    private const double SlaneyCorner = 1000;

    /// <summary>The number of hertz of one mel in the linear part of Slaney's scale, below 1000 Hz.</summary>
    private const double SlaneyStep = 200.0 / 3;

    /// <summary>The step of the logarithmic part of Slaney's scale, above 1000 Hz: 27 steps are a factor of 6.4.</summary>
    private static readonly double _slaneyLogStep = Math.Log(6.4) / 27;

    private readonly int[] _starts;
    private readonly float[][] _weights;

    /// <summary>Initializes a new instance of the <see cref="MelFilters"/> class, which computes the triangles.</summary>
    /// <param name="mel">The bands.</param>
    /// <param name="fftLength">The length of the transform.</param>
    /// <param name="rate">The sample rate in hertz.</param>
    public MelFilters(AudioMel mel, int fftLength, int rate)
    {
        _starts = new int[mel.Bands];
        _weights = new float[mel.Bands][];
        var (low, high) = (ToMel(mel.MinFrequency, mel.Scale), ToMel(mel.MaxFrequency, mel.Scale));
        var isLinearInMel = mel.Scale == MelScale.Kaldi;
        var edges = new double[mel.Bands + 2];
        for (var i = 0; i < edges.Length; i++)
        {
            var edge = low + ((high - low) * i / (mel.Bands + 1));
            edges[i] = isLinearInMel ? edge : ToHertz(edge, mel.Scale);
        }

        var bins = new double[(fftLength / 2) + 1];
        for (var i = 0; i < bins.Length; i++)
        {
            var frequency = (double)rate * i / fftLength;
            bins[i] = isLinearInMel ? ToMel(frequency, mel.Scale) : frequency;
        }

        for (var band = 0; band < mel.Bands; band++)
        {
            var (left, middle, right) = (edges[band], edges[band + 1], edges[band + 2]);
            var height = mel.HasUnitArea ? 2 / (right - left) : 1;
            var start = Array.FindIndex(bins, bin => bin > left);
            var end = Array.FindIndex(bins, bin => bin >= right);
            _starts[band] = Math.Max(start, 0);
            var count = start < 0 ? 0 : (end < 0 ? bins.Length : end) - start;
            _weights[band] = new float[count];
            for (var i = 0; i < count; i++)
                _weights[band][i] = (float)(height * Math.Min((bins[start + i] - left) / (middle - left), (right - bins[start + i]) / (right - middle)));
        }
    }

    /// <summary>Gets the number of bands.</summary>
    public int Bands => _starts.Length;

    /// <summary>Gets the first element of the spectrum that belongs to a band.</summary>
    public int Start(int band) => _starts[band];

    /// <summary>Gets the weights of the elements of a band.</summary>
    public ReadOnlySpan<float> Weights(int band) => _weights[band];

    /// <summary>Computes the value of a band for several spectra.</summary>
    /// <param name="spectra">The spectra, one in each element of the vectors.</param>
    /// <param name="band">The band.</param>
    public Vector<float> Apply(ReadOnlySpan<Vector<float>> spectra, int band)
    {
        var weights = _weights[band];
        spectra = spectra.Slice(_starts[band], weights.Length);
        var sum = Vector<float>.Zero;
        for (var i = 0; i < weights.Length; i++)
            sum += spectra[i] * weights[i];
        return sum;
    }

    private static double ToMel(double hertz, MelScale scale) =>
        scale switch
        {
            MelScale.Slaney when hertz < SlaneyCorner => hertz / SlaneyStep,
            MelScale.Slaney => (SlaneyCorner / SlaneyStep) + (Math.Log(hertz / SlaneyCorner) / _slaneyLogStep),
            MelScale.Htk => 2595 * Math.Log10(1 + (hertz / 700)),
            _ => 1127 * Math.Log(1 + (hertz / 700)),
        };

    private static double ToHertz(double mel, MelScale scale) =>
        scale switch
        {
            MelScale.Slaney when mel < SlaneyCorner / SlaneyStep => mel * SlaneyStep,
            MelScale.Slaney => SlaneyCorner * Math.Exp((mel - (SlaneyCorner / SlaneyStep)) * _slaneyLogStep),
            _ => 700 * (Math.Pow(10, mel / 2595) - 1),
        };
}
