namespace ModelBuild.Runtime.Sounds;

/// <summary>Provides the filter that emphasizes high frequencies by subtracting a part of the previous sample from each sample.</summary>
internal static class Preemphasis
{
    /// <summary>Applies the filter to samples in place. The first sample is not changed.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="factor">The part of the previous sample that is subtracted.</param>
    public static void Apply(Span<float> samples, float factor)
    {
        for (var i = samples.Length - 1; i > 0; i--)
            samples[i] -= factor * samples[i - 1];
    }
}
