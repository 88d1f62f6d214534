namespace ModelBuild.Cli.Data.Files;

/// <summary>Represents the position of a row of data in a file.</summary>
/// <param name="File">The path of the file.</param>
/// <param name="Line">The number of the line, counted from 1.</param>
internal readonly record struct DataPlace(string File, int Line);
