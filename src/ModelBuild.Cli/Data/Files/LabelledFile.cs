namespace ModelBuild.Cli.Data.Files;

/// <summary>Represents a picture or a recording with its class.</summary>
/// <param name="Path">The path of the file.</param>
/// <param name="Class">The index of the class of the file; -1 if it is unknown.</param>
internal sealed record LabelledFile(string Path, int Class);
