namespace ModelBuild.Audio;

/// <summary>Reads the samples of a WAV file part by part, in constant memory. It does not need to seek.</summary>
/// <remarks>
/// Supported are integers of 8, 16, 24 and 32 bits, floats of 32 and 64 bits, A-law and µ-law, with the header of RIFF, WAVE_FORMAT_EXTENSIBLE, RF64 and BW64.
/// If the header does not say how many samples there are, because it was written into a pipe, they end with the file.
/// </remarks>
public sealed class WavReader : IDisposable
{
    private const int BufferBytes = 65_536;

    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly string? _path;
    private readonly WavHeader _header;
    private readonly byte[] _buffer;
    private long _read;

    /// <summary>Initializes a reader, and reads the header of the file.</summary>
    /// <param name="stream">The file. It is read from its position on.</param>
    /// <param name="limits">The greatest number of channels and the greatest rate; null for the defaults. The number of samples has no limit here.</param>
    /// <param name="leaveOpen">Whether <see cref="Dispose"/> leaves the stream open.</param>
    /// <exception cref="SoundException">The file is not a supported WAV file, or it is damaged or truncated.</exception>
    public WavReader(Stream stream, SoundLimits? limits = null, bool leaveOpen = false)
        : this(stream, limits, leaveOpen, path: null) { }

    private WavReader(Stream stream, SoundLimits? limits, bool leaveOpen, string? path)
    {
        ArgumentNullException.ThrowIfNull(stream);
        (_stream, _leaveOpen, _path) = (stream, leaveOpen, path);
        _header = new WavHeaderReader(stream, limits ?? new SoundLimits(), path).Read();
        if (_header.DataBytes is { } bytes && stream.CanSeek && stream.Length - stream.Position is var left && bytes > left)
            throw Truncated(bytes, left);
        _buffer = new byte[Math.Max(BufferBytes / _header.BlockBytes, 1) * _header.BlockBytes];
    }

    /// <summary>Opens a file, and reads its header.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="limits">The greatest number of channels and the greatest rate; null for the defaults. The number of samples has no limit here.</param>
    /// <returns>The reader.</returns>
    /// <exception cref="SoundException">The file is not a supported WAV file, or it is damaged or truncated.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static WavReader Open(string path, SoundLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var stream = File.OpenRead(path);
        try
        {
            return new WavReader(stream, limits, leaveOpen: false, path);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Gets the sample rate in hertz.</summary>
    public int Rate => _header.Rate;

    /// <summary>Gets the number of channels.</summary>
    public int Channels => _header.Channels;

    /// <summary>Gets the number of samples of each channel; null if the header does not say it.</summary>
    public long? Length => _header.DataBytes / _header.BlockBytes;

    /// <summary>Reads the next samples.</summary>
    /// <param name="samples">The room for samples of at least one point in time. The samples are −1 to 1: for each point in time one of each channel.</param>
    /// <returns>The number of samples of all channels together; less than the room only at the end of the file, and 0 if there are no more.</returns>
    /// <exception cref="ArgumentException"><paramref name="samples"/> has no room for one sample of each channel.</exception>
    /// <exception cref="SoundException">The file ends before the samples of which its header says that they are there.</exception>
    public int Read(Span<float> samples)
    {
        if (samples.Length < Channels)
            throw new ArgumentException($"There is no room for one sample of each of the {Channels} channels.", nameof(samples));
        var wanted = samples.Length - (samples.Length % Channels);
        var written = 0;
        while (written < wanted)
        {
            var count = ReadBlocks((wanted - written) / Channels) * Channels;
            if (count == 0)
                break;
            SampleDecoder.Decode(_header.Kind, _header.Width, _buffer, samples.Slice(written, count));
            written += count;
        }

        return written;
    }

    /// <summary>Releases the file.</summary>
    public void Dispose()
    {
        if (!_leaveOpen)
            _stream.Dispose();
    }

    /// <summary>Gets the number of samples of all channels that are there, before the first of them is read; null for a stream that cannot seek.</summary>
    internal long? KnownSamples => _stream.CanSeek ? (_header.DataBytes ?? (_stream.Length - _stream.Position)) / _header.BlockBytes * Channels : null;

    private int ReadBlocks(int blocks)
    {
        var wanted = Math.Min((long)blocks * _header.BlockBytes, _buffer.Length);
        if (_header.DataBytes is { } all)
            // An incomplete block at the end of the data is ignored.
            wanted = Math.Min(wanted, (all - _read) / _header.BlockBytes * _header.BlockBytes);
        var read = _stream.ReadAtLeast(_buffer.AsSpan(0, (int)wanted), (int)wanted, throwOnEndOfStream: false);
        _read += read;
        if (_header.DataBytes is { } bytes && read < wanted)
            throw Truncated(bytes, _read);
        return read / _header.BlockBytes;
    }

    private SoundException Truncated(long said, long there) => new($"It is truncated: its header says {said} bytes of samples, and {there} are there.", _path);
}
