namespace ModelBuild.Tasks.Items;

/// <summary>Resolves the paths of a project. The current directory is not used, because with <c>-mt</c> it can belong to another project.</summary>
internal static class Paths
{
    /// <summary>Returns the absolute path for a path that is relative to a folder and has slashes of either kind.</summary>
    public static string Absolute(string folder, string path)
    {
        path = path.Trim();
        if (Path.DirectorySeparatorChar == '/' && path.IndexOf('\\') >= 0 && !File.Exists(Path.Combine(folder, path)))
            path = path.Replace('\\', '/');
        return Path.GetFullPath(Path.Combine(folder, path));
    }

    /// <summary>Returns the path from a folder to a file with forward slashes, or the file name if the file is on another drive.</summary>
    public static string Relative(string folder, string path)
    {
        var comparison = Path.DirectorySeparatorChar == '\\' ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        var from = Split(folder);
        var to = Split(path);
        if (!string.Equals(from[0], to[0], comparison))
            return Path.GetFileName(path);

        var common = 0;
        while (common < from.Length && common < to.Length - 1 && string.Equals(from[common], to[common], comparison))
            common++;
        return string.Join("/", Enumerable.Repeat("..", from.Length - common).Concat(to.Skip(common)));
    }

    /// <summary>Returns whether a file is in a folder or below it.</summary>
    public static bool IsInside(string folder, string path)
    {
        var relative = Relative(folder, path);
        return relative != ".." && !relative.StartsWith("../", StringComparison.Ordinal) && Split(folder)[0] == Split(path)[0];
    }

    private static string[] Split(string path) => Path.GetFullPath(path).TrimEnd(Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar);
}
