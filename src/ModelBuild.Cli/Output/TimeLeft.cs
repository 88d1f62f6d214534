using ModelBuild.Compression.Work;

namespace ModelBuild.Cli.Output;

/// <summary>Estimates the time until a part of the work ends, from the share that is done and the time that it took.</summary>
internal sealed class TimeLeft
{
    private readonly Lock _lock = new();
    private (int Candidate, int Number, string Part) _part;
    private double? _firstShare;
    private TimeSpan _firstTime;

    /// <summary>
    /// Returns the estimated time until the part ends; null if the share that is done is not known, or no work was done since the first report of the part.
    /// </summary>
    /// <param name="place">The place of the work.</param>
    /// <param name="elapsed">The time since the work began.</param>
    public TimeSpan? Estimate(WorkPlace place, TimeSpan elapsed)
    {
        lock (_lock)
        {
            var part = (place.Candidate, place.Number, place.Part);
            if (part != _part || place.Done is null)
                (_part, _firstShare) = (part, null);
            if (place.Done is not { } done)
                return null;
            if (_firstShare is not { } first)
            {
                (_firstShare, _firstTime) = (done, elapsed);
                return null;
            }

            return done > first ? (elapsed - _firstTime) * ((1 - done) / (done - first)) : null;
        }
    }
}
