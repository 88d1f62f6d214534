using ModelBuild.Compression.Descriptions;

namespace ModelBuild.Cli.Data;

/// <summary>Represents the data of a command, and the descriptions of its model.</summary>
/// <param name="Files">The files as arrays.</param>
/// <param name="Sources">The files from which each archive was prepared, one for each row, by the path of the archive.</param>
/// <param name="Described">The descriptions of the model.</param>
/// <param name="Labels">The names of the classes; empty if they are unknown.</param>
internal sealed record ModelData(
    IReadOnlyList<string> Files,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Sources,
    DescribedModel Described,
    IReadOnlyList<string> Labels
);
