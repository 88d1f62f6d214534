namespace ModelBuild.Cli.Tuning.Claims;

/// <summary>
/// Reads the clock that determines the times of the files of a folder. On a shared folder this is the clock of the file server, from which local clocks may
/// differ.
/// </summary>
internal static class ServerClock
{
    /// <summary>Returns the present time in UTC by the time that a new file gets.</summary>
    /// <param name="folder">The folder.</param>
    public static DateTime Now(string folder)
    {
        var probe = Path.Combine(folder, $"clock.{Path.GetRandomFileName()}");
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
