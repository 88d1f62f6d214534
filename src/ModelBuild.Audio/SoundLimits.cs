namespace ModelBuild.Audio;

/// <summary>
/// Represents the largest sizes of sound files that are read. A larger file causes a <see cref="SoundException"/> before memory is allocated for it.
/// </summary>
public sealed record SoundLimits
{
    /// <summary>Gets the largest number of samples of all channels together; 268 435 456 by default, which take 1 GiB of memory.</summary>
    public long MaxSamples { get; init; } = 1L << 28;

    /// <summary>Gets the largest number of channels; 64 by default.</summary>
    public int MaxChannels { get; init; } = 64;

    /// <summary>Gets the largest sample rate in hertz; 768 000 by default.</summary>
    public int MaxRate { get; init; } = 768_000;
}
