using System.Numerics.Tensors;

namespace ModelBuild.Runtime.Sounds;

/// <summary>Applies the steps of a description that change samples: factor, normalization and pre-emphasis.</summary>
internal static class SampleValues
{
    private const double NormalizationEpsilon = 1e-7;

    /// <summary>Applies the factor, normalization and pre-emphasis of a description to samples.</summary>
    /// <param name="description">The description.</param>
    /// <param name="samples">The samples of the recording, without padding.</param>
    public static void Apply(AudioDescription description, Span<float> samples)
    {
        if (description.Scale != 1)
            TensorPrimitives.Multiply(samples, (float)description.Scale, samples);
        if (description.IsNormalized)
            Normalize(samples);
        if (description.Preemphasis != 0)
            Preemphasis.Apply(samples, (float)description.Preemphasis);
    }

    private static void Normalize(Span<float> samples)
    {
        var sum = 0.0;
        foreach (var sample in samples)
            sum += sample;
        var mean = sum / samples.Length;
        var squares = 0.0;
        foreach (var sample in samples)
            squares += (sample - mean) * (sample - mean);
        var deviation = Math.Sqrt((squares / samples.Length) + NormalizationEpsilon);
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (float)((samples[i] - mean) / deviation);
    }
}
