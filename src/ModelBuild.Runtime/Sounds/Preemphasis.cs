namespace ModelBuild.Runtime.Sounds;

/// <summary>The filter that emphasizes high frequencies: a part of the sample before is subtracted from each sample.</summary>
internal static class Preemphasis
{
    /// <summary>Applies the filter. The first sample stays as it is.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="factor">The part of the sample before.</param>
    public static void Apply(Span<float> samples, float factor)
    {
        for (var i = samples.Length - 1; i > 0; i--)
            samples[i] -= factor * samples[i - 1];
    }
}
