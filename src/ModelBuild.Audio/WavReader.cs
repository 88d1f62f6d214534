namespace ModelBuild.Audio;

/// <summary>Reads the samples of a WAV file part by part, in constant memory. The stream need not be able to seek.</summary>
/// <remarks>
/// Supported are integers of 8, 16, 24 and 32 bits, floats of 32 and 64 bits, A-law and µ-law, with the header of RIFF, WAVE_FORMAT_EXTENSIBLE, RF64 and BW64.
/// If the header does not state the number of samples, because the file was written to a pipe, the samples end with the file.
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

    /// <summary>Initializes a new instance of the <see cref="WavReader"/> class, and reads the header of the file.</summary>
    /// <param name="stream">The file. It is read from its position on.</param>
    /// <param name="limits">The largest number of channels and the largest sample rate; null for the defaults. The number of samples has no limit here.</param>
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

    /// <summary>Opens a WAV file, and reads its header.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="limits">The largest number of channels and the largest sample rate; null for the defaults. The number of samples has no limit here.</param>
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

    /// <summary>Gets the number of samples of each channel; null if the header does not state it.</summary>
    public long? Length => _header.DataBytes / _header.BlockBytes;

    /// <summary>Reads the next samples of the file.</summary>
    /// <param name="samples">
    /// The buffer that receives the samples, −1 to 1. The samples of all channels at one point in time follow each other. It has room for at least one point in
    /// time.
    /// </param>
    /// <returns>
    /// The number of samples of all channels together; less than the length of the buffer only at the end of the file or if the length is not a multiple of the
    /// number of channels, and 0 if there are no more.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="samples"/> has no room for one sample of each channel.</exception>
    /// <exception cref="SoundException">The file has fewer samples than its header states.</exception>
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

    /// <summary>Closes the file, unless the reader was created with the option to leave its stream open.</summary>
    public void Dispose()
    {
        if (!_leaveOpen)
            _stream.Dispose();
    }

    /// <summary>
    /// Gets the number of samples of all channels that the file has, for use before the first sample is read; null for a stream that cannot seek.
    /// </summary>
    internal long? KnownSamples => _stream.CanSeek ? (_header.DataBytes ?? (_stream.Length - _stream.Position)) / _header.BlockBytes * Channels : null;

    private int ReadBlocks(int blocks)
    {
        var wanted = Math.Min((long)blocks * _header.BlockBytes, _buffer.Length);
        if (_header.DataBytes is { } all)
            // An incomplete block, without a sample of every channel, at the end of the data is ignored.
            wanted = Math.Min(wanted, (all - _read) / _header.BlockBytes * _header.BlockBytes);
        var read = _stream.ReadAtLeast(_buffer.AsSpan(0, (int)wanted), (int)wanted, throwOnEndOfStream: false);
        _read += read;
        if (_header.DataBytes is { } bytes && read < wanted)
            throw Truncated(bytes, _read);
        return read / _header.BlockBytes;
    }

    private SoundException Truncated(long said, long there) => new($"It is truncated: its header says {said} bytes of samples, and {there} are there.", _path);
}
