using System.Security.Cryptography;
using System.Text;
using ModelBuild.Compression.Descriptions;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;

namespace ModelBuild.Cli.Data;

/// <summary>
/// Turns files that are not arrays, such as photographs, into an archive of the model's inputs, as the description of the model says. Every step of the program
/// reads that archive, so that calibration, training and verification get what the class gives the model.
/// </summary>
/// <param name="signature">The signature of the model.</param>
/// <param name="described">The descriptions of its inputs.</param>
/// <param name="labels">The names of the classes; empty if there are none.</param>
/// <param name="folder">The folder of the archives.</param>
internal sealed class PreparedData(ModelSignature signature, DescribedModel described, IReadOnlyList<string> labels, string folder)
{
    private readonly Dictionary<string, IReadOnlyList<string>> _sources = new(StringComparer.Ordinal);

    /// <summary>The files behind each archive that <see cref="Prepare"/> returned, one for each row, by the path of the archive.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Sources => _sources;

    /// <summary>Returns the files with each group of other files replaced by an archive.</summary>
    /// <param name="files">The files of one setting.</param>
    /// <param name="cancellationToken">A token that stops the work.</param>
    /// <exception cref="CompressionException">MB1019: the model has no description for the files, or a file cannot be read.</exception>
    public IReadOnlyList<string> Prepare(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var prepared = files.Where(file => DataKinds.Of(file) == DataKind.Arrays).ToList();
        foreach (var kind in files.GroupBy(DataKinds.Of).Where(kind => kind.Key != DataKind.Arrays))
            prepared.Add(Archive(kind.Key, [.. kind], cancellationToken));
        return prepared;
    }

    /// <summary>Writes one archive of files that are not arrays.</summary>
    /// <param name="files">The files.</param>
    /// <param name="path">The path of the archive.</param>
    /// <param name="cancellationToken">A token that stops the work.</param>
    /// <returns>The number of rows.</returns>
    /// <exception cref="CompressionException">MB1019: the model has no description for the files, or a file cannot be read.</exception>
    public int Write(IReadOnlyList<string> files, string path, CancellationToken cancellationToken)
    {
        var kinds = files.GroupBy(DataKinds.Of).ToList();
        return kinds is [{ Key: not DataKind.Arrays } kind]
            ? WriteWhole(kind.Key, files, path, cancellationToken)
            : throw new CompressionException(
                Codes.CalibrationData,
                $"An archive has files of one kind, and these are {string.Join(" and ", kinds.Select(kind => DataKinds.Name(kind.Key)))}."
            );
    }

    private string Archive(DataKind kind, string[] files, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, $"{DataKinds.Name(kind)}-{Key(kind, files)}.npz");
        _sources[path] = files;
        if (File.Exists(path))
            return path;
        Directory.CreateDirectory(folder);
        WriteWhole(kind, files, path, cancellationToken);
        return path;
    }

    // The archive appears when it is complete, so that an error leaves nothing.
    private int WriteWhole(DataKind kind, IReadOnlyList<string> files, string path, CancellationToken cancellationToken)
    {
        var temporary = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            var rows = Write(kind, files, temporary, cancellationToken);
            File.Move(temporary, path, overwrite: true);
            return rows;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private int Write(DataKind kind, IReadOnlyList<string> files, string path, CancellationToken cancellationToken)
    {
        var labelled = LabelledFiles.Of(files, labels);
        return kind switch
        {
            DataKind.Pictures => new PictureArchive(signature, Description(ItemMetadata.Image, files)).Write(labelled, path, cancellationToken),
            _ => throw new CompressionException(Codes.CalibrationData, $"{DataFolder.Remedy(Path.GetExtension(files[0]))}.", files[0]),
        };
    }

    private string Description(ItemField field, IReadOnlyList<string> files) =>
        described.Of(field)?.Text
        ?? throw new CompressionException(
            Codes.CalibrationData,
            $"'{Path.GetFileName(files[0])}' is not an array, and the model has no description of its input: set {field.Name}, such as "
                + $"{field.Name}=\"rgb resize(256) crop(224) scale(1/255)\", so that the program prepares the file as the class does.",
            files[0]
        );

    // The name has everything that the archive depends on, so that an archive is never stale.
    private string Key(DataKind kind, string[] files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add($"{typeof(PreparedData).Assembly.GetName().Version} {kind} {signature.Hash()}");
        foreach (var description in described.Descriptions)
            Add($"{description.Name} {description.Text}");
        foreach (var label in labels)
            Add(label);
        foreach (var file in files)
        {
            Add(file);
            using var stream = File.OpenRead(file);
            hash.AppendData(SHA256.HashData(stream));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];

        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
    }
}
