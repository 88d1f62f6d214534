using Microsoft.Extensions.FileSystemGlobbing;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Commands;

/// <summary>Expands globs (<c>*</c> within a name, <c>**</c> across folders) and folders of data into files in ordinal order.</summary>
internal static class FileGlobs
{
    /// <summary>Returns the files that patterns match.</summary>
    /// <param name="patterns">Files, folders and globs.</param>
    /// <param name="purpose">The purpose of the data in messages.</param>
    /// <exception cref="CompressionException">MB1019: a pattern matches nothing, or a folder holds no data.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> patterns, string purpose = "calibration")
    {
        var files = new List<string>();
        foreach (var pattern in patterns)
        {
            var found = Match(pattern);
            if (found.Length == 0 && Directory.Exists(pattern))
                throw new CompressionException(Codes.CalibrationData, $"The {purpose} data cannot be used: {DataFolder.Needed(pattern)}.", pattern);
            if (found.Length == 0)
                throw new CompressionException(Codes.CalibrationData, $"'{pattern}' matches no file (from {Directory.GetCurrentDirectory()}).", pattern);
            files.AddRange(found.Order(StringComparer.Ordinal));
        }

        return [.. files.Distinct(StringComparer.Ordinal)];
    }

    private static string[] Match(string pattern)
    {
        if (File.Exists(pattern))
            return [Path.GetFullPath(pattern)];
        if (Directory.Exists(pattern))
            return [.. DataFolder.Files(Path.GetFullPath(pattern))];
        var parts = Path.GetFullPath(pattern).Split(Path.DirectorySeparatorChar);
        var firstWild = Array.FindIndex(parts, part => part.Contains('*', StringComparison.Ordinal));
        if (firstWild < 0)
            return [];
        var root = string.Join(Path.DirectorySeparatorChar, parts[..firstWild]) + Path.DirectorySeparatorChar;
        return [.. new Matcher(StringComparison.Ordinal).AddInclude(string.Join('/', parts[firstWild..])).GetResultsInFullPath(root)];
    }
}
