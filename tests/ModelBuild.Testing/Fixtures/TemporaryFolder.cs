namespace ModelBuild.Testing.Fixtures;

/// <summary>An empty folder of one test, which goes with it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>The absolute folder.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("modelbuild-test-").FullName;

    /// <summary>The path of a file in the folder; folders on the way are made.</summary>
    public string File(string name)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, ReadOnlySpan<byte> bytes)
    {
        var path = File(name);
        using var stream = System.IO.File.Create(path);
        stream.Write(bytes);
        return path;
    }

    /// <summary>Writes a file of text and returns its path.</summary>
    public string Write(string name, string text)
    {
        var path = File(name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Everything in the folder, at any depth, relative to it, hidden files too.</summary>
    public IEnumerable<string> Names() =>
        Directory
            .EnumerateFileSystemEntries(Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Select(path => System.IO.Path.GetRelativePath(Path, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    /// <summary>Removes the folder with all that is in it.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // Windows keeps mapped files until their views are collected.
        }
    }
}
