using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ModelBuild.Runtime.Sounds;

namespace ModelBuild.Runtime;

/// <summary>
/// Prepares recordings as the input of a model: converts the sample rate, mixes the channels, cuts or pads, and computes spectra, mel bands and their
/// logarithm. One line of text describes the steps.
/// </summary>
/// <remarks>
/// <para>A description has these steps in this order. All of them except <c>rate</c> are optional.</para>
/// <list type="bullet">
/// <item><description><c>rate(hz)</c>: the sample rate of the model. Recordings of another rate are converted, and channels are averaged.</description></item>
/// <item><description><c>scale(x)</c>: multiplies the samples, which are between −1 and 1 at first.</description></item>
/// <item><description><c>mean-variance</c>: gives the samples of a recording the mean 0 and the variance 1, as Wav2Vec2 does.</description></item>
/// <item><description><c>preemphasis(x)</c>: subtracts x times the sample before from each sample.</description></item>
/// <item><description><c>length(s)</c>: cuts recordings to this time in seconds, or pads them with zeros. <c>chunk(n)</c> instead: the model takes a stream in
/// chunks of n samples, and <c>context(k)</c> puts the k samples before in front of each. <see cref="AudioChunker"/> makes the chunks.</description></item>
/// <item><description><c>stft(n, hop)</c>: spectra of frames. <c>mel(bands, n, hop)</c>: mel bands of them. Both have <c>window=</c> (<c>hann</c>,
/// <c>hamming</c>, <c>hann-symmetric</c>, <c>hamming-symmetric</c>, <c>povey</c>, <c>rectangular</c>), <c>frame=</c> (the samples of a frame, n by default),
/// <c>center=</c> (<c>reflect</c>, <c>zero</c>, or <c>false</c>), <c>drop-last=</c> and <c>power=</c> (2 or 1); <c>mel</c> also has <c>fmin=</c>,
/// <c>fmax=</c>, <c>scale=</c> (<c>slaney</c>, <c>htk</c>, <c>kaldi</c>) and <c>norm=</c> (<c>slaney</c>, <c>none</c>). <c>fbank(bands, frame, hop)</c>: the
/// filter banks of Kaldi without dither, with <c>window=</c>, <c>fmin=</c> and <c>fmax=</c>.</description></item>
/// <item><description><c>log</c>, <c>log10</c>, <c>db</c>: the logarithm of at least 1e-10, or of at least the number in parentheses; <c>add=</c> adds a number
/// instead, and <c>db(top=80)</c> limits the distance to the maximum. <c>whisper</c>: the logarithm of Whisper.</description></item>
/// <item><description><c>cmn</c> subtracts the mean of each band over all frames; <c>mean-variance</c> here also divides by its standard
/// deviation.</description></item>
/// <item><description><c>frames(n)</c>: cuts the spectrum to n frames, or pads it with zeros.</description></item>
/// <item><description><c>mean(x)</c> subtracts, <c>std(x)</c> divides.</description></item>
/// </list>
/// <para>
/// Examples: <c>rate(16000) length(30) mel(80, 400, 160, drop-last=true) whisper</c>, <c>rate(16000) chunk(512) context(64)</c>,
/// <c>rate(16000) mean-variance</c>.
/// </para>
/// <para>Any number of threads can use one instance. A call allocates nothing if the recording before had the same rate and no more samples.</para>
/// </remarks>
public sealed class AudioPreparation
{
    private readonly AudioDescription _description;
    private readonly SpectrumPlan? _spectrum;
    private volatile RateFilter? _filter;

    /// <summary>Initializes a new instance of the <see cref="AudioPreparation"/> class for one input of a model.</summary>
    /// <param name="description">The description, such as <c>rate(16000) mel(80, 400, 160) log</c>.</param>
    /// <param name="layout">The kind and the order of the elements of the input.</param>
    /// <param name="bands">The number of bands that the model declares; 0 for a dynamic dimension, and for a model that takes samples.</param>
    /// <param name="length">The number of samples or frames that the model declares; 0 for a dynamic dimension.</param>
    /// <exception cref="ArgumentException">The description has a mistake, or it contradicts the dimensions of the model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is negative, or the layout is unknown.</exception>
    public AudioPreparation(string description, AudioLayout layout, int bands = 0, int length = 0)
    {
        ArgumentNullException.ThrowIfNull(description);
        ArgumentOutOfRangeException.ThrowIfNegative(bands);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (!Enum.IsDefined(layout))
            throw new ArgumentOutOfRangeException(nameof(layout), layout, "The layout is unknown.");
        try
        {
            _description = AudioDescriptionParser.Parse(description);
        }
        catch (DescriptionException mistake)
        {
            throw new ArgumentException(mistake.Message, nameof(description), mistake);
        }

        Layout = layout;
        if (AudioContradictions.Find(_description, layout != AudioLayout.Samples, bands, length) is { } contradiction)
            throw new ArgumentException($"The description '{description}' contradicts the model: {contradiction}", nameof(description));
        if (_description.Spectrum is { } spectrum)
            _spectrum = new SpectrumPlan(spectrum, _description.Rate);
    }

    /// <summary>Gets the kind and the order of the elements of the input.</summary>
    public AudioLayout Layout { get; }

    /// <summary>Gets the sample rate of the model in hertz.</summary>
    public int Rate => _description.Rate;

    /// <summary>Gets the number of new samples in each chunk of a stream, at the rate of the model; 0 for a model that takes whole recordings.</summary>
    public int ChunkSamples => _description.Chunk?.Samples ?? 0;

    /// <summary>Gets the number of earlier samples that precede the new samples of a chunk in the input, at the rate of the model.</summary>
    public int ContextSamples => _description.Chunk?.Context ?? 0;

    /// <summary>Gets the size of a prepared recording.</summary>
    /// <param name="samples">The number of samples of each channel.</param>
    /// <param name="rate">The sample rate of the recording in hertz, 1 to 384 000.</param>
    /// <returns>The size, whose product is the number of elements of the tensor.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of samples is less than 1, or the rate is out of range.</exception>
    /// <exception cref="ArgumentException">
    /// The recording is shorter than one frame or longer than one chunk, or the tensor would have more elements than an array can have.
    /// </exception>
    public AudioSize Size(int samples, int rate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        RequireRate(rate);
        var length = RateFilter.Count(samples, rate, Rate);
        if (_description.Chunk is { } chunk && length > chunk.Samples)
            throw new ArgumentException(
                $"The recording has {length} samples at {Rate} Hz, and the model takes chunks of {chunk.Samples}. Use an AudioChunker, which makes the chunks.",
                nameof(samples)
            );
        length = _description.FixedSamples ?? length;
        if (length > Array.MaxLength)
            throw new ArgumentException($"A recording of {samples} samples at {rate} Hz has {length} at {Rate} Hz, which is too many for a tensor.");
        if (_description.Spectrum is not { } spectrum)
            return new AudioSize(1, (int)length);
        var frames = spectrum.Frames((int)length);
        if (frames == 0)
            throw new ArgumentException($"The recording has {length} samples at {Rate} Hz, which is less than one frame.", nameof(samples));
        frames = _description.Frames ?? frames;
        return (long)frames * spectrum.Bands <= Array.MaxLength
            ? new AudioSize(spectrum.Bands, frames)
            : throw new ArgumentException($"A spectrum with {spectrum.Bands} bands and {frames} frames is too large for a tensor.");
    }

    /// <summary>Writes a prepared recording into a tensor of 32-bit floats.</summary>
    /// <param name="samples">The samples, −1 to 1: for each point in time one of each channel. A model with chunks gets one chunk without context.</param>
    /// <param name="rate">The sample rate of the recording in hertz, 1 to 384 000.</param>
    /// <param name="channels">The number of channels, which are averaged.</param>
    /// <param name="destination">The elements of the tensor, exactly as many as <see cref="Size"/> says.</param>
    /// <exception cref="ArgumentException">
    /// The recording is empty, shorter than one frame, or longer than one chunk; it does not have one sample of each channel for each point in time; or
    /// <paramref name="destination"/> does not have the length of the tensor.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate or the number of channels is out of range.</exception>
    public void Write(ReadOnlySpan<float> samples, int rate, int channels, Span<float> destination) => WriteAny(samples, rate, channels, destination);

    /// <summary>Writes a prepared recording into a tensor of 16-bit floats.</summary>
    /// <param name="samples">The samples, −1 to 1: for each point in time one of each channel. A model with chunks gets one chunk without context.</param>
    /// <param name="rate">The sample rate of the recording in hertz, 1 to 384 000.</param>
    /// <param name="channels">The number of channels, which are averaged.</param>
    /// <param name="destination">The elements of the tensor, exactly as many as <see cref="Size"/> says.</param>
    /// <exception cref="ArgumentException">
    /// The recording is empty, shorter than one frame, or longer than one chunk; it does not have one sample of each channel for each point in time; or
    /// <paramref name="destination"/> does not have the length of the tensor.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate or the number of channels is out of range.</exception>
    public void Write(ReadOnlySpan<float> samples, int rate, int channels, Span<Half> destination) => WriteAny(samples, rate, channels, destination);

    /// <summary>Throws an exception if a sample rate is out of range.</summary>
    internal static void RequireRate(int rate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rate, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rate, AudioDescription.MaxRate);
    }

    /// <summary>Throws an exception if samples do not have one element of each channel for each point in time.</summary>
    internal static void RequireChannels(ReadOnlySpan<float> samples, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        if (samples.Length % channels != 0)
            throw new ArgumentException($"{samples.Length} samples are not the samples of {channels} channels.", nameof(samples));
    }

    /// <summary>Gets the size of the tensor of one chunk.</summary>
    internal AudioSize ChunkSize => Size(1, Rate);

    /// <summary>Writes a chunk with its context to a tensor. Both have the sample rate of the model.</summary>
    internal void WriteChunk<T>(ReadOnlySpan<float> samples, Span<T> destination)
        where T : unmanaged
    {
        using var rented = new FloatBuffer(samples.Length);
        samples.CopyTo(rented.Span);
        SampleValues.Apply(_description, rented.Span);
        WriteSamples(rented.Span, destination);
    }

    private void WriteAny<T>(ReadOnlySpan<float> samples, int rate, int channels, Span<T> destination)
        where T : unmanaged
    {
        RequireChannels(samples, channels);
        if (samples.IsEmpty)
            throw new ArgumentException("The recording is empty: it has no samples.", nameof(samples));
        var count = samples.Length / channels;
        var size = Size(count, rate);
        RequireLength(size, destination.Length);
        var converted = RateFilter.Count(count, rate, Rate);
        using var rented = new FloatBuffer(_description.FixedSamples ?? (int)converted);
        var prepared = rented.Span;
        var start = ContextSamples;
        var valid = prepared.Slice(start, (int)Math.Min(converted, prepared.Length - start));
        RateConverter.Convert(Filter(rate), samples, channels, valid);
        prepared[..start].Clear();
        SampleValues.Apply(_description, valid);
        prepared[(start + valid.Length)..].Clear();
        WriteSamples(prepared, destination);
    }

    private void WriteSamples<T>(ReadOnlySpan<float> samples, Span<T> destination)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            WriteSamples(samples, MemoryMarshal.Cast<T, float>(destination));
            return;
        }

        using var rented = new FloatBuffer(destination.Length);
        WriteSamples(samples, rented.Span);
        TensorPrimitives.ConvertToHalf(rented.Span, MemoryMarshal.Cast<T, Half>(destination));
    }

    private void WriteSamples(ReadOnlySpan<float> samples, Span<float> destination)
    {
        if (_spectrum is null)
        {
            samples.CopyTo(destination);
            return;
        }

        var spectrum = _description.Spectrum!;
        var frames = destination.Length / spectrum.Bands;
        var features = new FeatureTensor(destination, Layout, spectrum.Bands, frames, Math.Min(spectrum.Frames(samples.Length), frames));
        _spectrum.Write(samples, features);
        FeatureValues.Apply(_description, features);
    }

    private static void RequireLength(AudioSize size, int length)
    {
        if (length != size.Elements)
            throw new ArgumentException($"The tensor has {size.Elements} elements ({size}); the destination has {length}.");
    }

    /// <summary>Gets the filter that converts recordings of a rate to the rate of the model; null if both are equal.</summary>
    internal RateFilter? Filter(int rate)
    {
        if (rate == Rate)
            return null;
        if (_filter is { } filter && filter.From == rate)
            return filter;
        return _filter = RateFilter.Create(rate, Rate);
    }
}
