using System.Diagnostics;

namespace ModelBuild.Cli.Tuning.Claims;

/// <summary>
/// Determines the present time by the clock that gives the files of a folder their times. On a shared folder this is the clock of the file server, from which
/// local clocks may differ.
/// </summary>
/// <param name="folder">The path of the folder.</param>
internal sealed class ServerClock(string folder)
{
    // The time for which the last time of the server is extrapolated with the local clock, so that a waiting worker does not create a file at each check.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private DateTime _read;
    private long _readAt;

    /// <summary>Gets the present time in UTC.</summary>
    public DateTime Now
    {
        get
        {
            if (_read == default || Stopwatch.GetElapsedTime(_readAt) > Interval)
                (_read, _readAt) = (Read(), Stopwatch.GetTimestamp());
            return _read + Stopwatch.GetElapsedTime(_readAt);
        }
    }

    // Returns the time that a new file gets. The extension of the file differs from that of a claim, which is a number.
    private DateTime Read()
    {
        var probe = Path.Combine(folder, $"{Path.GetRandomFileName()}.clock");
        File.WriteAllBytes(probe, [0]);
        try
        {
            return File.GetLastWriteTimeUtc(probe);
        }
        finally
        {
            File.Delete(probe);
        }
    }
}
