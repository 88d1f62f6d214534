namespace ModelBuild.Audio;

/// <summary>Reads all samples of a WAV file into memory.</summary>
internal static class SoundLoader
{
    // The number of samples that memory is first allocated for if the stream cannot seek. The memory then grows with the samples that are read, because the
    // header alone does not prove how many samples follow.
    private const int FirstSamples = 65_536;

    /// <summary>Reads all samples of a file as a recording.</summary>
    /// <exception cref="SoundException">The file has no samples, more samples than allowed, or fewer than its header says.</exception>
    public static Sound Load(WavReader reader, SoundLimits limits, string? path)
    {
        var most = Math.Min(limits.MaxSamples, Array.MaxLength);
        var known = reader.KnownSamples;
        if ((known ?? reader.Length * reader.Channels) > most)
            throw TooMany(most, path);
        var samples = known is { } all ? ReadKnown(reader, (int)all) : ReadUnknown(reader, (int)most, path);
        return samples.Length > 0 ? new Sound(samples, reader.Rate, reader.Channels) : throw new SoundException("It has no samples.", path);
    }

    private static Memory<float> ReadKnown(WavReader reader, int count)
    {
        var samples = new float[count];
        return count == 0 ? samples : samples.AsMemory(0, reader.Read(samples));
    }

    private static Memory<float> ReadUnknown(WavReader reader, int most, string? path)
    {
        var samples = new float[Math.Max(FirstSamples, reader.Channels)];
        var count = 0;
        while (reader.Read(samples.AsSpan(count)) is > 0 and var read)
        {
            count += read;
            if (count > most)
                throw TooMany(most, path);
            // The buffer always has space for one more frame, so that the next read returns 0 only at the end of the file.
            if (samples.Length - count < reader.Channels)
                Array.Resize(ref samples, (int)Math.Min(Math.Max(2L * count, count + reader.Channels), Array.MaxLength));
        }

        return samples.AsMemory(0, count);
    }

    private static SoundException TooMany(long most, string? path) =>
        new($"It has more than {most} samples of all channels together, which is the limit. Read it with WavReader, or set SoundLimits.", path);
}
