using System.Runtime.InteropServices;

namespace ModelBuild.Audio;

/// <summary>Represents a sound recording by its samples, its sample rate and its channels.</summary>
public sealed class Sound
{
    private const int MaxChannels = 8192;

    private readonly ReadOnlyMemory<float> _samples;

    /// <summary>Initializes a new instance of the <see cref="Sound"/> class with samples, which are not copied.</summary>
    /// <param name="samples">The samples, −1 to 1. The samples of all channels at one point in time follow each other.</param>
    /// <param name="rate">The sample rate in hertz.</param>
    /// <param name="channels">The number of channels, 1 to 8192.</param>
    /// <exception cref="ArgumentException">There is not one sample of each channel for each point in time.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate or the number of channels is out of range.</exception>
    public Sound(ReadOnlyMemory<float> samples, int rate, int channels = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rate, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, MaxChannels);
        if (samples.Length % channels != 0)
            throw new ArgumentException($"{samples.Length} samples are not the samples of {channels} channels.", nameof(samples));
        (_samples, Rate, Channels) = (samples, rate, channels);
    }

    /// <summary>Gets the samples, −1 to 1. The samples of all channels at one point in time follow each other.</summary>
    public ReadOnlySpan<float> Samples => _samples.Span;

    /// <summary>Gets the sample rate in hertz.</summary>
    public int Rate { get; }

    /// <summary>Gets the number of channels.</summary>
    public int Channels { get; }

    /// <summary>Gets the number of samples of each channel.</summary>
    public int Length => _samples.Length / Channels;

    /// <summary>Gets the duration of the recording.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds((double)Length / Rate);

    /// <summary>Reads a WAV file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>The recording.</returns>
    /// <exception cref="SoundException">The file is not a supported WAV file, has no samples, is damaged or truncated, or exceeds the limits.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static Sound Load(string path) => Load(path, new SoundLimits());

    /// <summary>Reads a WAV file with other limits than the defaults.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="limits">The limits.</param>
    /// <returns>The recording.</returns>
    /// <exception cref="SoundException">The file is not a supported WAV file, has no samples, is damaged or truncated, or exceeds the limits.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static Sound Load(string path, SoundLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        using var reader = WavReader.Open(path, limits);
        return SoundLoader.Load(reader, limits, path);
    }

    /// <summary>Reads a WAV file from a stream, which stays open.</summary>
    /// <param name="stream">The file. It is read from its position on.</param>
    /// <returns>The recording.</returns>
    /// <exception cref="SoundException">The file is not a supported WAV file, has no samples, is damaged or truncated, or exceeds the limits.</exception>
    public static Sound Load(Stream stream) => Load(stream, new SoundLimits());

    /// <summary>Reads a WAV file from a stream, which stays open, with other limits than the defaults.</summary>
    /// <param name="stream">The file. It is read from its position on.</param>
    /// <param name="limits">The limits.</param>
    /// <returns>The recording.</returns>
    /// <exception cref="SoundException">The file is not a supported WAV file, has no samples, is damaged or truncated, or exceeds the limits.</exception>
    public static Sound Load(Stream stream, SoundLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        using var reader = new WavReader(stream, limits, leaveOpen: true);
        return SoundLoader.Load(reader, limits, path: null);
    }

    /// <summary>Reads a WAV file from memory.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <returns>The recording.</returns>
    /// <exception cref="SoundException">The file is not a supported WAV file, has no samples, is damaged or truncated, or exceeds the limits.</exception>
    public static Sound Load(ReadOnlyMemory<byte> file) => Load(file, new SoundLimits());

    /// <summary>Reads a WAV file from memory with other limits than the defaults.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="limits">The limits.</param>
    /// <returns>The recording.</returns>
    /// <exception cref="SoundException">The file is not a supported WAV file, has no samples, is damaged or truncated, or exceeds the limits.</exception>
    public static Sound Load(ReadOnlyMemory<byte> file, SoundLimits limits)
    {
        var bytes = MemoryMarshal.TryGetArray(file, out var segment) ? segment : new ArraySegment<byte>(file.ToArray());
        using var stream = new MemoryStream(bytes.Array ?? [], bytes.Offset, bytes.Count, writable: false);
        return Load(stream, limits);
    }

    /// <summary>
    /// Returns the mean of all channels as a recording with one channel. For a recording with one channel, the method returns the same instance.
    /// </summary>
    /// <returns>The recording with one channel.</returns>
    public Sound Mono()
    {
        if (Channels == 1)
            return this;
        var all = Samples;
        var mono = new float[Length];
        for (var i = 0; i < mono.Length; i++)
        {
            var sum = 0f;
            foreach (var sample in all.Slice(i * Channels, Channels))
                sum += sample;
            mono[i] = sum / Channels;
        }

        return new Sound(mono, Rate);
    }

    /// <summary>Writes a WAV file with 16-bit integers. If the file already exists, it is replaced.</summary>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="NotSupportedException">The file would have more than 4 GiB.</exception>
    public void Save(string path) => Save(path, SoundEncoding.Pcm16);

    /// <summary>Writes a WAV file. If the file already exists, it is replaced.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="encoding">The number format of the samples.</param>
    /// <exception cref="ArgumentOutOfRangeException">The encoding is unknown.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="NotSupportedException">The file would have more than 4 GiB.</exception>
    public void Save(string path, SoundEncoding encoding)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RequireKnown(encoding);
        using var stream = File.Create(path);
        Save(stream, encoding);
    }

    /// <summary>Writes the recording as a WAV file to a stream, which stays open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="encoding">The number format of the samples.</param>
    /// <exception cref="ArgumentOutOfRangeException">The encoding is unknown.</exception>
    /// <exception cref="NotSupportedException">The file would have more than 4 GiB.</exception>
    public void Save(Stream stream, SoundEncoding encoding)
    {
        ArgumentNullException.ThrowIfNull(stream);
        RequireKnown(encoding);
        WavWriter.Write(stream, Samples, Rate, Channels, encoding);
    }

    private static void RequireKnown(SoundEncoding encoding)
    {
        if (!Enum.IsDefined(encoding))
            throw new ArgumentOutOfRangeException(nameof(encoding), encoding, "The encoding is unknown.");
    }
}
