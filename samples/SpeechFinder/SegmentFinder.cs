namespace SpeechFinder;

/// <summary>
/// Finds segments of speech in a series of probabilities. A segment starts above one threshold and ends when the probability stays below another one for a
/// while.
/// </summary>
internal sealed class SegmentFinder
{
    private const float Begins = 0.5f;
    private const float Ends = 0.35f;
    private const double Silence = 0.3;

    private double? _start;
    private double? _quietSince;

    /// <summary>Adds the probability of the chunk that starts at a time in seconds, and returns the segment that has ended, if any.</summary>
    public IEnumerable<(double Start, double End)> Add(float probability, double time)
    {
        if (probability >= Begins)
            (_start, _quietSince) = (_start ?? time, null);
        else if (_start is not null && probability < Ends)
            _quietSince ??= time;
        return _quietSince is { } quiet && time - quiet >= Silence ? End(quiet) : [];
    }

    /// <summary>Ends the current segment, if any, and returns it.</summary>
    public IEnumerable<(double Start, double End)> End(double time)
    {
        (double, double)[] segment = _start is { } start ? [(start, _quietSince ?? time)] : [];
        (_start, _quietSince) = (null, null);
        return segment;
    }
}
