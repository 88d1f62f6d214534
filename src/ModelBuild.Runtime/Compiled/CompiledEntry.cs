using System.Globalization;
using System.Security.Cryptography;

namespace ModelBuild.Runtime.Compiled;

/// <summary>
/// A compiled model on disk: a folder with the model, the provider's binaries beside it, and a list of all with their hashes. It is
/// there whole or not at all, since it gets its name when it is finished.
/// </summary>
internal sealed class CompiledEntry(string folder)
{
    private const string Model = "model.onnx";
    private const string List = "files.txt";

    /// <summary>The compiled model.</summary>
    public string ModelPath => Path.Combine(folder, Model);

    /// <summary>Whether there is anything.</summary>
    public bool Exists => Directory.Exists(folder);

    /// <summary>Whether it is there, with every byte as it was written.</summary>
    public bool IsWhole => File.Exists(Path.Combine(folder, List)) && File.ReadAllText(Path.Combine(folder, List)) == Describe(folder);

    /// <summary>Makes the entry, unless somebody else has made it meanwhile.</summary>
    /// <param name="write">Writes the model to a path, and what goes with it into the same folder.</param>
    public void Make(Action<string> write)
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
            // Another process was faster, and its entry is as good.
        }
        finally
        {
            Remove(draft);
        }
    }

    /// <summary>Takes the entry away: it is damaged, or of no use here.</summary>
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
