using System.Globalization;
using System.Security.Cryptography;

namespace ModelBuild.Runtime.Compiled;

/// <summary>
/// Represents a compiled model on disk: a folder with the model, the binaries of the provider, and a list of the files with their hashes. The folder is
/// renamed to its final name when it is complete, so that an incomplete entry is never visible.
/// </summary>
internal sealed class CompiledEntry(string folder)
{
    private const string Model = "model.onnx";
    private const string List = "files.txt";

    /// <summary>Gets the path of the compiled model.</summary>
    public string ModelPath => Path.Combine(folder, Model);

    /// <summary>Gets whether the folder exists.</summary>
    public bool Exists => Directory.Exists(folder);

    /// <summary>Gets whether all files exist and have the hashes of the list.</summary>
    public bool IsComplete => File.Exists(Path.Combine(folder, List)) && File.ReadAllText(Path.Combine(folder, List)) == Describe(folder);

    /// <summary>Creates the entry, unless another process creates it at the same time.</summary>
    /// <param name="write">Writes the model to a path, and its other files to the same folder.</param>
    public void Create(Action<string> write)
    {
        var draft = Path.Combine(Path.GetDirectoryName(folder)!, Path.GetRandomFileName());
        Directory.CreateDirectory(draft);
        try
        {
            write(Path.Combine(draft, Model));
            File.WriteAllText(Path.Combine(draft, List), Describe(draft));
            Directory.Move(draft, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Renaming failed because another process has created the same entry, so that entry is used.
        }
        finally
        {
            Remove(draft);
        }
    }

    /// <summary>Deletes the entry, because it is damaged or cannot be loaded.</summary>
    public void Discard() => Remove(folder);

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private static string Describe(string folder) =>
        string.Concat(
            Directory
                .EnumerateFiles(folder)
                .Where(file => Path.GetFileName(file) != List)
                .Order(StringComparer.Ordinal)
                .Select(file =>
                {
                    using var stream = File.OpenRead(file);
                    return string.Create(CultureInfo.InvariantCulture, $"{HexText.Of(SHA256.HashData(stream))} {Path.GetFileName(file)}\n");
                })
        );
}
