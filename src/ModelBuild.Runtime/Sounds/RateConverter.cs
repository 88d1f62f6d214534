namespace ModelBuild.Runtime.Sounds;

/// <summary>Converts a whole recording to one channel with another sample rate.</summary>
internal static class RateConverter
{
    /// <summary>Writes the first samples of the converted recording.</summary>
    /// <param name="filter">The filter; null if the rate does not change.</param>
    /// <param name="samples">The samples: for each point in time one of each channel.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="converted">The new samples. Its length is at most the number of samples of the converted recording.</param>
    public static void Convert(RateFilter? filter, ReadOnlySpan<float> samples, int channels, Span<float> converted)
    {
        if (filter is null)
        {
            SampleMixer.Mix(samples, channels, converted);
            return;
        }

        // The recording counts as silent before its start and after its end.
        var half = filter.Half;
        var used = (int)Math.Min(samples.Length / channels, ((long)converted.Length * filter.Down / filter.Up) + half + 1);
        using var buffer = new FloatBuffer(checked(used + (2 * half)));
        var padded = buffer.Span;
        padded[..half].Clear();
        SampleMixer.Mix(samples, channels, padded.Slice(half, used));
        padded[(half + used)..].Clear();
        var (start, place) = (1, 0);
        for (var i = 0; i < converted.Length; i++)
        {
            converted[i] = filter.Apply(padded.Slice(start, filter.Taps), place);
            place += filter.Down;
            start += place / filter.Up;
            place %= filter.Up;
        }
    }
}
