using ModelBuild.Cli.Data.Files;
using ModelBuild.Cli.Data.Tables;
using ModelBuild.Cli.Data.Texts;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Data;

/// <summary>Represents rows of one kind of data, which are written to one set of archives.</summary>
/// <param name="Kind">The kind: pictures, sounds or texts.</param>
/// <param name="Files">The pictures or sounds; empty for texts.</param>
/// <param name="Texts">The texts; empty for files.</param>
/// <param name="Classes">The indices of the classes of the texts; null if they are unknown.</param>
internal sealed record DataGroup(DataKind Kind, IReadOnlyList<LabelledFile> Files, IReadOnlyList<TextRow> Texts, int[]? Classes)
{
    /// <summary>
    /// Gets whether a table gives the files their labels. Otherwise the labels come from the names of folders, which may equal labels by chance.
    /// </summary>
    public bool HasGivenLabels { get; private init; }

    /// <summary>Creates a group of texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="classes">The classes.</param>
    /// <exception cref="CompressionException">MB1019: a label is not a class, or only some texts have one.</exception>
    public static DataGroup OfTexts(IReadOnlyList<TextRow> texts, ClassNames classes) =>
        new(DataKind.Texts, [], texts, classes.All([.. texts.Select(text => (text.Label, text.Place))]));

    /// <summary>Creates a group of the rows of tables.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="classes">The classes.</param>
    /// <exception cref="CompressionException">MB1019: a label is not a class, or only some rows have one.</exception>
    public static DataGroup OfTable(DataTable table, ClassNames classes)
    {
        if (table.Texts.Count > 0)
            return OfTexts(table.Texts, classes);
        var found = classes.All([.. table.Files.Select(file => (file.Label, file.Place))]);
        LabelledFile[] files = [.. table.Files.Select((file, i) => new LabelledFile(file.Path, found?[i] ?? -1))];
        return new DataGroup(DataKinds.Of(files[0].Path), files, [], null) { HasGivenLabels = found is not null };
    }
}
