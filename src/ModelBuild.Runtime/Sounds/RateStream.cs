namespace ModelBuild.Runtime.Sounds;

/// <summary>
/// Converts a stream of samples to one channel with another sample rate. The result equals that of <see cref="RateConverter"/>, but is computed part by part.
/// </summary>
internal sealed class RateStream
{
    private const int Room = 4096;

    private readonly RateFilter _filter;
    private readonly int _channels;
    private readonly float[] _samples;
    private int _count;
    private int _start;
    private int _place;
    private long _taken;
    private long _given;

    /// <summary>Initializes a new instance of the <see cref="RateStream"/> class.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="channels">The number of channels.</param>
    public RateStream(RateFilter filter, int channels)
    {
        (_filter, _channels) = (filter, channels);
        _samples = new float[filter.Taps + Room];
        Reset();
    }

    /// <summary>Removes all samples and begins a new stream.</summary>
    public void Reset()
    {
        // The samples that the filter needs before the start of the stream are zeros.
        _samples.AsSpan(0, _filter.Half - 1).Clear();
        (_count, _start, _place, _taken, _given) = (_filter.Half - 1, 0, 0, 0, 0);
    }

    /// <summary>Converts samples until no sample is left or the span of the results is full.</summary>
    /// <param name="samples">The samples: for each point in time one of each channel. Those that were taken are removed.</param>
    /// <param name="converted">The span for new samples.</param>
    /// <returns>The number of new samples.</returns>
    public int Convert(ref ReadOnlySpan<float> samples, Span<float> converted)
    {
        var written = 0;
        while (true)
        {
            written += Produce(converted[written..]);
            if (written == converted.Length || samples.IsEmpty)
                return written;
            MakeRoom();
            var taken = Math.Min(samples.Length / _channels, _samples.Length - _count);
            SampleMixer.Mix(samples, _channels, _samples.AsSpan(_count, taken));
            samples = samples[(taken * _channels)..];
            (_count, _taken) = (_count + taken, _taken + taken);
        }
    }

    /// <summary>Writes the new samples at the end of the stream, which counts as followed by silence.</summary>
    /// <param name="converted">The span for new samples.</param>
    /// <returns>The number of new samples.</returns>
    public int Finish(Span<float> converted)
    {
        var left = RateFilter.Count(_taken, _filter.From, _filter.To) - _given;
        converted = converted[..(int)Math.Min(converted.Length, left)];
        var written = Produce(converted);
        while (written < converted.Length)
        {
            MakeRoom();
            _samples.AsSpan(_count).Clear();
            _count = _samples.Length;
            written += Produce(converted[written..]);
        }

        return written;
    }

    private int Produce(Span<float> converted)
    {
        var written = 0;
        for (; written < converted.Length && _start + _filter.Taps <= _count; written++)
        {
            converted[written] = _filter.Apply(_samples.AsSpan(_start, _filter.Taps), _place);
            _place += _filter.Down;
            _start += _place / _filter.Up;
            _place %= _filter.Up;
        }

        _given += written;
        return written;
    }

    // Removes the samples before the next window, which are no longer needed. With a much lower rate, the next window may start after all samples.
    private void MakeRoom()
    {
        var removed = Math.Min(_start, _count);
        _samples.AsSpan(removed, _count - removed).CopyTo(_samples);
        (_count, _start) = (_count - removed, _start - removed);
    }
}
