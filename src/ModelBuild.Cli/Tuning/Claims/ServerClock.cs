namespace ModelBuild.Cli.Tuning.Claims;

/// <summary>The clock that gives the files of a folder their times. On a shared folder it is that of the file server. Local clocks may differ.</summary>
internal static class ServerClock
{
    /// <summary>Returns the present time in UTC, as a new file has it.</summary>
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
