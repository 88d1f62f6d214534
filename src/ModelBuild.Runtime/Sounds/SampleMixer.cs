using System.Numerics.Tensors;

namespace ModelBuild.Runtime.Sounds;

/// <summary>Combines several channels to one: each sample is the mean of the samples of all channels.</summary>
internal static class SampleMixer
{
    /// <summary>Writes the mean of the channels.</summary>
    /// <param name="samples">The samples: for each point in time one of each channel.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="mono">The means. Its length is the number of samples of each channel that are read.</param>
    public static void Mix(ReadOnlySpan<float> samples, int channels, Span<float> mono)
    {
        if (channels == 1)
        {
            samples[..mono.Length].CopyTo(mono);
        }
        else if (channels == 2)
        {
            for (var i = 0; i < mono.Length; i++)
                mono[i] = (samples[2 * i] + samples[(2 * i) + 1]) * 0.5f;
        }
        else
        {
            for (var i = 0; i < mono.Length; i++)
                mono[i] = TensorPrimitives.Sum(samples.Slice(i * channels, channels)) / channels;
        }
    }
}
