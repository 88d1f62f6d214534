using System.Runtime.InteropServices;

namespace ModelBuild.Tasks.Program;

/// <summary>Finds the <c>dotnet</c> that runs the program: the one that runs the build, wherever that can be told.</summary>
internal static class DotnetHost
{
    /// <summary>The absolute path of the host, or null.</summary>
    /// <param name="candidates">Files or folders, the best first, separated by semicolons; empty ones are passed over.</param>
    /// <param name="searchPath">The PATH to look through when none of them is there, as MSBuild on .NET Framework may need.</param>
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
