namespace ModelBuild.Cli.Reports;

/// <summary>Describes files of data by one pattern, for receipts.</summary>
internal static class DataPattern
{
    /// <summary>Returns the path of one file, or a pattern of several files in one folder; null if there are none.</summary>
    /// <param name="files">The files.</param>
    /// <param name="folder">The folder that the pattern starts from, if the files are below it.</param>
    public static string? Of(IReadOnlyList<string> files, string folder)
    {
        string[] paths = [.. files.Select(file => Relative(Path.GetFullPath(file), Path.GetFullPath(folder.Length == 0 ? "." : folder)))];
        if (paths.Length < 2)
            return paths.FirstOrDefault();
        string[] folders = [.. paths.Select(path => path[..(path.LastIndexOf('/') + 1)]).Distinct(StringComparer.Ordinal)];
        string[] extensions = [.. paths.Select(Path.GetExtension).OfType<string>().Distinct(StringComparer.Ordinal)];
        var name = extensions.Length == 1 ? $"*{extensions[0]}" : "*";
        if (folders.Length == 1)
            return folders[0] + name;
        var shared = folders.Aggregate((common, next) => common[..common.Zip(next).TakeWhile(pair => pair.First == pair.Second).Count()]);
        return $"{shared[..(shared.LastIndexOf('/') + 1)]}**/{name}";
    }

    private static string Relative(string path, string folder)
    {
        var relative = Path.GetRelativePath(folder, path);
        return (relative.StartsWith("..", StringComparison.Ordinal) ? path : relative).Replace('\\', '/');
    }
}
