namespace ModelBuild.Protocol;

/// <summary>Represents the dimensions of an input that takes a recording. A size is 0 if it is dynamic.</summary>
/// <param name="IsBandsFirst">
/// Whether all frames of a band follow each other; false for samples and for inputs in which all bands of a frame follow each other.
/// </param>
/// <param name="Bands">The number of bands; 0 for samples.</param>
/// <param name="Length">The number of samples or frames.</param>
internal sealed record AudioDimensions(bool IsBandsFirst, int Bands, int Length)
{
    /// <summary>The largest number of dimensions of an audio input.</summary>
    public const int MaxRank = 4;

    private static readonly string[] _rateNames = ["sr", "rate", "sample_rate", "sampling_rate", "samplerate"];

    /// <summary>Finds the order of the dimensions by the bands of a description.</summary>
    /// <param name="description">The description.</param>
    /// <param name="sizes">The sizes that the model declares; null for a dynamic dimension.</param>
    public static AudioDimensions Of(AudioDescription description, IReadOnlyList<long?> sizes)
    {
        var last = Size(sizes, 1);
        if (description.Spectrum is not { } spectrum)
            return new AudioDimensions(false, 0, last);
        var before = Size(sizes, 2);
        // The second to last dimension counts the bands, unless only the size of the last dimension equals the number of bands.
        return sizes.Count < 2 || before == spectrum.Bands || last != spectrum.Bands
            ? new AudioDimensions(true, before, last)
            : new AudioDimensions(false, last, before);
    }

    /// <summary>Returns whether an input of one integer takes the sample rate, which is determined by its name.</summary>
    public static bool IsRate(string name) => _rateNames.Contains(name.ToLowerInvariant());

    private static int Size(IReadOnlyList<long?> sizes, int fromEnd) => sizes.Count >= fromEnd ? (int)(sizes[sizes.Count - fromEnd] ?? 0) : 0;
}
