using ModelBuild.Compression.Files;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>
/// A temporary folder beside the result. A candidate has its final name in this folder, so its references to external data are already correct. Moving a file
/// within one file system is atomic. Files that are not committed are deleted with the folder.
/// </summary>
internal sealed class OutputWorkspace : IDisposable
{
    private const int CopyBuffer = 1 << 20;

    private readonly string _outputPath;
    private readonly string _folder;
    private readonly bool _madeParent;

    private OutputWorkspace(string outputPath, string folder, bool madeParent)
    {
        (_outputPath, _folder, _madeParent) = (outputPath, folder, madeParent);
        ModelPath = Path.Combine(folder, Path.GetFileName(outputPath));
    }

    /// <summary>Creates the workspace folder, and removes the folders that processes which have ended did not remove.</summary>
    /// <param name="outputPath">The path of the result.</param>
    /// <exception cref="OnnxException">The path names a folder.</exception>
    public static OutputWorkspace Create(string outputPath)
    {
        var fullPath = Path.GetFullPath(outputPath);
        if (Directory.Exists(fullPath) || Path.EndsInDirectorySeparator(fullPath))
            throw new OnnxException(OnnxFault.NotAFile, "this is a folder, so name a file", outputPath);
        var parent = Path.GetDirectoryName(fullPath)!;
        var madeParent = !Directory.Exists(parent);
        Directory.CreateDirectory(parent);
        StaleFolders.Sweep(parent, ".modelbuild-*");
        var folder = Path.Combine(parent, $".modelbuild-{Path.GetRandomFileName()}");
        Directory.CreateDirectory(folder);
        return new OutputWorkspace(fullPath, folder, madeParent);
    }

    /// <summary>The file of the present candidate. A later candidate replaces it.</summary>
    public string ModelPath { get; }

    /// <summary>The files of the present candidate: the model and then its external data, or each stage and then its external data.</summary>
    public IReadOnlyList<string> Files =>
        [.. Directory.EnumerateFiles(_folder).OrderBy(file => file != ModelPath).ThenBy(file => file, StringComparer.Ordinal)];

    /// <summary>Returns the size in bytes of a model in the workspace, including its external data.</summary>
    public long Bytes(string model) =>
        Files.Where(file => file == model || file == model + OnnxModel.ExternalDataSuffix).Sum(file => new FileInfo(file).Length);

    /// <summary>Deletes the files of the present candidate.</summary>
    public void Clear()
    {
        foreach (var file in Directory.EnumerateFiles(_folder).ToArray())
            File.Delete(file);
    }

    /// <summary>Makes a copy of the file at <paramref name="path"/> the present candidate.</summary>
    public void CopyFrom(string path) => Copy(path, ModelPath);

    /// <summary>
    /// Copies only the bytes of a file, not its time and attributes. With the time of an older file, later build steps would treat the result as unchanged.
    /// With the attribute "read only", the next result could not replace the file.
    /// </summary>
    public static void Copy(string from, string to)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        using var target = new FileStream(to, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        source.CopyTo(target, CopyBuffer);
    }

    /// <summary>Moves the files of the present candidate to the output folder, where they replace existing files.</summary>
    public void Commit()
    {
        var target = Path.GetDirectoryName(_outputPath)!;
        // Files with external data are moved before the model, so that a model in the output folder always finds its weights.
        foreach (var file in Files.Reverse())
            File.Move(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
    }

    /// <summary>
    /// Moves the files as <see cref="Commit"/> does, but does not touch a file whose bytes are in place already. A new time would make the build steps that
    /// depend on it run again.
    /// </summary>
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
            // The folder cannot be deleted, because another process has created a file in it in the meantime. It stays.
        }
    }
}
