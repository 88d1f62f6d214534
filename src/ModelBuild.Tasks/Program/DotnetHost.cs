using System.Runtime.InteropServices;

namespace ModelBuild.Tasks.Program;

/// <summary>Finds the <c>dotnet</c> that runs the program. This is the <c>dotnet</c> that runs the build, if that can be determined.</summary>
internal static class DotnetHost
{
    /// <summary>Returns the absolute path of the host; null if there is none.</summary>
    /// <param name="candidates">The candidate files or folders in the order of preference, separated by semicolons; empty entries are skipped.</param>
    /// <param name="searchPath">The value of PATH to search if no candidate exists, which MSBuild on .NET Framework may need.</param>
    public static string? Find(string candidates, string? searchPath)
    {
        var name = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "dotnet.exe" : "dotnet";
        return candidates
            .Split(';')
            .Concat((searchPath ?? "").Split(Path.PathSeparator))
            .Select(candidate => candidate.Trim().Trim('"'))
            .Where(candidate => candidate.Length > 0 && candidate.IndexOfAny(Path.GetInvalidPathChars()) < 0 && Path.IsPathRooted(candidate))
            .Select(candidate => Directory.Exists(candidate) ? Path.Combine(candidate, name) : candidate)
            .FirstOrDefault(File.Exists);
    }
}
