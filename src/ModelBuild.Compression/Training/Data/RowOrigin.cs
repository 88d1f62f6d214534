namespace ModelBuild.Compression.Training.Data;

/// <summary>The place of a row in the data: its file and its number.</summary>
/// <param name="File">The name of the file without its folder, which is private to a machine; null for rows that come from no file.</param>
/// <param name="Row">The position of the row in the file, or among all rows, from 0.</param>
internal readonly record struct RowOrigin(string? File, long Row);
