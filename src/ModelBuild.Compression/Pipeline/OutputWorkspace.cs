using ModelBuild.Compression.Files;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>
/// A temporary folder beside the result, in which a candidate has its final name, so that references to external data are right from the start.
/// Moving within one file system is atomic; whatever is not committed goes away with the folder.
/// </summary>
internal sealed class OutputWorkspace : IDisposable
{
    private const int CopyBuffer = 1 << 20;

    private readonly string _outputPath;
    private readonly string _folder;
    private readonly bool _madeParent;

    /// <exception cref="OnnxException">The path names a folder.</exception>
    public OutputWorkspace(string outputPath)
    {
        _outputPath = Path.GetFullPath(outputPath);
        if (Directory.Exists(_outputPath) || Path.EndsInDirectorySeparator(_outputPath))
            throw new OnnxException(OnnxFault.NotAFile, "this is a folder, so name a file", outputPath);
        var parent = Path.GetDirectoryName(_outputPath)!;
        _madeParent = !Directory.Exists(parent);
        Directory.CreateDirectory(parent);
        StaleFolders.Sweep(parent, ".modelbuild-*");
        _folder = Path.Combine(parent, $".modelbuild-{Path.GetRandomFileName()}");
        Directory.CreateDirectory(_folder);
        ModelPath = Path.Combine(_folder, Path.GetFileName(_outputPath));
    }

    /// <summary>Where a candidate is saved; a later one replaces it.</summary>
    public string ModelPath { get; }

    /// <summary>The files of the present candidate: the model and its external data, or its stages, each before its external data.</summary>
    public IReadOnlyList<string> Files =>
        [.. Directory.EnumerateFiles(_folder).OrderBy(file => file != ModelPath).ThenBy(file => file, StringComparer.Ordinal)];

    /// <summary>The size of a model in the workspace, its external data included.</summary>
    public long Bytes(string model) =>
        Files.Where(file => file == model || file == model + OnnxModel.ExternalDataSuffix).Sum(file => new FileInfo(file).Length);

    /// <summary>Forgets the present candidate.</summary>
    public void Clear()
    {
        foreach (var file in Directory.EnumerateFiles(_folder).ToArray())
            File.Delete(file);
    }

    /// <summary>Makes a copy of <paramref name="path"/> the candidate.</summary>
    public void CopyFrom(string path) => Copy(path, ModelPath);

    /// <summary>
    /// Copies a file's bytes only: with the time of an older file, what copies the result further would think it old as well,
    /// and with its attributes the next result could not take its place.
    /// </summary>
    public static void Copy(string from, string to)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        using var target = new FileStream(to, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        source.CopyTo(target, CopyBuffer);
    }

    /// <summary>Puts the present candidate in place of whatever was there.</summary>
    public void Commit()
    {
        var target = Path.GetDirectoryName(_outputPath)!;
        // External data first: a model that is there finds its weights.
        foreach (var file in Files.Reverse())
            File.Move(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
    }

    /// <summary>Like <see cref="Commit"/>, but leaves a file alone whose bytes are in place already: its time would make what depends on it stale.</summary>
    public void CommitChanges()
    {
        var target = Path.GetDirectoryName(_outputPath)!;
        foreach (var file in Files.Reverse())
        {
            var final = new FileInfo(Path.Combine(target, Path.GetFileName(file)));
            if (!final.Exists || final.Length != new FileInfo(file).Length || ContentHash.Of(final.FullName) != ContentHash.Of(file))
                File.Move(file, final.FullName, overwrite: true);
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
        if (_madeParent)
            TryDeleteEmpty(Path.GetDirectoryName(_outputPath)!);
    }

    private static void TryDeleteEmpty(string folder)
    {
        try
        {
            if (!Directory.EnumerateFileSystemEntries(folder).Any())
                Directory.Delete(folder);
        }
        catch (IOException)
        {
            // Somebody else has put something into it meanwhile.
        }
    }
}
