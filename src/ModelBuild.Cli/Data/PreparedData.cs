using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ModelBuild.Cli.Data.Files;
using ModelBuild.Cli.Data.Pictures;
using ModelBuild.Cli.Data.Sounds;
using ModelBuild.Cli.Data.Tables;
using ModelBuild.Cli.Data.Texts;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Descriptions;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using ModelBuild.Runtime;

namespace ModelBuild.Cli.Data;

/// <summary>
/// Converts files that are not arrays, such as photographs, to archives of the model's inputs, as the descriptions of the model specify. Every step of the
/// program reads these archives, so that calibration, training and verification use the same inputs as the generated class.
/// </summary>
/// <param name="path">The path of the model.</param>
/// <param name="model">The model.</param>
/// <param name="described">The descriptions of its inputs.</param>
/// <param name="labels">The names of the classes; empty if there are none.</param>
/// <param name="folder">The folder of the archives.</param>
internal sealed class PreparedData(string path, OnnxModel model, DescribedModel described, IReadOnlyList<string> labels, string folder)
{
    private readonly ModelSignature _signature = SignatureReader.Read(model);
    private readonly ClassNames _classes = new(labels);
    private readonly List<string> _sources = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _pictures = new(StringComparer.Ordinal);

    /// <summary>Gets the states that the project names; null to find them by name.</summary>
    public string? States { get; init; }

    /// <summary>Gets the files that tables name, on which the archives depend in addition to the given files and the files that describe the model.</summary>
    public IReadOnlyList<string> Sources => _sources;

    /// <summary>Gets the pictures of each archive that <see cref="Prepare"/> returned, one for each row, by the path of the archive.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Pictures => _pictures;

    /// <summary>Returns the files of a setting, in which archives replace the files that are not arrays.</summary>
    /// <param name="files">The files of one setting.</param>
    /// <param name="cancellationToken">A token that stops the work.</param>
    /// <exception cref="CompressionException">MB1019: the model has no description for the files, or a file cannot be read.</exception>
    public IReadOnlyList<string> Prepare(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var prepared = files.Where(file => DataKinds.Of(file) == DataKind.Arrays).ToList();
        foreach (var kind in files.GroupBy(DataKinds.Of).Where(kind => kind.Key != DataKind.Arrays))
            prepared.AddRange(Archives(Group(kind.Key, [.. kind]), cancellationToken));
        return prepared;
    }

    /// <summary>Writes archives from files that are not arrays.</summary>
    /// <param name="files">The files.</param>
    /// <param name="output">The path of the first archive.</param>
    /// <param name="cancellationToken">A token that stops the work.</param>
    /// <returns>The number of rows, and the paths of the archives.</returns>
    /// <exception cref="CompressionException">MB1019: the model has no description for the files, or a file cannot be read.</exception>
    public (int Rows, IReadOnlyList<string> Archives) Write(IReadOnlyList<string> files, string output, CancellationToken cancellationToken)
    {
        var kinds = files.GroupBy(DataKinds.Of).ToList();
        if (kinds is not [{ Key: not DataKind.Arrays } kind])
            throw new CompressionException(
                Codes.CalibrationData,
                $"An archive has files of one kind, and these are {string.Join(" and ", kinds.Select(kind => DataKinds.Name(kind.Key)))}."
            );
        var rows = Write(Group(kind.Key, files), output, cancellationToken);
        return (rows, ArchiveSet.Existing(output));
    }

    private IReadOnlyList<string> Archives(DataGroup group, CancellationToken cancellationToken)
    {
        var first = Path.Combine(folder, $"{DataKinds.Name(group.Kind)}-{Key(group)}.npz");
        if (!File.Exists(first))
            Write(group, first, cancellationToken);
        if (group.Kind == DataKind.Pictures)
            _pictures[first] = [.. group.Files.Select(file => file.Path)];
        return ArchiveSet.Existing(first);
    }

    private int Write(DataGroup group, string output, CancellationToken cancellationToken)
    {
        using var archives = new ArchiveSet(output);
        var rows = group.Kind switch
        {
            DataKind.Pictures => new PictureArchive(_signature, Description(ItemMetadata.Image, group)).Write(group.Files, archives, cancellationToken),
            DataKind.Sounds => WriteSounds(group, archives, cancellationToken),
            _ => new TextArchive(model, _signature, described.Vocabulary).Write(group.Texts, group.Classes, archives, cancellationToken),
        };
        archives.Complete();
        return rows;
    }

    private int WriteSounds(DataGroup group, ArchiveSet archives, CancellationToken cancellationToken)
    {
        var file = group.Files[0].Path;
        var input = SoundInput.Find(_signature, StateSource.Read(_signature, States), Description(ItemMetadata.Audio, group), file);
        if (input.Preparation.ChunkSamples == 0)
            return new SoundArchive(input).Write(group.Files, archives, cancellationToken);
        return group.HasGivenLabels
            ? throw DataFault.Of(file, "The model takes chunks of a recording, and a label belongs to the whole recording. Remove the labels.")
            : new SoundStreamArchive(path, input).Write(group.Files, archives, cancellationToken);
    }

    private DataGroup Group(DataKind kind, IReadOnlyList<string> files)
    {
        var group = kind switch
        {
            DataKind.Texts => DataGroup.OfTexts(TextLines.Read(files), _classes),
            DataKind.Tables => DataGroup.OfTable(DataTable.Read(files), _classes),
            _ => new DataGroup(kind, LabelledFiles.Of(files, _classes), [], null),
        };
        if (kind == DataKind.Tables)
            _sources.AddRange(group.Files.Select(file => file.Path));
        return group;
    }

    private string Description(ItemField field, DataGroup group) =>
        described.Of(field)?.Text
        ?? throw DataFault.Of(
            group.Files[0].Path,
            $"'{Path.GetFileName(group.Files[0].Path)}' is not an array, and the model has no description of its input: set {field.Name}, such as "
                + $"{field.Name}=\"{(field == ItemMetadata.Image ? "rgb resize(256) crop(224) scale(1/255)" : "rate(16000) mel(80, 400, 160) log")}\", "
                + "so that the program prepares the file as the class does."
        );

    // Returns the name of an archive. It depends on everything that determines the archive, so that an existing archive is never outdated.
    private string Key(DataGroup group)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // The versions of the code are part of the name, because another version can prepare the same files in another way.
        foreach (var part in new[] { typeof(PreparedData), typeof(ImagePreparation), typeof(DescribedModel) })
            Add(part.Module.ModuleVersionId.ToString());
        if (group.Kind == DataKind.Texts && IndexBounds.Find(model).TryGetValue(TextInputNames.Ids, out var bound))
            Add(bound.ToString(CultureInfo.InvariantCulture));
        Add($"{group.Kind} {_signature.Hash()} {States}");
        foreach (var description in described.Descriptions)
            Add($"{description.Name} {description.Text}");
        foreach (var label in labels)
            Add(label);
        foreach (var (file, label) in group.Files)
        {
            Add($"{file} {label}");
            AddContent(file);
        }

        foreach (var (text, label) in group.Texts.Select((text, i) => (text, group.Classes?[i])))
            Add($"{text.First.Length} {text.First} {text.Second?.Length} {text.Second} {label}");
        if (group.Kind == DataKind.Texts)
            foreach (var file in described.Tokenizer)
                AddContent(file.Path);
        // For sounds the weights are part of the name, because the states of a model depend on them.
        if (group.Kind == DataKind.Sounds)
            foreach (var file in model.ExternalFiles.Prepend(path))
                AddContent(file);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];

        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));

        void AddContent(string file)
        {
            using var stream = File.OpenRead(file);
            hash.AppendData(SHA256.HashData(stream));
        }
    }
}
