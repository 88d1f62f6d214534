namespace ModelBuild.Onnx;

/// <summary>Resolves all symbolic links in a path, including those of folders.</summary>
internal static class RealPath
{
    private const int MaxLinks = 40;

    /// <exception cref="IOException">The links form a cycle.</exception>
    public static string Of(string path)
    {
        var links = 0;
        var pending = new Stack<string>();
        var current = Enter(Path.GetFullPath(path), pending);
        while (pending.TryPop(out var name))
        {
            var next = Path.Combine(current, name);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                current = next;
                continue;
            }

            if (++links > MaxLinks)
                throw new IOException($"'{path}' contains a cycle of links.");
            current = Enter(Path.GetFullPath(target, current), pending);
        }

        return current;
    }

    private static string Enter(string path, Stack<string> pending)
    {
        var root = Path.GetPathRoot(path)!;
        var names = path[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        for (var i = names.Length - 1; i >= 0; i--)
            pending.Push(names[i]);
        return root;
    }
}
