using ModelBuild.Compression.Files;

namespace ModelBuild.Compression.Training.TrainedFiles;

/// <summary>The name and the hash of a file that trained values depend on.</summary>
/// <param name="File">The name of the file without its folder, which is private to a machine.</param>
/// <param name="Sha256">The SHA-256 of the file, in lower-case hexadecimal.</param>
internal sealed record FileHash(string File, string Sha256)
{
    /// <summary>Returns the names and hashes of files.</summary>
    public static IReadOnlyList<FileHash> Of(IEnumerable<string> paths) =>
        [.. paths.Select(path => new FileHash(Path.GetFileName(path), ContentHash.Of(path)))];

    /// <summary>Returns the hash of a model: its file followed by its external data.</summary>
    public static FileHash OfModel(IReadOnlyList<string> files) => new(Path.GetFileName(files[0]), ContentHash.Of(files));

    /// <summary>Returns whether two lists have the same contents in the same order. Names of files are not compared.</summary>
    public static bool AreEqual(IReadOnlyList<FileHash> one, IReadOnlyList<FileHash> other) =>
        one.Select(file => file.Sha256).SequenceEqual(other.Select(file => file.Sha256), StringComparer.Ordinal);
}
