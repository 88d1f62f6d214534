using System.Diagnostics;

namespace ModelBuild.Cli.Tuning.Claims;

/// <summary>
/// Determines the present time by the clock that gives the files of a folder their times. On a shared folder this is the clock of the file server, from which
/// local clocks may differ.
/// </summary>
/// <param name="folder">The path of the folder.</param>
internal sealed class ServerClock(string folder)
{
    private const string Prefix = "clock.";

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

    /// <summary>Returns whether a file was created to read the clock.</summary>
    /// <param name="file">The path of the file.</param>
    public static bool Owns(string file) => Path.GetFileName(file).StartsWith(Prefix, StringComparison.Ordinal);

    // Returns the time that a new file gets.
    private DateTime Read()
    {
        var probe = Path.Combine(folder, Prefix + Path.GetRandomFileName());
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
