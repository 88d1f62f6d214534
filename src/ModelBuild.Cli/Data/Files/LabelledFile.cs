namespace ModelBuild.Cli.Data.Files;

/// <summary>A picture or a recording.</summary>
/// <param name="Path">The path of the file.</param>
/// <param name="Class">The index of its class; -1 if it is unknown.</param>
internal sealed record LabelledFile(string Path, int Class);
