namespace ModelBuild.Protocol;

/// <summary>Determines the kind of a data file by its extension.</summary>
internal static class DataKinds
{
    private static readonly Dictionary<string, DataKind> _kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        [".jpg"] = DataKind.Pictures,
        [".jpeg"] = DataKind.Pictures,
        [".png"] = DataKind.Pictures,
        [".webp"] = DataKind.Pictures,
        [".gif"] = DataKind.Pictures,
        [".bmp"] = DataKind.Pictures,
        [".wav"] = DataKind.Sounds,
        [".txt"] = DataKind.Texts,
        [".jsonl"] = DataKind.Texts,
        [".csv"] = DataKind.Tables,
    };

    /// <summary>Returns the kind of a file. A file with another extension counts as arrays, whose reader reports it.</summary>
    public static DataKind Of(string file) => _kinds.TryGetValue(Path.GetExtension(file), out var kind) ? kind : DataKind.Arrays;

    /// <summary>Returns the name of a kind in lower case, such as <c>pictures</c>.</summary>
    public static string Name(DataKind kind) => kind.ToString().ToLowerInvariant();
}
