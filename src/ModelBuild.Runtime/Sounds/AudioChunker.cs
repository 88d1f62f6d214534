using ModelBuild.Runtime.Sounds;

namespace ModelBuild.Runtime;

/// <summary>
/// Cuts a stream of samples into chunks for a model that takes a stream, such as one that detects speech. Samples are passed in any number, at any rate and
/// with any number of channels, and those that are left are kept for the next chunk.
/// </summary>
/// <remarks>
/// <para>The description of the preparation contains <c>chunk</c>. An instance belongs to one stream and to one thread at a time, and a chunk allocates
/// nothing.</para>
/// <code>
/// var chunker = new AudioChunker(preparation, rate: 44100);
/// while (chunker.Read(ref samples, tensor))
///     Run(tensor);
/// </code>
/// </remarks>
public sealed class AudioChunker
{
    private readonly AudioPreparation _preparation;
    private readonly int _channels;
    private readonly RateStream? _converter;
    private readonly float[] _samples;
    private int _count;

    /// <summary>Initializes a new instance of the <see cref="AudioChunker"/> class for one stream.</summary>
    /// <param name="preparation">The preparation, whose description contains <c>chunk</c>.</param>
    /// <param name="rate">The sample rate of the stream in hertz, 1 to 384 000.</param>
    /// <param name="channels">The number of channels of the stream, which are averaged.</param>
    /// <exception cref="ArgumentException">The description of the preparation does not contain <c>chunk</c>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate or the number of channels is out of range.</exception>
    public AudioChunker(AudioPreparation preparation, int rate, int channels = 1)
    {
        ArgumentNullException.ThrowIfNull(preparation);
        AudioPreparation.RequireRate(rate);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        if (preparation.ChunkSamples == 0)
            throw new ArgumentException("The model takes whole recordings: its description has no 'chunk'.", nameof(preparation));
        (_preparation, _channels) = (preparation, channels);
        _converter = preparation.Filter(rate) is { } filter ? new RateStream(filter, channels) : null;
        _samples = new float[preparation.ContextSamples + preparation.ChunkSamples];
        Size = preparation.ChunkSize;
        Reset();
    }

    /// <summary>Gets the size of the tensor of a chunk.</summary>
    public AudioSize Size { get; }

    /// <summary>Gets the duration of the new samples of a chunk in seconds.</summary>
    public double ChunkSeconds => (double)_preparation.ChunkSamples / _preparation.Rate;

    /// <summary>Reads samples until a chunk is full, and writes the chunk into a tensor of 32-bit floats.</summary>
    /// <param name="samples">The next samples, −1 to 1: for each point in time one of each channel. Those that were taken are removed.</param>
    /// <param name="destination">The elements of the tensor, exactly as many as <see cref="Size"/> says.</param>
    /// <returns>True if the tensor contains the next chunk; false if all samples were taken and the next chunk is not full.</returns>
    /// <exception cref="ArgumentException">
    /// There is not one sample of each channel for each point in time, or <paramref name="destination"/> does not have the length of the tensor.
    /// </exception>
    public bool Read(ref ReadOnlySpan<float> samples, Span<float> destination) => ReadAny(ref samples, destination);

    /// <summary>Reads samples until a chunk is full, and writes the chunk into a tensor of 16-bit floats.</summary>
    /// <param name="samples">The next samples, −1 to 1: for each point in time one of each channel. Those that were taken are removed.</param>
    /// <param name="destination">The elements of the tensor, exactly as many as <see cref="Size"/> says.</param>
    /// <returns>True if the tensor contains the next chunk; false if all samples were taken and the next chunk is not full.</returns>
    /// <exception cref="ArgumentException">
    /// There is not one sample of each channel for each point in time, or <paramref name="destination"/> does not have the length of the tensor.
    /// </exception>
    public bool Read(ref ReadOnlySpan<float> samples, Span<Half> destination) => ReadAny(ref samples, destination);

    /// <summary>Writes a chunk of the samples at the end of the stream into a tensor of 32-bit floats. The last chunk is filled with zeros.</summary>
    /// <param name="destination">The elements of the tensor, exactly as many as <see cref="Size"/> says.</param>
    /// <returns>True if the tensor contains the next chunk; false if no sample is left, and the chunker is ready for another stream.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> does not have the length of the tensor.</exception>
    public bool Finish(Span<float> destination) => FinishAny(destination);

    /// <summary>Writes a chunk of the samples at the end of the stream into a tensor of 16-bit floats. The last chunk is filled with zeros.</summary>
    /// <param name="destination">The elements of the tensor, exactly as many as <see cref="Size"/> says.</param>
    /// <returns>True if the tensor contains the next chunk; false if no sample is left, and the chunker is ready for another stream.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> does not have the length of the tensor.</exception>
    public bool Finish(Span<Half> destination) => FinishAny(destination);

    /// <summary>Removes all samples that are kept. The next samples are the start of another stream.</summary>
    public void Reset()
    {
        // The context before the first chunk is zero, because the stream is silent before its start.
        _samples.AsSpan(0, _preparation.ContextSamples).Clear();
        _count = _preparation.ContextSamples;
        _converter?.Reset();
    }

    private bool ReadAny<T>(ref ReadOnlySpan<float> samples, Span<T> destination)
        where T : unmanaged
    {
        AudioPreparation.RequireChannels(samples, _channels);
        RequireLength(destination.Length);
        var room = _samples.AsSpan(_count);
        if (_converter is not null)
        {
            _count += _converter.Convert(ref samples, room);
        }
        else
        {
            var taken = Math.Min(room.Length, samples.Length / _channels);
            SampleMixer.Mix(samples, _channels, room[..taken]);
            samples = samples[(taken * _channels)..];
            _count += taken;
        }

        if (_count < _samples.Length)
            return false;
        Write(destination);
        return true;
    }

    private bool FinishAny<T>(Span<T> destination)
        where T : unmanaged
    {
        RequireLength(destination.Length);
        _count += _converter?.Finish(_samples.AsSpan(_count)) ?? 0;
        if (_count == _preparation.ContextSamples)
        {
            Reset();
            return false;
        }

        _samples.AsSpan(_count).Clear();
        Write(destination);
        return true;
    }

    private void Write<T>(Span<T> destination)
        where T : unmanaged
    {
        _preparation.WriteChunk(_samples, destination);
        var context = _preparation.ContextSamples;
        _samples.AsSpan(_samples.Length - context).CopyTo(_samples);
        _count = context;
    }

    private void RequireLength(int length)
    {
        if (length != Size.Elements)
            throw new ArgumentException($"The tensor of a chunk has {Size.Elements} elements; the destination has {length}.");
    }
}
